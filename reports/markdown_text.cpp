#include "reports/markdown_text.hpp"

#include "reports/strace_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace socktale::reports {
// CommonMark 2.4: a backslash before ASCII punctuation makes it literal. Entities stand for what
// HTML would take and for what GitHub makes links of. '_' within a word means nothing and stays.
std::string md_text(std::string_view text) {
  constexpr std::string_view escaped = "\\`*[]|~$#";
  const std::string safe = printable(text);
  const auto letter = [&](std::size_t i) {
    return i < safe.size() && std::isalnum(static_cast<unsigned char>(safe[i])) != 0;
  };
  std::string out;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    const std::string_view rest = std::string_view(safe).substr(i);
    const bool underscore_at_edge = c == '_' && !(i > 0 && letter(i - 1) && letter(i + 1));
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '@')
      out += "&#64;";
    else if (rest.starts_with("://"))
      out += "&#58;";
    else if (c == '.' && std::string_view(out).ends_with("www"))
      out += "&#46;";
    else if (escaped.find(c) != std::string_view::npos || underscore_at_edge)
      out += {'\\', c};
    else
      out += c;
  }
  return out;
}

std::string md_code(std::string_view text) {
  const std::string safe = printable(text);
  if (safe.empty()) return "";
  // Whether "\\|" ends a cell depends on the reader of the Markdown; entities do not.
  if (safe.find("\\|") != std::string::npos) return fmt::format("<code>{}</code>", md_text(safe));
  // A span is opened by more backticks than it holds in a row (CommonMark 6.1). A table splits at
  // '|' before spans are read, and takes the backslash before it away.
  std::size_t longest = 0;
  std::size_t run = 0;
  std::string inner;
  for (const char c : safe) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (c == '|') inner += '\\';
    inner += c;
  }
  const std::string fence(longest + 1, '`');
  const bool pad = inner.front() == '`' || inner.back() == '`' || inner.front() == ' ';
  return pad ? fence + " " + inner + " " + fence : fence + inner + fence;
}

std::string markdown_verdict(const Story& story, const Verdict& verdict, const Options& options) {
  const auto told = [&](const Said& said) { return md_text(say(options.language, said)); };
  std::string out = fmt::format("## {}\n\n", told(title_text(*verdict.expectation)));
  out += fmt::format("| | {} | {} | {} |\n|---|---|---|---|\n", told(tr("claimed")),
                     told(tr("observed")), told(tr("verdict")));
  for (const RowVerdict& row : verdict.rows) {
    std::string parts;
    for (const Part& part : row.parts) parts += "<br>" + told(part_text(part));
    out += fmt::format("| {}<br>{} | {} | {} | **{}**{} |\n",
                       md_code(row.row->api.empty() ? row.row->name : row.row->api),
                       told(where_text(story, row)), md_code(row.row->claim),
                       row.call ? md_code(call_text(*row.call)) : told(tr("not seen")),
                       told(verdict_phrase(row.is)), parts);
  }
  out += '\n';
  if (verdict.left_out.empty()) return out;
  out += told(tr("Observed, and not in that table:")) + "\n\n";
  for (const LeftOut& left_out : verdict.left_out)
    out += fmt::format("- {}\n", told(left_out_text(story, left_out)));
  return out + '\n';
}

} // namespace socktale::reports
