#include "reports/findings_text.hpp"

#include "reports/markdown_text.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// Reports name so many; the JSON report has them all.
constexpr std::size_t most_listed = 50;

std::string told(const Said& said, const Options& options) { return say(options.language, said); }

// "client, step 4, client.py:37".
Said where(const Story& story, const Step& step) {
  const std::string line = line_label(story, step.place());
  const std::string& side = story.sides[step.side].role;
  if (line.empty()) return {tr("{side}, step {step}"), {{"side", side}, {"step", step.number}}};
  return {tr("{side}, step {step}, {line}"),
          {{"side", side}, {"step", step.number}, {"line", line}}};
}

Said repeated(const Finding& finding) {
  return {tr("The same on this line {count} more time.",
             "The same on this line {count} more times.", "count"),
          {{"count", finding.times - 1}}};
}

Said left_out(std::size_t count) {
  return {tr("{count} further finding is not listed; the JSON report has it.",
             "{count} further findings are not listed; the JSON report has them.", "count"),
          {{"count", count}}};
}

} // namespace

CallPlaces::CallPlaces(const Story& story) : story_(story) {
  for (Index i = 0; i < story.steps.size(); ++i)
    for (const model::Call* call : story.steps[i].calls) steps_.emplace(call->id, i);
}

const Step* CallPlaces::step_of(const model::Call& call) const {
  const auto found = steps_.find(call.id);
  return found != steps_.end() ? &story_.steps[found->second] : nullptr;
}

std::string markdown_findings(const Story& story, const Options& options) {
  const std::vector<Finding> findings = find_all(story);
  if (findings.empty()) return "";
  const auto shown = [&](const Said& said) { return md_text(told(said, options)); };
  const CallPlaces places(story);
  std::string out = fmt::format("## {}\n\n", shown(tr("Findings")));
  const std::size_t listed = std::min(findings.size(), most_listed);
  for (std::size_t i = 0; i < listed; ++i) {
    const Finding& finding = findings[i];
    out += fmt::format("### {}\n\n", shown(finding.title));
    for (const model::Call* call : finding.evidence) {
      const Step* step = places.step_of(*call);
      if (!step) continue;
      const std::string code = expression_of(step->place()).code;
      out += fmt::format("- {} {}: {}{}\n", side_mark(story.sides[step->side].role, step->side),
                         shown(where(story, *step)), code.empty() ? "" : md_code(code) + " → ",
                         md_code(call_text(*call, options.string_limit)));
    }
    if (finding.times > 1) out += fmt::format("\n{}\n", shown(repeated(finding)));
    out += fmt::format("\n**{}** {}\n", shown(tr("What it means:")), shown(finding.meaning));
    out += fmt::format("\n**{}** {}\n\n", shown(tr("How to mend it:")), shown(finding.mend));
  }
  if (listed < findings.size()) out += shown(left_out(findings.size() - listed)) + "\n\n";
  return out;
}

std::string findings_text(const Story& story, const Options& options) {
  TerminalText text(options);
  findings_block(text, story, options);
  std::string out = text.take();
  if (!out.empty()) return out;
  text.line({{told(tr("No rule found a mistake in this run."), options)}});
  return text.take();
}

void findings_block(TerminalText& text, const Story& story, const Options& options) {
  const std::vector<Finding> findings = find_all(story);
  if (findings.empty()) return;
  const CallPlaces places(story);
  text.blank();
  text.heading({{told(tr("Findings"), options), Style::strong}});
  const std::size_t listed = std::min(findings.size(), most_listed);
  const Runs indent = {{"     "}};
  for (std::size_t i = 0; i < listed; ++i) {
    const Finding& finding = findings[i];
    text.paragraph({{"  ! ", Style::bad}}, {{told(finding.title, options), Style::strong}});
    for (const model::Call* call : finding.evidence) {
      const Step* step = places.step_of(*call);
      if (!step) continue;
      text.paragraph({{"     "},
                      {std::string(side_mark(story.sides[step->side].role, step->side)) + " ",
                       side_style(step->side)}},
                     {{told(where(story, *step), options) + ": ", side_style(step->side)},
                      {call_text(*call, options.string_limit)}});
    }
    if (finding.times > 1) text.paragraph(indent, {{told(repeated(finding), options)}});
    text.paragraph(indent, {{told(finding.meaning, options)}});
    text.paragraph(indent, {{told(tr("How to mend it:"), options) + " ", Style::good},
                            {told(finding.mend, options)}});
  }
  if (listed < findings.size())
    text.paragraph(indent, {{told(left_out(findings.size() - listed), options)}});
}

} // namespace socktale::reports
