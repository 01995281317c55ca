#include "tracer/locate/code_scan.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace socktale::locate {
namespace {

constexpr std::size_t most_lines = 40; // of a call

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Words that stand before an expression but are no part of a call or declaration.
bool is_keyword(std::string_view word) {
  constexpr std::array words = {"return", "co_return", "co_await", "co_yield", "throw",  "else",
                                "if",     "while",     "for",      "do",       "switch", "case",
                                "and",    "or",        "not",      "goto",     "in",     "match",
                                "go",     "defer",     "await",    "unsafe",   "move",   "let",
                                "delete", "sizeof",    "range",    "try",      "catch"};
  return std::ranges::find(words, word) != words.end();
}

// What template arguments never hold.
bool ends_angles(char c) { return c == ';' || c == '{' || c == '}' || c == '=' || c == '|'; }

} // namespace

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

std::size_t CodeScan::skip_space(std::size_t i) const {
  while (is_space(at(i))) ++i;
  return i;
}

std::size_t CodeScan::skip_word(std::size_t i) const {
  while (is_word(at(i))) ++i;
  return i;
}

std::size_t CodeScan::back_over_space(std::size_t i) const {
  while (i > 0 && is_space(mask_[i - 1])) --i;
  return i;
}

std::size_t CodeScan::back_over_word(std::size_t i) const {
  while (i > 0 && is_word(mask_[i - 1])) --i;
  return i;
}

std::size_t CodeScan::past_closing(std::size_t open) const {
  std::string closers;
  std::size_t newlines = 0;
  const std::size_t limit = std::min(mask_.size(), open + longest_call);
  for (std::size_t i = open; i < limit; ++i) {
    const char c = mask_[i];
    if (c == '(') closers += ')';
    if (c == '[') closers += ']';
    if (c == '{') closers += '}';
    if (c == '\n' && ++newlines >= most_lines) return none;
    if (c != ')' && c != ']' && c != '}') continue;
    if (closers.empty() || closers.back() != c) return none;
    closers.pop_back();
    if (closers.empty()) return i + 1;
  }
  return none;
}

std::size_t CodeScan::opening(std::size_t close) const {
  std::string openers;
  const std::size_t limit = close > longest_call ? close - longest_call : 0;
  for (std::size_t i = close + 1; i-- > limit;) {
    const char c = mask_[i];
    if (c == ')') openers += '(';
    if (c == ']') openers += '[';
    if (c == '}') openers += '{';
    if (c != '(' && c != '[' && c != '{') continue;
    if (openers.empty() || openers.back() != c) return none;
    openers.pop_back();
    if (openers.empty()) return i;
  }
  return none;
}

std::size_t CodeScan::past_angles(std::size_t open) const {
  std::size_t depth = 0;
  for (std::size_t i = open; i < std::min(mask_.size(), open + longest_call); ++i) {
    if (mask_[i] == '<') ++depth;
    if (mask_[i] == '>' && --depth == 0) return i + 1;
    if (ends_angles(mask_[i])) return none;
  }
  return none;
}

std::size_t CodeScan::opening_angle(std::size_t close) const {
  std::size_t depth = 0;
  const std::size_t limit = close > longest_call ? close - longest_call : 0;
  for (std::size_t i = close + 1; i-- > limit;) {
    if (mask_[i] == '>') ++depth;
    if (mask_[i] == '<' && --depth == 0) return i;
    if (ends_angles(mask_[i])) return none;
  }
  return none;
}

std::size_t CodeScan::callee_begin(std::size_t end) const {
  std::size_t begin = back_over_space(end);
  const std::size_t limit = begin > longest_call ? begin - longest_call : 0;
  while (begin > limit) {
    const std::size_t part = part_begin(begin);
    if (part == none) return begin;
    begin = part;
    const std::size_t joint = back_over_joint(begin);
    if (joint == none) return begin;
    begin = joint;
  }
  return begin;
}

std::size_t CodeScan::back_over_joint(std::size_t i) const {
  const std::size_t end = back_over_space(i);
  const std::string_view two = end >= 2 ? text(end - 2, end) : std::string_view{};
  if (two == "::") { // at the front, as in ::send, there is nothing before it
    const char before = end >= 3 ? mask_[end - 3] : ' ';
    return is_word(before) || before == '>' ? end - 2 : none;
  }
  if (two == "->") return back_over_space(end - 2);
  return end >= 1 && mask_[end - 1] == '.' ? back_over_space(end - 1) : none;
}

std::size_t CodeScan::past_joint(std::size_t i) const {
  const std::size_t from = skip_space(at(i) == '?' ? i + 1 : i); // Rust: f()?.g()
  if (at(from) == '.') return skip_space(from + 1);
  const bool long_joint =
      (at(from) == '-' && at(from + 1) == '>') || (at(from) == ':' && at(from + 1) == ':');
  return long_joint ? skip_space(from + 2) : i;
}

std::size_t CodeScan::with_type(std::size_t begin) const {
  const std::size_t end = back_over_space(begin);
  if (end == begin || end == 0) return begin;
  const std::size_t type = callee_begin(end);
  return type == end || is_keyword(text(type, end)) ? begin : type;
}

std::string_view CodeScan::name_before(std::size_t end) const {
  if (end > 0 && at(end - 1) == '>')
    if (const std::size_t angle = opening_angle(end - 1); angle != none) end = angle;
  return text(back_over_word(end), end);
}

// One link of the chain: a name, or brackets with the name that they belong to. Without a name only
// the last brackets are part of it: in (int)(*f)(x) the first are a cast.
std::size_t CodeScan::part_begin(std::size_t end) const {
  constexpr int most_brackets = 8; // a[i][j]<T>
  std::size_t i = end;
  std::size_t last = none;
  for (int brackets = 0; brackets < most_brackets && i > 0; ++brackets) {
    const char c = mask_[i - 1];
    const bool arrow = c == '>' && i > 1 && mask_[i - 2] == '-';
    const std::size_t open = c == ')' || c == ']' ? opening(i - 1)
                             : c == '>' && !arrow ? opening_angle(i - 1)
                                                  : none;
    if (open == none) break;
    i = open;
    if (last == none) last = i;
  }
  const std::size_t name = back_over_word(i);
  if (name == i || is_keyword(text(name, i))) return last;
  const bool global = name >= 2 && text(name - 2, name) == "::" && back_over_joint(name) == none;
  if (global) return name - 2;
  return name > 0 && mask_[name - 1] == '~' ? name - 1 : name;
}

} // namespace socktale::locate
