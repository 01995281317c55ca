#include "reports/page_columns.hpp"

#include "tracer/base/text.hpp"

#include <algorithm>

namespace socktale::reports {
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::int32_t utf16_units(std::string_view line, std::size_t bytes) {
  line = line.substr(0, bytes);
  std::int32_t units = 0;
  while (!line.empty()) {
    const auto point = front_code_point(line);
    units += point && point->value > 0xffff ? 2 : 1;
    line.remove_prefix(point ? point->size : 1);
  }
  return units;
}

SourceLines::SourceLines(const Story& story) {
  for (const model::SourceFile* source : story.sources)
    lines_.insert_or_assign(source->file, lines_of(source->text));
}

const std::vector<std::string_view>* SourceLines::of(std::string_view file) const {
  const auto found = lines_.find(file);
  return found != lines_.end() ? &found->second : nullptr;
}

model::Span SourceLines::in_characters(const model::Place& place) const {
  constexpr std::int32_t widest = 4096; // a column beyond it helps nobody, and is not counted for
  const auto* lines = of(place.file);
  const auto column_in = [&](std::int32_t line, std::int32_t column) {
    const bool known = lines != nullptr && line > 0 &&
                       static_cast<std::size_t>(line) <= lines->size() && column > 0 &&
                       column <= widest;
    return known ? utf16_units((*lines)[static_cast<std::size_t>(line - 1)],
                               static_cast<std::size_t>(column - 1)) +
                       1
                 : 0;
  };
  model::Span span = place.span;
  span.column = column_in(span.line, span.column);
  span.end_column = column_in(span.end_line, span.end_column);
  return span;
}

} // namespace socktale::reports
