// Python source as tokens: names, numbers, strings, marks and the ends of logical lines. Knows the
// lexical rules only (The Python Language Reference, chapter 2), no grammar. Any bytes may come in.
#pragma once

#include "tracer/model/place.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace socktale::reports {

struct PyToken {
  enum class Kind { name, number, string, mark, line_end };
  Kind kind = Kind::mark;
  std::string_view text; // in the source; the line break of a line_end may be more than one byte
  std::size_t at = 0;    // offset in PySource::text()

  [[nodiscard]] bool is(std::string_view mark) const {
    return (kind == Kind::mark || kind == Kind::name) && text == mark;
  }
};

// A source text with its lines and tokens. `text` must outlive it.
class PySource {
 public:
  explicit PySource(std::string_view text);

  // Without a byte order mark.
  [[nodiscard]] std::string_view text() const { return text_; }
  // Up to the end of the last whole logical line: a text may be cut. Empty for what no Python
  // would compile, or whose columns cannot be told: not UTF-8, brackets that do not match.
  [[nodiscard]] const std::vector<PyToken>& tokens() const { return tokens_; }

  // From 1; columns in bytes.
  [[nodiscard]] model::Span span(std::size_t begin, std::size_t end) const;
  // Offset of the first byte of a line (from 1); the text's size when there is no such line.
  [[nodiscard]] std::size_t line_start(std::int32_t line) const;
  // Column of an offset with tabs to every eighth, as indentation is counted.
  [[nodiscard]] std::size_t indent(std::size_t at) const;

 private:
  [[nodiscard]] bool scan();
  [[nodiscard]] std::size_t line_of(std::size_t at) const;

  std::string_view text_;
  std::vector<std::size_t> starts_; // of each line
  std::vector<PyToken> tokens_;
};

// Words that cannot name anything (the soft ones can).
[[nodiscard]] bool is_python_keyword(std::string_view word);

} // namespace socktale::reports
