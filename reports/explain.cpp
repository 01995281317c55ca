#include "reports/explain.hpp"

#include "reports/explain_rows.hpp"
#include "reports/steps.hpp"
#include "reports/strace_text.hpp"
#include "reports/terminal_text.hpp"
#include "tracer/base/text.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

struct ReturnRow {
  tables::Returns returns;
  std::string_view meaning;
};
constexpr std::array returns_rows = {
    ReturnRow{tables::Returns::status, "0, or -1 with an errno"},
    ReturnRow{tables::Returns::fd, "a new descriptor, or -1 with an errno"},
    ReturnRow{tables::Returns::count, "how many, 0 included, or -1 with an errno"},
    ReturnRow{tables::Returns::value, "what was asked for, or -1 with an errno"},
};

const CallPage* call_page(std::string_view name) {
  const auto pages = call_pages();
  const auto page = std::ranges::find(pages, name, &CallPage::name);
  return page != pages.end() ? &*page : nullptr;
}

const ErrorPage* error_page(std::string_view topic) {
  int number = 0;
  const auto [end, error] = std::from_chars(topic.data(), topic.data() + topic.size(), number);
  const bool numeric = error == std::errc() && end == topic.data() + topic.size();
  for (const ErrorPage& page : error_pages())
    if (page.name == topic || (numeric && page.number == number)) return &page;
  return nullptr;
}

std::string_view meaning_of(std::string_view call, std::string_view argument) {
  for (const ArgumentPage& page : argument_pages())
    if (page.name == argument && (page.calls.empty() || lists(page.calls, call)))
      return page.meaning;
  return "";
}

void entry(TerminalText& text, std::string_view label, std::string_view body) {
  if (body.empty()) return;
  text.paragraph({{fmt::format("  {}  ", column(label, 12)), Style::dim}}, {{std::string(body)}});
}

std::string signature_of(const tables::Syscall& row) {
  std::string out = std::string(row.name) + "(";
  for (std::size_t i = 0; i < row.arity(); ++i)
    out += (i > 0 ? ", " : "") + std::string(row.args.at(i).name);
  return out + ")";
}

void explain_call(TerminalText& text, const CallPage& page) {
  const tables::Syscall* row = tables::by_name(page.name);
  text.line({{row ? signature_of(*row) : std::string(page.name), Style::strong}});
  text.paragraph({{"  "}}, {{std::string(page.purpose)}});
  text.blank();
  for (std::size_t i = 0; row && i < row->arity(); ++i)
    entry(text, row->args.at(i).name, meaning_of(page.name, row->args.at(i).name));
  if (row) {
    const auto* returns = std::ranges::find(returns_rows, row->returns, &ReturnRow::returns);
    entry(text, "returns", returns->meaning);
    entry(text, "number", fmt::format("{} on this machine", row->number));
  }
  entry(text, "from C", page.c);
  entry(text, "from Python", page.python);
  text.blank();
  for (const ErrorPage& error : error_pages())
    if (lists(page.errors, error.name)) entry(text, error.name, error.cause);
  entry(text, "manual", fmt::format("man 2 {}", page.manual));
}

void explain_error(TerminalText& text, const ErrorPage& page) {
  text.line({{fmt::format("{} ({}): {}", page.name, page.number, error_meaning(page.number)),
              Style::strong}});
  entry(text, "usual cause", page.cause);
  entry(text, "what to do", page.cure);
  std::string calls;
  for (const CallPage& call : call_pages())
    if (lists(call.errors, page.name))
      calls += (calls.empty() ? "" : ", ") + std::string(call.name);
  entry(text, "from", calls);
  entry(text, "manual", "man 3 errno");
}

// How many letters have to be changed, added or left out (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({swap, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string near_matches(std::string_view topic) {
  constexpr std::size_t longest = 64; // a longer word is near to nothing
  std::string out;
  if (topic.size() > longest) return out;
  const auto consider = [&](std::string_view name) {
    const bool starts = topic.size() >= 3 && name.starts_with(topic);
    if (starts || distance(topic, name) <= std::max<std::size_t>(1, topic.size() / 4))
      out += (out.empty() ? "" : ", ") + std::string(name);
  };
  for (const CallPage& page : call_pages()) consider(page.name);
  for (const ErrorPage& page : error_pages()) consider(page.name);
  return out;
}

std::string changed_case(std::string_view topic, int (*change)(int)) {
  std::string out(topic);
  std::ranges::transform(out, out.begin(),
                         [change](unsigned char c) { return static_cast<char>(change(c)); });
  return out;
}

} // namespace

Result<std::string> explain(std::string_view topic, const Options& options) {
  TerminalText text(options);
  // "bind()", "BIND", "eaddrinuse" are what they look like.
  if (topic.ends_with("()")) topic.remove_suffix(2);
  const std::string lower = changed_case(topic, std::tolower);
  const std::string upper = changed_case(topic, std::toupper);
  if (const CallPage* page = call_page(lower)) {
    explain_call(text, *page);
    return text.take();
  }
  if (const ErrorPage* page = error_page(upper)) {
    explain_error(text, *page);
    return text.take();
  }
  // Not a kernel call itself, but the name of a function that makes some.
  if (const ApiRow* api = api_row(lower)) {
    text.line({{fmt::format("{}() is no kernel call itself; it makes:", api->api)}});
    for (const CallPage& page : call_pages()) {
      if (!lists(api->kernel, page.name)) continue;
      text.blank();
      explain_call(text, page);
    }
    return text.take();
  }
  const std::string near = near_matches(lower).empty() ? near_matches(upper) : near_matches(lower);
  const std::string hint = near.empty()
                               ? "It takes a call of the socket life, such as accept4, or an "
                                 "error, such as EADDRINUSE."
                               : fmt::format("Near to it: {}.", near);
  return std::unexpected(
      Error{fmt::format("nothing is known of \"{}\"", printable(topic)), 0, hint});
}

} // namespace socktale::reports
