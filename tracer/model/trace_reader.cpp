#include "tracer/base/errors.hpp"
#include "tracer/base/text.hpp"
#include "tracer/model/json.hpp"
#include "tracer/model/trace_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <fcntl.h>

namespace socktale::model {
namespace {

constexpr std::size_t read_size = std::size_t{256} << 10;

// The lines of a file, one at a time, in no more memory than the longest of them needs.
class Lines {
 public:
  explicit Lines(const std::string& path)
      : name_(path == "-" ? "standard input" : printable(path)) {
    fd_ = UniqueFd(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                               : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd_) cannot_read(errno);
  }

  // The next line without its newline, good until the next call; nothing at the end of the file.
  std::optional<std::string_view> next() {
    ++number_;
    std::size_t searched = start_;
    for (;;) {
      const std::size_t newline = buffer_.find('\n', searched);
      if (std::min(newline, buffer_.size()) - start_ > max_trace_line)
        broken(fmt::format("is longer than {} MiB", max_trace_line >> 20));
      if (newline != std::string::npos) return take(newline - start_, 1);
      searched = buffer_.size() - start_; // as it will be when start_ is 0
      if (!read_more()) break;
    }
    whole_ = buffer_.empty();
    if (whole_) return std::nullopt;
    return take(buffer_.size(), 0);
  }

  // Whether the line had its newline.
  [[nodiscard]] bool whole() const { return whole_; }
  // The file's, for messages.
  [[nodiscard]] const std::string& name() const { return name_; }

  [[noreturn]] void broken(std::string_view what) const {
    throw UserError(
        Exit::bad_data,
        {tr("{file}, line {line}: {fault}"), {{"file", name_}, {"line", number_}, {"fault", what}}},
        tr("the file was changed or damaged; the lines above this one are intact"));
  }

 private:
  std::string_view take(std::size_t size, std::size_t newline) {
    const std::size_t begin = std::exchange(start_, start_ + size + newline);
    return std::string_view(buffer_).substr(begin, size);
  }

  // False at the end of the file. Drops the lines that were taken.
  bool read_more() {
    buffer_.erase(0, std::exchange(start_, 0));
    const std::size_t size = buffer_.size();
    buffer_.resize(size + read_size);
    ssize_t got = 0;
    do got = ::read(fd_.get(), buffer_.data() + size, read_size);
    while (got < 0 && errno == EINTR);
    if (got < 0) cannot_read(errno);
    buffer_.resize(size + static_cast<std::size_t>(got));
    return got > 0;
  }

  [[noreturn]] void cannot_read(int error) const {
    throw UserError(
        Exit::no_input,
        {tr("cannot read {path}: {why}"), {{"path", name_}, {"why", meaning_of_errno(error)}}},
        tr("give a trace file that socktale wrote"));
  }

  std::string name_;
  UniqueFd fd_;
  std::string buffer_;
  std::size_t start_ = 0; // of what was not taken yet
  std::size_t number_ = 0;
  bool whole_ = true;
};

Header read_header(Lines& lines) {
  const auto line = lines.next();
  auto header = header_from_line(line.value_or(""));
  if (!header)
    throw UserError(
        Exit::bad_data,
        {tr("{file}: {fault}"), {{"file", lines.name()}, {"fault", header.error().said()}}},
        tr("give a trace file that socktale wrote"));
  if (header->schema > Header::current_schema)
    throw UserError(
        Exit::newer_schema,
        {tr("{file} was written by a newer {tool} (schema {schema}; this one reads up to "
            "{known})"),
         {{"file", lines.name()},
          {"tool", printable(header->tool)},
          {"schema", header->schema},
          {"known", Header::current_schema}}},
        tr("update socktale to read it"));
  return std::move(*header);
}

} // namespace

Trace read_trace(const std::string& path) {
  Lines lines(path);
  Trace trace;
  trace.header = read_header(lines);
  while (const auto line = lines.next()) {
    auto event = event_from_line(*line);
    if (!event && !lines.whole()) break; // the writer was stopped inside this line
    if (!event) lines.broken(event.error().op);
    if (*event)
      trace.events.push_back(std::move(**event));
    else
      ++trace.unknown;
  }
  trace.cut = trace.events.empty() || !std::holds_alternative<End>(trace.events.back().body);
  return trace;
}

} // namespace socktale::model
