// Spans of source as a browser counts them. The record counts bytes of UTF-8; a string of
// JavaScript has units of UTF-16.
#pragma once

#include "reports/story.hpp"

#include <map>
#include <string_view>
#include <vector>

namespace socktale::reports {

// Without their line ends; a line end at the very end begins no further line.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

// Units of UTF-16 in the first `bytes` bytes of `line`. A byte that is no UTF-8 counts as one.
[[nodiscard]] std::int32_t utf16_units(std::string_view line, std::size_t bytes);

// The lines of the sources that a trace keeps. The story must outlive it.
class SourceLines {
 public:
  explicit SourceLines(const Story& story);
  // Nothing for a file whose text is not in the trace.
  [[nodiscard]] const std::vector<std::string_view>* of(std::string_view file) const;
  // The place's span with its columns in UTF-16, where the trace has the line; otherwise without.
  [[nodiscard]] model::Span in_characters(const model::Place& place) const;

 private:
  std::map<std::string_view, std::vector<std::string_view>> lines_;
};

} // namespace socktale::reports
