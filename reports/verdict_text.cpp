#include "reports/verdict_text.hpp"

#include "reports/strace_text.hpp"
#include "reports/wording.hpp"

namespace socktale::reports {
namespace {

Style style_of(RowVerdict::Is is) { return is == RowVerdict::Is::same ? Style::good : Style::bad; }
std::string_view mark_of(RowVerdict::Is is) {
  switch (is) {
  case RowVerdict::Is::same: return "✓ ";
  case RowVerdict::Is::differs: return "≠ ";
  case RowVerdict::Is::missing: return "✗ ";
  }
  return "";
}

void verdict_row(TerminalText& text, const Story& story, const RowVerdict& verdict) {
  const ExpectedRow& row = *verdict.row;
  const std::string what = row.api.empty() ? row.name : row.api;
  const Said place = where_text(story, verdict);
  const std::string where =
      text.told(place).empty() ? "" : "  " + text.told({tr("({note})"), {{"note", place}}});
  text.paragraph({{std::string(mark_of(verdict.is)), style_of(verdict.is)}},
                 {{what, Style::strong},
                  {where, Style::dim},
                  {"  " + text.told(verdict_phrase(verdict.is)), style_of(verdict.is)}});
  const auto entry = [&text](const Phrase& label, const std::string& value) {
    text.paragraph({{"  " + column(text.told(label), 8) + "  "}}, {{value}});
  };
  if (!row.claim.empty()) entry(tr("claimed"), row.claim);
  if (verdict.call) entry(tr("observed"), call_text(*verdict.call));
  for (const Part& part : verdict.parts) text.paragraph({{"  - "}}, {{text.told(part_text(part))}});
}

} // namespace

void verdict_rows(TerminalText& text, const Story& story, const Verdict& verdict) {
  text.heading({{text.told(title_text(*verdict.expectation)), Style::strong}});
  for (const RowVerdict& row : verdict.rows) verdict_row(text, story, row);
  if (verdict.left_out.empty()) return;
  text.line({{text.told(tr("Observed, and not in that table:"))}});
  for (const LeftOut& left_out : verdict.left_out)
    text.paragraph({{"  + "}}, {{text.told(left_out_text(story, left_out))}});
}

std::string verdict_text(const Verdict& verdict, const Story& story, const Options& options) {
  TerminalText text(options);
  verdict_rows(text, story, verdict);
  return text.take();
}

} // namespace socktale::reports
