#include "reports/explain.hpp"

#include "reports/explain_rows.hpp"
#include "reports/steps.hpp"
#include "reports/strace_text.hpp"
#include "reports/terminal_text.hpp"
#include "tracer/base/errors.hpp"
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
  Phrase meaning;
};
constexpr std::array returns_rows = {
    ReturnRow{tables::Returns::status, tr("0, or -1 with an errno")},
    ReturnRow{tables::Returns::fd, tr("a new descriptor, or -1 with an errno")},
    ReturnRow{tables::Returns::count, tr("how many, 0 included, or -1 with an errno")},
    ReturnRow{tables::Returns::value, tr("what was asked for, or -1 with an errno")},
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

Phrase meaning_of(std::string_view call, std::string_view argument) {
  for (const ArgumentPage& page : argument_pages())
    if (page.name == argument && (page.calls.empty() || lists(page.calls, call)))
      return page.meaning;
  return {};
}

std::string signature_of(const tables::Syscall& row) {
  std::string out = std::string(row.name) + "(";
  for (std::size_t i = 0; i < row.arity(); ++i)
    out += (i > 0 ? ", " : "") + std::string(row.args.at(i).name);
  return out + ")";
}

// A page about a topic, in the reader's language.
class Page {
 public:
  explicit Page(const Options& options) : language_(options.language), text_(options) {}

  void call(const CallPage& page) {
    const tables::Syscall* row = tables::by_name(page.name);
    text_.line({{row ? signature_of(*row) : std::string(page.name), Style::strong}});
    text_.paragraph({{"  "}}, {{say(language_, page.purpose)}});
    text_.blank();
    for (std::size_t i = 0; row && i < row->arity(); ++i)
      entry(name(row->args.at(i).name), meaning_of(page.name, row->args.at(i).name));
    if (row) {
      const auto* returns = std::ranges::find(returns_rows, row->returns, &ReturnRow::returns);
      entry(tr("returns"), returns->meaning);
      entry(tr("number"), {tr("{number} on this machine"), {{"number", row->number}}});
    }
    entry(tr("from C"), page.c);
    entry(tr("from Python"), page.python);
    text_.blank();
    for (const ErrorPage& error : error_pages())
      if (lists(page.errors, error.name)) entry(name(error.name), error.cause);
    entry(tr("manual"), as_it_is(fmt::format("man 2 {}", page.manual)));
  }

  void error(const ErrorPage& page) {
    const std::string meaning = say(language_, meaning_of_errno(page.number));
    text_.line({{fmt::format("{} ({}): {}", page.name, page.number, meaning), Style::strong}});
    entry(tr("usual cause"), page.cause);
    entry(tr("what to do"), page.cure);
    std::string calls;
    for (const CallPage& call : call_pages())
      if (lists(call.errors, page.name))
        calls += (calls.empty() ? "" : ", ") + std::string(call.name);
    entry(tr("from"), as_it_is(calls));
    entry(tr("manual"), name("man 3 errno"));
  }

  // Not a kernel call itself, but the name of a function that makes some.
  void function(const ApiRow& api) {
    text_.line({{say(language_, {tr("{function}() is no kernel call itself; it makes:"),
                                 {{"function", api.api}}})}});
    for (const CallPage& page : call_pages()) {
      if (!lists(api.kernel, page.name)) continue;
      text_.blank();
      call(page);
    }
  }

  std::string take() { return text_.take(); }

 private:
  static Said name(std::string_view name) { return as_it_is(std::string(name)); }

  void entry(const Said& label, const Said& body) {
    const std::string text = say(language_, body);
    if (text.empty()) return;
    text_.paragraph({{fmt::format("  {}  ", column(say(language_, label), 12)), Style::dim}},
                    {{text}});
  }

  Language language_;
  TerminalText text_;
};

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

std::expected<std::string, Unexplained> explain(std::string_view topic, const Options& options) {
  Page out(options);
  // "bind()", "BIND", "eaddrinuse" are what they look like.
  if (topic.ends_with("()")) topic.remove_suffix(2);
  const std::string lower = changed_case(topic, std::tolower);
  const std::string upper = changed_case(topic, std::toupper);
  if (const CallPage* page = call_page(lower)) {
    out.call(*page);
    return out.take();
  }
  if (const ErrorPage* page = error_page(upper)) {
    out.error(*page);
    return out.take();
  }
  if (const ApiRow* api = api_row(lower)) {
    out.function(*api);
    return out.take();
  }
  const std::string near = near_matches(lower).empty() ? near_matches(upper) : near_matches(lower);
  const Said hint = near.empty() ? Said(tr("It takes a call of the socket life, such as accept4, "
                                           "or an error, such as EADDRINUSE."))
                                 : Said(tr("Near to it: {names}."), {{"names", near}});
  return std::unexpected(
      Unexplained{{tr("nothing is known of \"{topic}\""), {{"topic", printable(topic)}}}, hint});
}

} // namespace socktale::reports
