#include "reports/terminal_rows.hpp"

#include "reports/facts.hpp"
#include "reports/sentences.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// Shorter times are the machine's own and no news.
constexpr std::int64_t long_time = 10'000'000;

Runs shifted(Runs runs, std::size_t columns) {
  runs.push_back({std::string(columns, ' ')});
  return runs;
}

std::string tail_of(const model::Call& call) {
  std::string tail = fmt::format("  [{}]", printable(number_text(call)));
  const auto duration = duration_of(call);
  if (duration && *duration >= long_time) tail += fmt::format(" {}", duration_text(*duration));
  return tail;
}

} // namespace

Runs expression_runs(const TerminalText& text, const model::Place& place) {
  const Expression expression = expression_of(place);
  Runs runs;
  if (!expression.note.empty())
    runs.push_back({text.told({tr("({note})"), {{"note", expression.note}}}) +
                        (expression.code.empty() ? "" : " "),
                    Style::dim});
  runs.push_back({expression.code, Style::strong});
  return runs;
}

void kernel_row(TerminalText& text, const Runs& first, const Runs& rest, const model::Call& call,
                bool hidden, const Options& options) {
  const Style style = hidden ? Style::dim : Style::plain;
  Runs head = first;
  Runs body;
  if (hidden)
    head.push_back({"↳ ", Style::dim});
  else if (!call.place.libc.empty())
    body.push_back({call.place.libc.text() + "() → ", Style::dim});
  body.push_back({invocation_text(call, options.string_limit) + " ", style});
  const Style result_style = is_trouble(call) ? Style::bad : style;
  body.push_back({fmt::format("= {}", result_text(call, options.string_limit)), result_style});
  if (is_trouble(call)) body.push_back({" ✗", Style::bad});
  body.push_back({tail_of(call), Style::dim});
  text.paragraph(head, shifted(rest, 2), body);
}

void socket_row(TerminalText& text, const Story& story, const SocketStory& socket) {
  const model::Socket& last = *socket.last;
  Runs body = {{text.told(socket_kind(last))}};
  if (last.local) body.push_back({fmt::format("  {}", endpoint_text(*last.local))});
  if (last.role == "listening") body.push_back({" " + text.told(tr("(listening)"))});
  if (last.peer) body.push_back({fmt::format(" ⇄ {}", endpoint_text(*last.peer))});
  if (socket.other_end)
    body.push_back(
        {" " + text.told({tr("({note})"),
                          {{"note", socket_label(story, story.sockets.at(*socket.other_end))}}}),
         Style::dim});
  const Side& side = story.sides[socket.side];
  text.paragraph({{std::string(side_mark(side.role, socket.side)) + " ", side_style(socket.side)},
                  {text.told(socket_label(story, socket)) + "  ", side_style(socket.side)}},
                 {{"    "}}, body);
  text.paragraph(
      {{"    "}},
      {{text.told({tr("made by {made}; bytes in: {bytes_in}, bytes out: {bytes_out};"),
                   {{"made", made_text(story, socket)},
                    {"bytes_in", socket.bytes_in},
                    {"bytes_out", socket.bytes_out}}}) +
            " ",
        Style::dim},
       {text.told(closing_text(story, socket)), socket.never_closed() ? Style::bad : Style::dim},
       {socket.never_closed() ? " ✗" : "", Style::bad}});
}

} // namespace socktale::reports
