#include "reports/markdown.hpp"

#include "reports/facts.hpp"
#include "reports/findings_text.hpp"
#include "reports/kernel_view_text.hpp"
#include "reports/markdown_text.hpp"
#include "reports/mermaid.hpp"
#include "reports/sentences.hpp"
#include "reports/source_listing.hpp"
#include "reports/strace_text.hpp"
#include "reports/talk_text.hpp"
#include "reports/uncalled.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

class Report {
 public:
  Report(const Story& story, const Options& options) : story_(story), options_(options) {}

  std::string run() {
    title();
    environment_section();
    add(markdown_findings(story_, options_));
    for (Index i = 0; i < story_.sides.size(); ++i) side_section(i);
    if (!story_.steps.empty()) diagram_section();
    sockets_section();
    add(markdown_talk(story_, options_));
    add(markdown_kernel_view(story_, options_));
    payload_section();
    times_section();
    uncalled_section();
    if (const auto verdict = judge_document(story_))
      add(markdown_verdict(story_, *verdict, options_));
    add(markdown_sources(story_, options_));
    return std::move(out_);
  }

 private:
  template <class... Args> void line(fmt::format_string<Args...> form, Args&&... args) {
    out_ += fmt::format(form, std::forward<Args>(args)...);
    out_ += '\n';
  }
  void add(const std::string& text) { out_ += text; }

  // In the reader's language, as Markdown that shows just that.
  std::string told(const Said& said) const { return md_text(say(options_.language, said)); }
  void heading(const Said& said) { line("## {}\n", told(said)); }
  void paragraph(const Said& said) { line("{}\n", told(said)); }
  void head(std::initializer_list<Said> columns, std::string_view alignment) {
    for (const Said& column : columns) out_ += "| " + (column.empty() ? "" : told(column) + " ");
    line("|\n{}", alignment);
  }

  void title() {
    if (story_.sides.empty()) return line("# {}\n", told(tr("The socket calls of nothing")));
    Said roles = role_text(story_.sides.front().role);
    for (std::size_t i = 1; i < story_.sides.size(); ++i)
      roles = {tr("{roles} and {role}"),
               {{"roles", roles}, {"role", role_text(story_.sides[i].role)}}};
    line("# {}\n", told({tr("The socket calls of {roles}"), {{"roles", roles}}}));
  }

  void environment_section() {
    heading(tr("Where and how this was recorded"));
    head({Said(), Said()}, "|---|---|");
    for (const auto& [label, value] : environment(story_))
      line("| {} | {} |", told(label), told(value));
    if (story_.end)
      line("| {} | {} |", told(tr("recorded calls")),
           told({tr("{calls}; the programs were stopped {stops} time for it",
                    "{calls}; the programs were stopped {stops} times for it", "stops"),
                 {{"calls", story_.end->calls}, {"stops", story_.end->stops}}}));
    line("");
    for (const Said& remark : remarks(story_))
      line("> **{}** {}\n", told(tr("Note:")), told(remark));
    for (const auto& [id, socket] : story_.sockets)
      if (socket.never_closed())
        line("> **{}** {}\n", told(tr("Never closed:")), told(closing_sentence(story_, socket)));
  }

  std::size_t listed(const Side& side) const {
    return options_.step_limit == 0 ? side.steps.size()
                                    : std::min(side.steps.size(), options_.step_limit);
  }

  void side_section(Index index) {
    const Side& side = story_.sides[index];
    heading({tr("{mark} {side}: what was written, and what the kernel heard"),
             {{"mark", side_mark(side.role, index)}, {"side", role_text(side.role)}}});
    line("{}\n", md_code(command_text(side)));
    if (side.steps.empty()) return paragraph(tr("No call on a socket was seen."));
    head({tr("step"), tr("your line"), tr("your call"), tr("C library"),
          tr("kernel call and result"), tr("nr"), tr("what it did")},
         "|--:|---|---|---|---|--:|---|");
    for (std::size_t i = 0; i < listed(side); ++i) step_rows(story_.steps[side.steps[i]], side);
    line("");
    if (listed(side) < side.steps.size())
      paragraph({tr("{count} further step is not listed; the JSON report has them all.",
                    "{count} further steps are not listed; the JSON report has them all.", "count"),
                 {{"count", side.steps.size() - listed(side)}}});
  }

  void step_rows(const Step& step, const Side& side) {
    const std::string process =
        side.processes > 1 ? " " + told({tr("(process {pid})"), {{"pid", step.main().pid.value}}})
                           : "";
    main_row(step, process);
    for (std::size_t i = 0; i < step.calls.size(); ++i) {
      if (!step.hides(i)) continue;
      const model::Call& call = *step.calls[i];
      line("| | | ↳ {} | {} | {} | {} | {} |", told(tr("hidden")), libc(call), kernel(call),
           md_text(number_text(call)), told(sentence(call, socket_of(story_, call))));
    }
  }

  void main_row(const Step& step, const std::string& process) {
    const model::Call& call = step.main();
    line("| {} | {}{} | {} | {} | {} | {} | {} |", step.number,
         md_text(line_label(story_, step.place())), process, expression(step), libc(call),
         kernel(call), md_text(number_text(call)), told(sentence(call, socket_of(story_, call))));
  }

  std::string expression(const Step& step) const {
    const Expression expression = expression_of(step.place());
    const std::string note =
        expression.note.empty() ? "" : told({tr("({note})"), {{"note", expression.note}}}) + " ";
    return note + md_code(expression.code);
  }
  std::string libc(const model::Call& call) const {
    return call.place.libc.empty() ? told(tr("unknown")) : md_code(call.place.libc);
  }
  std::string kernel(const model::Call& call) const {
    return md_code(call_text(call, options_.string_limit)) + (is_trouble(call) ? " ✗" : "");
  }

  void diagram_section() {
    heading(tr("The run as it went"));
    paragraph(tr("Drawn from the times at which the calls were made and returned; hidden calls are "
                 "left out."));
    line("```mermaid\n{}```\n", mermaid_sequence(story_, options_));
  }

  void sockets_section() {
    if (story_.sockets.empty()) return;
    heading(tr("The sockets and their ends"));
    head({tr("socket"), tr("kind"), tr("own address"), tr("peer"), tr("other end"), tr("bytes in"),
          tr("bytes out"), tr("made by"), tr("in the end")},
         "|---|---|---|---|---|--:|--:|---|---|");
    for (const auto& [id, socket] : story_.sockets) {
      const model::Socket& last = *socket.last;
      const std::string other =
          socket.other_end ? told(socket_label(story_, story_.sockets.at(*socket.other_end))) : "";
      line("| {} {} | {} | {}{} | {} | {} | {} | {} | {} | {} |",
           side_mark(story_.sides[socket.side].role, socket.side),
           told(socket_label(story_, socket)), told(socket_kind(last)),
           last.local ? md_text(endpoint_text(*last.local)) : "",
           last.role == "listening" ? " " + told(tr("(listening)")) : "",
           last.peer ? md_text(endpoint_text(*last.peer)) : "", other, socket.bytes_in,
           socket.bytes_out, told(made_text(story_, socket)), told(closing_text(story_, socket)));
    }
    line("");
  }

  void payload_section() {
    constexpr std::size_t most_rows = 200;
    constexpr std::size_t most_bytes = 256;
    std::size_t rows = 0;
    std::size_t more = 0;
    for (const Step& step : story_.steps) {
      for (const model::Call* call : step.calls) {
        const auto bytes = payload_of(*call);
        if (!bytes) continue;
        if (rows == most_rows) {
          ++more;
          continue;
        }
        if (rows++ == 0) {
          heading(tr("What was sent and received"));
          head({tr("side"), tr("step"), tr("direction"), tr("bytes"), tr("content")},
               "|---|--:|---|--:|---|");
        }
        const std::string_view shown = std::string_view(bytes->data).substr(0, most_bytes);
        line("| {} | {} | {} | {} | {}{} |", told(role_text(story_.sides[step.side].role)),
             step.number, told(direction_of(*call) == Direction::in ? tr("received") : tr("sent")),
             bytes->length,
             bytes->withheld ? told(tr("left out when recording")) : md_code(printable(shown)),
             !bytes->withheld && shown.size() < bytes->length ? " ..." : "");
      }
    }
    if (rows > 0) line("");
    if (more > 0)
      paragraph({tr("{count} further transfer is not listed.",
                    "{count} further transfers are not listed.", "count"),
                 {{"count", more}}});
  }

  void times_section() {
    constexpr std::size_t most_rows = 200;
    if (story_.steps.empty()) return;
    heading(tr("When"));
    paragraph(
        tr("Since the recording began, both sides by one clock. The tracer's stops make every "
           "call longer."));
    head(
        {tr("began after"), tr("took"), tr("side"), tr("step"), tr("your call"), tr("kernel call")},
        "|--:|--:|---|--:|---|---|");
    const std::size_t rows = std::min(most_rows, story_.steps.size());
    for (std::size_t i = 0; i < rows; ++i) {
      const Step& step = story_.steps[i];
      const auto took = duration_of(step.main());
      line("| {} | {} | {} | {} | {} | {} |", duration_text(step.main().entered.ns),
           took ? duration_text(*took) : told(tr("had not returned")),
           told(role_text(story_.sides[step.side].role)), step.number, expression(step),
           md_code(step.main().name));
    }
    line("");
    if (rows < story_.steps.size())
      paragraph({tr("{count} further step is not listed.", "{count} further steps are not listed.",
                    "count"),
                 {{"count", story_.steps.size() - rows}}});
  }

  void uncalled_section() {
    const std::vector<Uncalled> uncalled = find_uncalled(story_);
    if (uncalled.empty()) return;
    heading(tr("In your source, no kernel call seen"));
    paragraph(tr("Calls that need no kernel call, or that the run did not come to."));
    head({tr("your line"), tr("your call"), tr("how it is known"),
          tr("what it does without the kernel")},
         "|---|---|---|---|");
    const std::size_t listed = std::min(uncalled.size(), listed_uncalled);
    for (std::size_t i = 0; i < listed; ++i) {
      const Uncalled& each = uncalled[i];
      line("| {} | {} | {} | {} |", md_text(line_label(story_, each.source->file, each.span.line)),
           md_code(each.text), told(known_text(each.known)), told(each.does));
    }
    line("");
    if (listed < uncalled.size())
      paragraph({tr("{count} further call is not listed; the JSON report has it.",
                    "{count} further calls are not listed; the JSON report has them.", "count"),
                 {{"count", uncalled.size() - listed}}});
  }

  const Story& story_;
  const Options& options_;
  std::string out_;
};

} // namespace

std::string render_markdown(const Story& story, const Options& options) {
  return Report(story, options).run();
}

} // namespace socktale::reports
