// The call expression as the programmer wrote it, found in the source text from the line and column
// that the compiler recorded. Pure text; where it is not sure it answers nothing.
#pragma once

#include "tracer/model/place.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::locate {

// One source file, ready to be searched.
class SourceText {
 public:
  explicit SourceText(std::string text);

  struct Call {
    std::string text;          // as written, over all its lines; empty: no call was found there
    model::Span span;          // of the text; without one, the line and column that were asked for
    bool end_of_scope = false; // the column is at the brace that ends a block: destructors run
  };
  // The call at `line` and `column` (from 1; column in bytes, 0: unknown). `callee` is the short
  // name of the function that is called, empty: unknown; it tells calls on one line apart.
  [[nodiscard]] Call call_at(std::int32_t line, std::int32_t column, std::string_view callee) const;

 private:
  [[nodiscard]] model::Span span_of(std::size_t begin, std::size_t end) const;

  std::string text_;
  std::string mask_;
  std::vector<std::size_t> lines_; // where each begins
};

} // namespace socktale::locate
