#include "reports/verdict_text.hpp"

#include "reports/strace_text.hpp"
#include "reports/wording.hpp"

#include <fmt/format.h>

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
  std::string where;
  if (verdict.step) {
    const Step& step = story.steps[*verdict.step];
    where = fmt::format("  ({} step {}, {})", story.sides[step.side].role, step.number,
                        line_label(story, step.place()));
  } else if (!row.role.empty()) {
    where = fmt::format("  ({})", row.role);
  }
  text.paragraph({{std::string(mark_of(verdict.is)), style_of(verdict.is)}},
                 {{what, Style::strong},
                  {where, Style::dim},
                  {fmt::format("  {}", verdict_word(verdict.is)), style_of(verdict.is)}});
  if (!row.claim.empty()) text.paragraph({{"  claimed   "}}, {{row.claim}});
  if (verdict.call) text.paragraph({{"  observed  "}}, {{call_text(*verdict.call)}});
  for (const Part& part : verdict.parts) text.paragraph({{"  - "}}, {{part_text(part)}});
}

} // namespace

void verdict_rows(TerminalText& text, const Story& story, const Verdict& verdict) {
  text.heading(
      {{verdict.expectation->title.empty() ? "Expected and observed" : verdict.expectation->title,
        Style::strong}});
  for (const RowVerdict& row : verdict.rows) verdict_row(text, story, row);
  if (verdict.left_out.empty()) return;
  text.line({{"Observed, and not in that table:"}});
  for (const LeftOut& left_out : verdict.left_out)
    text.paragraph({{"  + "}}, {{left_out_text(story, left_out)}});
}

std::string verdict_text(const Verdict& verdict, const Story& story, const Options& options) {
  TerminalText text(options);
  verdict_rows(text, story, verdict);
  return text.take();
}

} // namespace socktale::reports
