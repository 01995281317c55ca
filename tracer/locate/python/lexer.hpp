// Python's tokens as far as finding an operand needs them: names, numbers, strings, brackets and
// other marks, without comments and line ends. Never fails: odd input gives odd tokens.
#pragma once

#include <string_view>
#include <vector>

namespace socktale::locate::python {

struct Token {
  enum class Kind { name, number, string, bracket, mark };
  Kind kind;
  std::string_view text; // into the text that was given; a mark is one character
};

[[nodiscard]] std::vector<Token> tokens_of(std::string_view text);

// Words that cannot name anything (the soft ones can).
[[nodiscard]] bool is_keyword(std::string_view word);

} // namespace socktale::locate::python
