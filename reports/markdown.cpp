#include "reports/markdown.hpp"

#include "reports/facts.hpp"
#include "reports/kernel_view_text.hpp"
#include "reports/markdown_text.hpp"
#include "reports/mermaid.hpp"
#include "reports/sentences.hpp"
#include "reports/source_listing.hpp"
#include "reports/strace_text.hpp"
#include "reports/uncalled.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

class Report {
 public:
  Report(const Story& story, const Options& options) : story_(story), options_(options) {}

  std::string run() {
    title();
    environment_section();
    for (Index i = 0; i < story_.sides.size(); ++i) side_section(i);
    if (!story_.steps.empty()) diagram_section();
    sockets_section();
    add(markdown_kernel_view(story_));
    payload_section();
    times_section();
    uncalled_section();
    if (const auto verdict = judge_document(story_)) add(markdown_verdict(story_, *verdict));
    add(markdown_sources(story_));
    return std::move(out_);
  }

 private:
  template <class... Args> void line(fmt::format_string<Args...> form, Args&&... args) {
    out_ += fmt::format(form, std::forward<Args>(args)...);
    out_ += '\n';
  }
  void add(const std::string& text) { out_ += text; }

  void title() {
    std::string roles;
    for (const Side& side : story_.sides) roles += (roles.empty() ? "" : " and ") + side.role;
    line("# The socket calls of {}\n", md_text(roles.empty() ? "nothing" : roles));
  }

  void environment_section() {
    line("## Where and how this was recorded\n");
    line("| | |\n|---|---|");
    for (const auto& [label, value] : environment(story_))
      line("| {} | {} |", md_text(label), md_text(value));
    if (story_.end)
      line("| recorded calls | {}; the programs were stopped {} times for it |", story_.end->calls,
           story_.end->stops);
    line("");
    for (const std::string& remark : remarks(story_)) line("> **Note:** {}\n", md_text(remark));
    for (const auto& [id, socket] : story_.sockets)
      if (socket.never_closed())
        line("> **Never closed:** {}\n", md_text(closing_sentence(story_, socket)));
  }

  std::size_t listed(const Side& side) const {
    return options_.step_limit == 0 ? side.steps.size()
                                    : std::min(side.steps.size(), options_.step_limit);
  }

  void side_section(Index index) {
    const Side& side = story_.sides[index];
    line("## {} {}: what was written, and what the kernel heard\n", side_mark(side.role, index),
         md_text(side.role));
    line("{}\n", md_code(command_text(side)));
    if (side.steps.empty()) return line("No call on a socket was seen.\n");
    line(
        "| step | your line | your call | C library | kernel call and result | nr | what it did |");
    line("|--:|---|---|---|---|--:|---|");
    for (std::size_t i = 0; i < listed(side); ++i) step_rows(story_.steps[side.steps[i]], side);
    line("");
    if (listed(side) < side.steps.size())
      line("{} further steps are not listed; the JSON report has them all.\n",
           side.steps.size() - listed(side));
  }

  void step_rows(const Step& step, const Side& side) {
    const std::string process =
        side.processes > 1 ? fmt::format(" (process {})", step.main().pid.value) : "";
    main_row(step, process);
    for (std::size_t i = 0; i < step.calls.size(); ++i) {
      if (!step.hides(i)) continue;
      const model::Call& call = *step.calls[i];
      line("| | | ↳ hidden | {} | {} | {} | {} |", libc(call), kernel(call), call.number,
           md_text(sentence(call, socket_of(story_, call))));
    }
  }

  void main_row(const Step& step, const std::string& process) {
    const model::Call& call = step.main();
    line("| {} | {}{} | {} | {} | {} | {} | {} |", step.number,
         md_text(line_label(story_, step.place())), process, expression(step), libc(call),
         kernel(call), call.number, md_text(sentence(call, socket_of(story_, call))));
  }

  static std::string expression(const Step& step) {
    const Expression expression = expression_of(step.place());
    const std::string note =
        expression.note.empty() ? "" : fmt::format("({}) ", md_text(expression.note));
    return note + md_code(expression.code);
  }
  static std::string libc(const model::Call& call) {
    return call.place.libc.empty() ? "unknown" : md_code(call.place.libc);
  }
  std::string kernel(const model::Call& call) const {
    return md_code(call_text(call, options_.string_limit)) + (is_trouble(call) ? " ✗" : "");
  }

  void diagram_section() {
    line("## The run as it went\n");
    line("Drawn from the times at which the calls were made and returned; hidden calls are left "
         "out.\n");
    line("```mermaid\n{}```\n", mermaid_sequence(story_, options_));
  }

  void sockets_section() {
    if (story_.sockets.empty()) return;
    line("## The sockets and their ends\n");
    line("| socket | kind | own address | peer | other end | bytes in | bytes out | made by | in "
         "the end |");
    line("|---|---|---|---|---|--:|--:|---|---|");
    for (const auto& [id, socket] : story_.sockets) {
      const model::Socket& last = *socket.last;
      const std::string other =
          socket.other_end ? socket_label(story_, story_.sockets.at(*socket.other_end)) : "";
      line("| {} {} | {} | {}{} | {} | {} | {} | {} | {} | {} |",
           side_mark(story_.sides[socket.side].role, socket.side),
           md_text(socket_label(story_, socket)), md_text(socket_kind(last)),
           last.local ? md_text(endpoint_text(*last.local)) : "",
           last.role == "listening" ? " (listening)" : "",
           last.peer ? md_text(endpoint_text(*last.peer)) : "", md_text(other), socket.bytes_in,
           socket.bytes_out, md_text(made_text(story_, socket)),
           md_text(closing_text(story_, socket)));
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
          line("## What was sent and received\n");
          line("| side | step | direction | bytes | content |\n|---|--:|---|--:|---|");
        }
        const std::string_view shown = std::string_view(bytes->data).substr(0, most_bytes);
        line("| {} | {} | {} | {} | {}{} |", md_text(story_.sides[step.side].role), step.number,
             direction_of(*call) == Direction::in ? "received" : "sent", bytes->length,
             bytes->withheld ? "left out when recording" : md_code(printable(shown)),
             !bytes->withheld && shown.size() < bytes->length ? " ..." : "");
      }
    }
    if (rows > 0) line("");
    if (more > 0) line("{} further transfers are not listed.\n", more);
  }

  void times_section() {
    constexpr std::size_t most_rows = 200;
    if (story_.steps.empty()) return;
    line("## When\n");
    line("Since the recording began, both sides by one clock. The tracer's stops make every call "
         "longer.\n");
    line("| began after | took | side | step | your call | kernel call "
         "|\n|--:|--:|---|--:|---|---|");
    const std::size_t rows = std::min(most_rows, story_.steps.size());
    for (std::size_t i = 0; i < rows; ++i) {
      const Step& step = story_.steps[i];
      const auto took = duration_of(step.main());
      line("| {} | {} | {} | {} | {} | {} |", duration_text(step.main().entered.ns),
           took ? duration_text(*took) : "had not returned", md_text(story_.sides[step.side].role),
           step.number, expression(step), md_code(step.main().name));
    }
    line("");
    if (rows < story_.steps.size())
      line("{} further steps are not listed.\n", story_.steps.size() - rows);
  }

  void uncalled_section() {
    const std::vector<Uncalled> uncalled = find_uncalled(story_);
    if (uncalled.empty()) return;
    line("## In your source, no kernel call seen\n");
    line("Calls that need no kernel call, or that the run did not come to.\n");
    line("| your line | your call | how it is known | what it does without the kernel "
         "|\n|---|---|---|---|");
    const std::size_t listed = std::min(uncalled.size(), listed_uncalled);
    for (std::size_t i = 0; i < listed; ++i) {
      const Uncalled& each = uncalled[i];
      line("| {} | {} | {} | {} |", md_text(line_label(story_, each.source->file, each.span.line)),
           md_code(each.text), known_text(each.known), md_text(each.does));
    }
    line("");
    if (listed < uncalled.size())
      line("{} further calls are not listed; the JSON report has them.\n",
           uncalled.size() - listed);
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
