#include "tracer/locate/python/lexer.hpp"

#include <algorithm>
#include <array>

namespace socktale::locate::python {

namespace {

constexpr std::array<std::string_view, 32> keywords{
    "and",    "as",   "assert", "async",  "await",  "break",   "class",    "continue",
    "def",    "del",  "elif",   "else",   "except", "finally", "for",      "from",
    "global", "if",   "import", "in",     "is",     "lambda",  "nonlocal", "not",
    "or",     "pass", "raise",  "return", "try",    "while",   "with",     "yield"};

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

// The length of the string literal at the front of `text` (which begins with a quote): to its
// closing quote, or for a one-quoted one at most to the end of its line.
std::size_t string_size(std::string_view text) {
  const std::string_view quote =
      text.substr(0, text.starts_with(R"(""")") || text.starts_with("'''") ? 3 : 1);
  for (std::size_t i = quote.size(); i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i; // in raw strings, too, it keeps a quote from closing
    else if (text.substr(i).starts_with(quote))
      return i + quote.size();
    else if (text[i] == '\n' && quote.size() == 1)
      return i;
  }
  return text.size();
}

bool is_string_prefix(std::string_view word) {
  return word.size() <= 2 && word.find_first_not_of("rRbBuUfFtT") == std::string_view::npos;
}

} // namespace

bool is_keyword(std::string_view word) {
  return std::ranges::find(keywords, word) != keywords.end();
}

std::vector<Token> tokens_of(std::string_view text) {
  using enum Token::Kind;
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\\') {
      ++at;
      continue;
    }
    std::size_t size = 1;
    Token::Kind kind = mark;
    if (is_word(c)) {
      while (at + size < text.size() && is_word(text[at + size])) ++size;
      kind = c >= '0' && c <= '9' ? number : name;
      const bool quoted =
          at + size < text.size() && (text[at + size] == '"' || text[at + size] == '\'');
      if (quoted && is_string_prefix(text.substr(at, size))) {
        size += string_size(text.substr(at + size));
        kind = string;
      }
    } else if (c == '"' || c == '\'') {
      size = string_size(text.substr(at));
      kind = string;
    } else if (std::string_view("()[]{}").contains(c)) {
      kind = bracket;
    }
    tokens.push_back({kind, text.substr(at, size)});
    at += size;
  }
  return tokens;
}

} // namespace socktale::locate::python
