#include "reports/python_tokens.hpp"

#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>

namespace socktale::reports {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::size_t most_brackets = 200; // as CPython's tokenizer allows
constexpr int most_nested_strings = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool in_name(char c) { return begins_name(c) || is_digit(c); }
bool is_quote(char c) { return c == '"' || c == '\''; }
bool ends_line(char c) { return c == '\n' || c == '\r'; }

// Statements begin with these, and nothing within brackets does.
constexpr std::array statement_words = {"assert", "break",  "class", "continue", "def",
                                        "del",    "global", "pass",  "raise",    "return",
                                        "import", "try",    "while", "with"};

// "1.5e-3", "0xff", "10j"; only what belongs to the number, as in 0xfor.
std::size_t number_end(std::string_view text, std::size_t at) {
  const auto skip = [&](auto in) {
    while (at < text.size() && (in(text[at]) || text[at] == '_')) ++at;
  };
  const auto is = [&](std::string_view any) {
    return at < text.size() && any.find(text[at]) != none;
  };
  if (text[at] == '0' && at + 1 < text.size() &&
      std::string_view("xXoObB").find(text[at + 1]) != none) {
    at += 2;
    skip([](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
    return at;
  }
  skip(is_digit);
  if (is(".")) {
    ++at;
    skip(is_digit);
  }
  if (is("eE")) {
    const std::size_t sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
    if (at + 1 + sign < text.size() && is_digit(text[at + 1 + sign])) {
      at += 1 + sign;
      skip(is_digit);
    }
  }
  if (is("jJ")) ++at;
  return at;
}

bool is_string_prefix(std::string_view name) {
  if (name.size() > 2) return false;
  std::string lower;
  for (const char c : name) lower += static_cast<char>(c | 0x20);
  constexpr std::array prefixes = {"r", "b", "u", "f", "t", "rb", "br", "fr", "rf", "rt", "tr"};
  return std::ranges::find(prefixes, lower) != prefixes.end();
}

std::optional<std::size_t> string_end(std::string_view text, std::size_t quote, bool format,
                                      bool raw, int depth);

// The expression of a replacement field, from after its '{' to after its '}'. Strings within may
// use the quotes of the string around (Python 3.12); what follows its ':' is text again.
std::optional<std::size_t> field_end(std::string_view text, std::size_t at, std::string_view quote,
                                     int depth) {
  std::size_t brackets = 0;
  bool spec = false;
  while (at < text.size()) {
    const char c = text[at];
    if (quote.size() == 1 && ends_line(c)) return std::nullopt;
    if (spec && text.substr(at).starts_with(quote)) return std::nullopt;
    if (!spec && is_quote(c)) {
      const auto end = string_end(text, at, false, false, depth + 1);
      if (!end) return std::nullopt;
      at = *end;
      continue;
    }
    ++at;
    if (spec && c == '{') {
      const auto end =
          depth < most_nested_strings ? field_end(text, at, quote, depth + 1) : std::nullopt;
      if (!end) return std::nullopt;
      at = *end;
    } else if (brackets == 0 && c == '}') {
      return at;
    } else if (spec) {
      continue;
    } else if (c == '(' || c == '[' || c == '{') {
      ++brackets;
    } else if ((c == ')' || c == ']' || c == '}') && brackets > 0) {
      --brackets;
    } else if (c == ':' && brackets == 0) {
      spec = true;
    }
  }
  return std::nullopt;
}

// One past the string whose opening quote is at `at`; nothing when it does not end.
std::optional<std::size_t> string_end(std::string_view text, std::size_t at, bool format, bool raw,
                                      int depth) {
  if (depth > most_nested_strings) return std::nullopt;
  const bool triple = at + 2 < text.size() && text[at + 1] == text[at] && text[at + 2] == text[at];
  const std::string_view quote = text.substr(at, triple ? 3 : 1);
  at += quote.size();
  while (at < text.size()) {
    if (text.substr(at).starts_with(quote)) return at + quote.size();
    const char c = text[at];
    if (c == '\\') { // even in a raw string the quote after it is text
      const bool pair = text.substr(at + 1).starts_with("\r\n");
      // \N{...} names a character
      const bool name = format && !raw && text.substr(at + 1).starts_with("N{");
      const bool field = format && text.substr(at + 1).starts_with('{');
      at += name || pair ? 3 : field ? 1 : 2;
    } else if (!triple && ends_line(c)) {
      return std::nullopt;
    } else if (format && c == '{') {
      const bool doubled = text.substr(at + 1).starts_with('{');
      const auto end = doubled ? std::optional(at + 2) : field_end(text, at + 1, quote, depth);
      if (!end) return std::nullopt;
      at = *end;
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

std::size_t mark_size(std::string_view rest) {
  constexpr std::array three = {"**=", "//=", ">>=", "<<=", "..."};
  constexpr std::array two = {"==", "!=", "<=", ">=", "->", ":=", "+=", "-=", "*=", "/=",
                              "%=", "&=", "|=", "^=", "@=", "**", "//", "<<", ">>"};
  const auto starts = [&](const char* mark) { return rest.starts_with(mark); };
  if (std::ranges::any_of(three, starts)) return 3;
  return std::ranges::any_of(two, starts) ? 2 : 1;
}

// PEP 263. Python counts columns after it has turned the file into UTF-8.
bool other_encoding(std::string_view line) {
  const std::size_t hash = line.find('#');
  const std::size_t at = hash == none ? none : line.find("coding", hash);
  if (at == none || at + 6 >= line.size() || (line[at + 6] != ':' && line[at + 6] != '='))
    return false;
  std::string lower;
  for (const char c : line.substr(at + 7, 40))
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  lower.erase(0, lower.find_first_not_of(" \t"));
  return !lower.starts_with("utf-8") && !lower.starts_with("utf8") && !lower.starts_with("utf_8") &&
         !lower.starts_with("ascii");
}

char opener_of(char closer) { return closer == ')' ? '(' : closer == ']' ? '[' : '{'; }

} // namespace

bool is_python_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 35> words = {
      "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
      "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
      "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
      "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
  return std::ranges::binary_search(words, word);
}

PySource::PySource(std::string_view text) : text_(text) {
  if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    const bool half = text_[i] == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n';
    if (ends_line(text_[i]) && !half) starts_.push_back(i + 1);
  }
  const auto line = [&](std::int32_t n) {
    return text_.substr(line_start(n), line_start(n + 1) - line_start(n));
  };
  if (!is_utf8(text_) || other_encoding(line(1)) || other_encoding(line(2)) || !scan())
    tokens_.clear();
  while (!tokens_.empty() && tokens_.back().kind != PyToken::Kind::line_end) tokens_.pop_back();
}

// False for what is no Python. A text that ends within a string or bracket may have been cut.
bool PySource::scan() {
  using Kind = PyToken::Kind;
  std::string open; // the brackets around
  bool line_begins = true;
  std::size_t at = 0;
  const auto add = [&](Kind kind, std::size_t end) {
    tokens_.push_back({kind, text_.substr(at, end - at), at});
    at = end;
    line_begins = false;
  };
  while (at < text_.size()) {
    const char c = text_[at];
    if (ends_line(c)) {
      const bool wanted = open.empty() && !tokens_.empty() && tokens_.back().kind != Kind::line_end;
      if (wanted)
        add(Kind::line_end, at + 1);
      else
        ++at;
      line_begins = true;
    } else if (c == ' ' || c == '\t' || c == '\f') {
      ++at;
    } else if (c == '#') {
      at = std::min(text_.find_first_of("\r\n", at), text_.size());
    } else if (c == '\\') {
      if (at + 1 >= text_.size()) return true;
      if (!ends_line(text_[at + 1])) return false;
      at += text_.substr(at + 1).starts_with("\r\n") ? 3 : 2;
    } else if (is_quote(c) || begins_name(c)) {
      std::size_t end = at;
      while (end < text_.size() && in_name(text_[end])) ++end;
      const std::string_view name = text_.substr(at, end - at);
      if (end < text_.size() && is_quote(text_[end]) && (name.empty() || is_string_prefix(name))) {
        const bool format = name.find_first_of("fFtT") != none;
        const bool raw = name.find_first_of("rR") != none;
        const auto past = string_end(text_, end, format, raw, 0);
        if (!past || *past > text_.size()) return true;
        add(Kind::string, *past);
      } else {
        if (line_begins && !open.empty() &&
            std::ranges::find(statement_words, name) != statement_words.end())
          return false;
        add(Kind::name, end);
      }
    } else if (is_digit(c) || (c == '.' && at + 1 < text_.size() && is_digit(text_[at + 1]))) {
      add(Kind::number, number_end(text_, at));
    } else {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
      if (c == '(' || c == '[' || c == '{') open += c;
      if (open.size() > most_brackets) return false;
      if (c == ')' || c == ']' || c == '}') {
        if (open.empty() || open.back() != opener_of(c)) return false;
        open.pop_back();
      }
      add(Kind::mark, at + mark_size(text_.substr(at)));
    }
  }
  // The last line of a whole text may have no line break.
  if (open.empty() && !tokens_.empty() && tokens_.back().kind != Kind::line_end)
    add(Kind::line_end, at);
  return true;
}

std::size_t PySource::line_of(std::size_t at) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(starts_, at) - starts_.begin());
}

model::Span PySource::span(std::size_t begin, std::size_t end) const {
  const std::size_t first = line_of(begin);
  const std::size_t last = line_of(end);
  return {static_cast<std::int32_t>(first),
          static_cast<std::int32_t>(begin - starts_[first - 1] + 1),
          static_cast<std::int32_t>(last), static_cast<std::int32_t>(end - starts_[last - 1] + 1)};
}

std::size_t PySource::line_start(std::int32_t line) const {
  if (line < 1) return text_.size();
  const auto index = static_cast<std::size_t>(line) - 1;
  return index < starts_.size() ? starts_[index] : text_.size();
}

std::size_t PySource::indent(std::size_t at) const {
  std::size_t column = 0;
  for (std::size_t i = starts_[line_of(at) - 1]; i < at; ++i) {
    if (text_[i] == '\t')
      column = (column / 8 + 1) * 8;
    else if (text_[i] == '\f')
      column = 0;
    else
      ++column;
  }
  return column;
}

} // namespace socktale::reports
