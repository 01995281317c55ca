#include "reports/source_listing.hpp"

#include "reports/markdown_text.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

constexpr std::size_t most_files = 50;
constexpr std::size_t most_lines = 300; // of one file
constexpr std::size_t most_bytes = 400; // of one line
constexpr std::size_t around = 8;       // lines before and after a call, in a longer file
constexpr std::size_t tab = 8;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(text.starts_with("\r\n") ? 2 : text.empty() ? 0 : 1);
  }
  return lines;
}

// A line with its tabs as blanks, safe to show and not too long.
std::string shown(std::string_view line) {
  const bool cut = line.size() > most_bytes;
  std::string blanks;
  for (const char c : line.substr(0, most_bytes)) {
    if (c == '\t')
      blanks.append(tab - blanks.size() % tab, ' ');
    else
      blanks += c;
  }
  return printable(blanks) + (cut ? " ..." : "");
}

std::size_t longest_run(std::string_view text, char of) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// The lines that a step of the file was made on.
std::set<std::size_t> marked_lines(const Story& story, const std::string& file) {
  std::set<std::size_t> lines;
  for (const Step& step : story.steps)
    if (is_user_code(step.place()) && step.place().file == file && step.place().span.line > 0)
      lines.insert(static_cast<std::size_t>(step.place().span.line));
  return lines;
}

bool near(const std::set<std::size_t>& marked, std::size_t line) {
  const auto next = marked.lower_bound(line > around ? line - around : 0);
  return next != marked.end() && *next <= line + around;
}

std::string listing(const std::vector<std::string_view>& lines,
                    const std::set<std::size_t>& marked) {
  const std::size_t width = fmt::to_string(lines.size()).size();
  std::string out;
  std::size_t written = 0;
  bool gap = false;
  for (std::size_t number = 1; number <= lines.size(); ++number) {
    if (written >= most_lines || (lines.size() > most_lines && !near(marked, number))) {
      gap = true;
      continue;
    }
    if (gap) out += fmt::format("  {:>{}}\n", "...", width + 2);
    gap = false;
    out += fmt::format("{} {:>{}}  {}\n", marked.contains(number) ? "▸" : " ", number, width,
                       shown(lines[number - 1]));
    ++written;
  }
  if (gap) out += fmt::format("  {:>{}}\n", "...", width + 2);
  return out;
}

std::string source_section(const Story& story, const model::SourceFile& source,
                           const Options& options) {
  const auto told = [&](const Phrase& text, const Words& words) {
    return md_text(say(options.language, {text, words}));
  };
  const auto label = story.file_labels.find(source.file);
  std::string out = fmt::format(
      "### {}\n\n", md_text(label == story.file_labels.end() ? source.file : label->second));
  const std::string file = md_code(source.file);
  if (source.changed)
    return out + file +
           told(tr(": its text is not shown, because the file was changed after the program began "
                   "or was built."),
                {}) +
           "\n\n";
  if (source.text.empty()) return out + file + told(tr(": its text was not kept."), {}) + "\n\n";
  out += file;
  if (source.cut)
    out += told(tr(", the first {shown} of {size} bytes"),
                {{"shown", source.text.size()}, {"size", source.size}});
  const std::string text = listing(lines_of(source.text), marked_lines(story, source.file));
  // A fence is closed by one that is at least as long (CommonMark 4.5).
  const std::string fence(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
  return out + fmt::format("\n\n{}text\n{}{}\n\n", fence, text, fence);
}

} // namespace

std::string markdown_sources(const Story& story, const Options& options) {
  if (story.sources.empty()) return {};
  const auto told = [&](const Said& said) { return md_text(say(options.language, said)); };
  std::string out = fmt::format(
      "## {}\n\n{}\n\n", told(tr("Sources")),
      told(tr("As they were when the programs ran; ▸ marks the lines whose calls reached "
              "the kernel.")));
  const std::size_t listed = std::min(most_files, story.sources.size());
  for (std::size_t i = 0; i < listed; ++i) out += source_section(story, *story.sources[i], options);
  if (listed < story.sources.size())
    out += told({tr("{count} further file is not listed.", "{count} further files are not listed.",
                    "count"),
                 {{"count", story.sources.size() - listed}}}) +
           "\n\n";
  return out;
}

} // namespace socktale::reports
