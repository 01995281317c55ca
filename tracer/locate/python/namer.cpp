#include "tracer/locate/python/namer.hpp"

#include "tracer/locate/python/expression.hpp"
#include "tracer/locate/python/linetable.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socktale::locate::python {

namespace {

constexpr std::string_view string_file = "<string>";

std::size_t indent_of(std::string_view line) { return line.find_first_not_of(" \t"); }

// 3.14 takes the common indentation off the text of -c before it compiles it.
std::string dedented(std::string_view text) {
  const auto lines = [&](auto&& each) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      each(text.substr(at, end - at));
      at = end + 1;
    }
  };
  std::optional<std::string_view> common;
  lines([&](std::string_view line) {
    const std::size_t indent = indent_of(line);
    if (indent == std::string_view::npos) return;
    if (!common) common = line.substr(0, indent);
    const auto [end, _] = std::ranges::mismatch(*common, line.substr(0, indent));
    common = common->substr(0, static_cast<std::size_t>(end - common->begin()));
  });
  std::string result;
  lines([&](std::string_view line) {
    const bool blank = indent_of(line) == std::string_view::npos;
    result.append(blank ? std::string_view() : line.substr(common->size())).push_back('\n');
  });
  return result;
}

} // namespace

Namer::Namer(const Process& process, Version version, Owners& owners)
    : process_(process), owners_(owners), files_(process) {
  if (const auto& text = process.command_text())
    command_ = std::make_shared<Source>(version.minor >= 14 ? dedented(*text) : *text);
}

// A relative name (3.8 has them for the script) counts from the directory at the time of the
// import; what is known is the one at the first look, so it is taken only if the file is there.
std::string Namer::file_of(const Code& code) const {
  if (code.file.empty() || code.file.front() == '/' || code.file.front() == '<') return code.file;
  std::string absolute = process_.working_directory() + "/" + code.file;
  return process_.open(absolute) ? absolute : code.file;
}

std::shared_ptr<const Source> Namer::source_of(const Code& code, const std::string& file,
                                               Depth depth) {
  if (file.starts_with("/")) return files_.get(file);
  if (file != string_file || command_ == nullptr) return nullptr;
  const bool own =
      code.short_name == "<module>" ? depth == Depth::outermost : begins_in(*command_, code);
  return own ? command_ : nullptr;
}

model::Frame Namer::frame_of(const FrameRef& ref, Depth depth) {
  const Code& code = *ref.code;
  model::Frame frame;
  frame.language = model::Language::python;
  frame.file = file_of(code);
  frame.owner = owners_.of(frame.file);
  frame.function = code.name;
  frame.span = position_of(code.format, code.table, code.first_line, ref.instruction);
  const auto source = source_of(code, frame.file, depth);
  if (source == nullptr) return frame;
  if (code.format != LineFormat::positions)
    frame.span = only_part(*source, frame.span.line);
  else if (frame.span.column != 0)
    frame.span = without_body(*source, with_receiver(*source, frame.span));
  frame.text = text_of(*source, frame.span);
  return frame;
}

std::vector<model::Frame> Namer::frames_of(const Sighting& sighting) {
  std::vector<model::Frame> frames;
  frames.reserve(sighting.frames.size());
  for (const FrameRef& ref : sighting.frames) {
    const bool last = frames.size() + 1 == sighting.frames.size() && sighting.complete;
    frames.push_back(frame_of(ref, last ? Depth::outermost : Depth::inner));
  }
  return frames;
}

bool begins_in(const Source& source, const Code& code) {
  const std::string_view line = source.line(code.first_line);
  const auto holds = [&](std::string_view text) {
    return line.find(text) != std::string_view::npos;
  };
  const std::string& name = code.short_name;
  if (line.substr(std::min(indent_of(line), line.size())).starts_with("@")) return true;
  if (name == "<lambda>") return holds("lambda");
  if (name.starts_with("<")) return holds("for ") || holds("(") || holds("[") || holds("{");
  return holds(fmt::format("def {}", name)) || holds(fmt::format("class {}", name));
}

} // namespace socktale::locate::python
