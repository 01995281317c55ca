// The rows that terminal output is made of, live and afterwards alike.
#pragma once

#include "reports/story.hpp"
#include "reports/terminal_text.hpp"

namespace socktale::reports {

// The programmer's call, and what has to be said beside it.
[[nodiscard]] Runs expression_runs(const TerminalText& text, const model::Place& place);

// "bind() → bind(3, ...) = 0  [49]", or "↳ getsockname(...) = 0  [51]" for a hidden one.
void kernel_row(TerminalText& text, const Runs& first, const Runs& rest, const model::Call& call,
                bool hidden, const Options& options);

void socket_row(TerminalText& text, const Story& story, const SocketStory& socket);

} // namespace socktale::reports
