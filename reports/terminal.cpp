// The tables that follow a run; the lines while it runs are in terminal_live.cpp.
#include "reports/terminal.hpp"

#include "reports/findings_text.hpp"
#include "reports/kernel_view_text.hpp"
#include "reports/sentences.hpp"
#include "reports/talk_text.hpp"
#include "reports/terminal_rows.hpp"
#include "reports/uncalled.hpp"
#include "reports/verdict_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

class Report {
 public:
  Report(const Story& story, const Options& options)
      : story_(story), options_(options), text_(options) {}

  std::string run() {
    environment_block();
    findings_block(text_, story_, options_);
    for (Index i = 0; i < story_.sides.size(); ++i) side_block(i);
    sockets_block();
    terminal_talk(text_, story_);
    terminal_kernel_view(text_, story_, options_);
    uncalled_block();
    if (const auto verdict = judge_document(story_)) {
      text_.blank();
      verdict_rows(text_, story_, *verdict);
    }
    return text_.take();
  }

 private:
  std::string told(const Said& said) const { return text_.told(said); }

  void environment_block() {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& [label, value] : environment(story_))
      rows.emplace_back(told(label), told(value));
    std::size_t widest = 0;
    for (const auto& [label, value] : rows) widest = std::max(widest, display_width(label));
    for (const auto& [label, value] : rows)
      text_.paragraph({{column(label, std::min<std::size_t>(widest, 16)) + "  ", Style::dim}},
                      {{value}});
    for (const Said& remark : remarks(story_))
      text_.paragraph({{"! ", Style::bad}}, {{told(remark)}});
    legend();
  }

  // How to read the tables.
  void legend() {
    text_.blank();
    text_.paragraph(
        {}, {{"  "}},
        {{told(
            tr("Each step: its number, your line, your call; then the C library's function → the "
               "kernel call = its result [its number]; ↳ a hidden call, which yours makes as "
               "well; then what happened."))}});
  }

  void side_block(Index index) {
    const Side& side = story_.sides[index];
    const Style style = side_style(index);
    text_.blank();
    text_.heading({{std::string(side_mark(side.role, index)) + " ", style},
                   {told(role_text(side.role)), style},
                   {fmt::format(" {}", command_text(side))}});
    if (side.steps.empty())
      text_.line({{"   " + told(tr("No call on a socket was seen.")), Style::dim}});
    const std::size_t listed = options_.step_limit == 0
                                   ? side.steps.size()
                                   : std::min(side.steps.size(), options_.step_limit);
    const std::size_t label_width = widest_label(side, listed);
    for (std::size_t i = 0; i < listed; ++i) step(side.steps[i], side, label_width);
    if (listed < side.steps.size())
      text_.paragraph(
          {{"     ... "}},
          {{told(
              {tr("{count} further step is not listed; the JSON report has them all.",
                  "{count} further steps are not listed; the JSON report has them all.", "count"),
               {{"count", side.steps.size() - listed}}})}});
  }

  std::size_t widest_label(const Side& side, std::size_t listed) const {
    constexpr std::size_t most = 24;
    std::size_t widest = 0;
    for (std::size_t i = 0; i < listed; ++i)
      widest = std::max(widest, display_width(printable(label(story_.steps[side.steps[i]]))));
    return std::min(widest, most);
  }

  std::string label(const Step& step) const { return line_label(story_, step.place()); }

  void step(Index index, const Side& side, std::size_t label_width) {
    const Step& step = story_.steps[index];
    const Style style = side_style(step.side);
    Runs head = {{fmt::format("{:>3}  ", step.number), style}};
    if (label_width > 0) head.push_back({column(label(step), label_width) + "  ", style});
    Runs body = expression_runs(text_, step.place());
    if (side.processes > 1)
      body.push_back(
          {"  " + told({tr("(process {pid})"), {{"pid", step.main().pid.value}}}), Style::dim});
    text_.paragraph(head, body);
    const Runs indent = {{"     "}};
    for (std::size_t i = 0; i < step.calls.size(); ++i)
      kernel_row(text_, indent, indent, *step.calls[i], step.hides(i), options_);
    const std::string said = told(sentence(step.main(), socket_of(story_, step.main())));
    if (!said.empty()) text_.paragraph(indent, {{said}});
  }

  void sockets_block() {
    if (story_.sockets.empty()) return;
    text_.blank();
    text_.heading({{told(tr("Sockets")), Style::strong}});
    for (const auto& [id, socket] : story_.sockets) socket_row(text_, story_, socket);
  }

  void uncalled_block() {
    const std::vector<Uncalled> uncalled = find_uncalled(story_);
    if (uncalled.empty()) return;
    text_.blank();
    text_.heading({{told(tr("In your source, no kernel call seen")), Style::strong}});
    const std::size_t listed = std::min(uncalled.size(), listed_uncalled);
    for (std::size_t i = 0; i < listed; ++i) {
      const Uncalled& each = uncalled[i];
      text_.paragraph({{line_label(story_, each.source->file, each.span.line) + "  "}},
                      {{each.text, Style::strong}});
      text_.paragraph({{"     "}}, {{told(known_text(each.known))}});
      if (!each.does.empty())
        text_.paragraph(
            {{"     "}},
            {{told({tr("{function}(): {does}"), {{"function", each.api}, {"does", each.does}}})}});
    }
    if (listed < uncalled.size())
      text_.paragraph(
          {{"     ... "}},
          {{told({tr("{count} further call is not listed; the JSON report has it.",
                     "{count} further calls are not listed; the JSON report has them.", "count"),
                  {{"count", uncalled.size() - listed}}})}});
  }

  const Story& story_;
  const Options& options_;
  TerminalText text_;
};

} // namespace

std::string render_terminal(const Story& story, const Options& options) {
  return Report(story, options).run();
}

} // namespace socktale::reports
