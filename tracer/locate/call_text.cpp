#include "tracer/locate/call_text.hpp"

#include "tracer/locate/code_mask.hpp"
#include "tracer/locate/code_scan.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace socktale::locate {
namespace {

constexpr auto none = CodeScan::none;

// Offsets of a call's text.
struct Found {
  std::size_t begin, end;
};

// A call whose parenthesis opens at `open`. C compilers also point at the callee's own, as in
// (*send_it)(fd), which the call's follow.
std::optional<Found> call_with_opening(const CodeScan& scan, std::size_t open) {
  const std::size_t end = scan.past_closing(open);
  const bool after_name = open > 0 && (is_word(scan.at(open - 1)) || scan.at(open - 1) == ']');
  if (end != none && !after_name && scan.at(end) == '(') {
    const std::size_t past = scan.past_closing(end);
    return past == none ? std::nullopt : std::optional(Found{open, past});
  }
  const std::size_t begin = scan.callee_begin(open);
  if (end == none || begin == scan.back_over_space(open)) return std::nullopt;
  const std::size_t before = scan.back_over_space(begin);
  const std::size_t word = scan.back_over_word(before);
  return Found{scan.text(word, before) == "new" ? word : begin, end};
}

// A call whose callee begins at `begin`, as clang and Rust point at it. In a chain a(x).b(y) both
// calls can be meant: the one that calls `callee` is, or else the first.
std::optional<Found> call_with_callee(const CodeScan& scan, std::size_t begin,
                                      std::string_view callee) {
  constexpr int most_links = 64;
  std::optional<Found> call;
  std::size_t i = begin + (scan.at(begin) == ':' ? 2 : 0);
  for (int links = 0; links < most_links; ++links) {
    const std::size_t name_end = scan.skip_word(scan.at(i) == '~' ? i + 1 : i);
    if (name_end == i && scan.at(i) != '<') break; // Rust: f::<T>(x)
    i = name_end;
    if (scan.at(i) == '<')
      if (const std::size_t past = scan.past_angles(i); past != none) i = past;
    while (scan.at(i) == '[') {
      const std::size_t past = scan.past_closing(i);
      if (past == none) break;
      i = past;
    }
    if (const std::size_t open = scan.skip_space(i); scan.at(open) == '(' || scan.at(open) == '{') {
      const std::size_t past = scan.past_closing(open);
      if (past == none) break;
      const bool meant = scan.name_before(i) == callee;
      if (!call || meant) call = Found{begin, past};
      if (meant) break;
      i = past;
    }
    const std::size_t next = scan.past_joint(i);
    if (next == i) break;
    i = next;
  }
  if (!call) return std::nullopt;
  // clang points at the method: its receiver stands before it.
  if (const std::size_t joint = scan.back_over_joint(begin); joint != none)
    call->begin = scan.callee_begin(joint);
  return call;
}

// g++ points at the last bracket of a declaration's arguments: Client c(host, port); and Point
// p{1};
std::optional<Found> call_with_closing(const CodeScan& scan, std::size_t close) {
  const std::size_t open = scan.opening(close);
  if (open == none) return std::nullopt;
  // A block ends in the same brace, but then it has statements, or no name is before it.
  if (scan.at(close) == '}' && scan.text(open, close).find(';') != none) return std::nullopt;
  const std::size_t begin = scan.callee_begin(open);
  if (begin == scan.back_over_space(open)) return std::nullopt;
  const std::size_t next = scan.skip_space(close + 1);
  constexpr std::string_view after_expression = ";,).]}+-*/<>=&|?:";
  if (scan.at(close) == '}' && after_expression.find(scan.at(next)) == none) return std::nullopt;
  return Found{scan.with_type(begin), close + 1};
}

// Without a column: the line's only call of `callee`.
std::optional<Found> only_call(const CodeScan& scan, std::size_t begin, std::size_t end,
                               std::string_view callee) {
  std::optional<Found> result;
  if (callee.empty()) return result;
  for (std::size_t i = begin; i < end; ++i) {
    if (!is_word(scan.at(i)) || (i > begin && is_word(scan.at(i - 1)))) continue;
    const std::size_t name_end = scan.skip_word(i);
    const std::size_t open = scan.skip_space(name_end);
    if (scan.text(i, name_end) != callee || scan.at(open) != '(') continue;
    if (result) return std::nullopt; // two of them: which one is not known
    result = call_with_opening(scan, open);
  }
  return result;
}

// g++ may record the outer call's place for the calls in its arguments: check(bind(fd, a, n)). What
// was called is known; where the text calls it just once, that is the call.
Found inner_call(const CodeScan& scan, const Found& outer, std::string_view callee) {
  const auto inner = only_call(scan, outer.begin, outer.end, callee);
  return inner && inner->end != outer.end ? *inner : outer;
}

} // namespace

SourceText::SourceText(std::string text) : text_(std::move(text)), mask_(mask_of(text_)) {
  lines_.push_back(0);
  for (std::size_t i = text_.find('\n'); i != std::string::npos; i = text_.find('\n', i + 1))
    lines_.push_back(i + 1);
}

model::Span SourceText::span_of(std::size_t begin, std::size_t end) const {
  const auto locate = [&](std::size_t offset) {
    const auto next = std::ranges::upper_bound(lines_, offset);
    const auto line = static_cast<std::size_t>(next - lines_.begin());
    return std::pair(static_cast<std::int32_t>(line),
                     static_cast<std::int32_t>(offset - lines_[line - 1] + 1));
  };
  const auto [line, column] = locate(begin);
  const auto [end_line, end_column] = locate(end - 1);
  return {line, column, end_line, end_column + 1};
}

SourceText::Call SourceText::call_at(std::int32_t line, std::int32_t column,
                                     std::string_view callee) const {
  Call call{{}, {line, column, 0, 0}, false};
  if (line < 1 || column < 0 || static_cast<std::size_t>(line) > lines_.size()) return call;
  const std::size_t begin = lines_[static_cast<std::size_t>(line) - 1];
  const std::size_t end = static_cast<std::size_t>(line) < lines_.size()
                              ? lines_[static_cast<std::size_t>(line)]
                              : text_.size();
  const CodeScan scan(mask_);
  std::optional<Found> found;
  if (column == 0) {
    found = only_call(scan, begin, std::min(end, begin + longest_call), callee);
  } else {
    const std::size_t at = begin + static_cast<std::size_t>(column) - 1;
    if (at >= end) return call;
    const char c = mask_[at];
    if (c == '(') found = call_with_opening(scan, at);
    if (c == '*' && at > begin && mask_[at - 1] == '(') found = call_with_opening(scan, at - 1);
    if (c == ')' || c == '}') found = call_with_closing(scan, at);
    if (is_word(c) || c == ':' || c == '~') found = call_with_callee(scan, at, callee);
    call.end_of_scope = c == '}' && !found;
    if (found) found = inner_call(scan, *found, callee);
  }
  if (!found || found->begin >= found->end || found->end - found->begin > longest_call) return call;
  call.text = text_.substr(found->begin, found->end - found->begin);
  call.span = span_of(found->begin, found->end);
  return call;
}

} // namespace socktale::locate
