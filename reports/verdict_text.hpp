// An expected table against what was observed, for a terminal: part of the report, and what
// `socktale check` prints.
#pragma once

#include "reports/judge.hpp"
#include "reports/options.hpp"
#include "reports/story.hpp"
#include "reports/terminal_text.hpp"

#include <string>

namespace socktale::reports {

void verdict_rows(TerminalText& text, const Story& story, const Verdict& verdict);

[[nodiscard]] std::string verdict_text(const Verdict& verdict, const Story& story,
                                       const Options& options = {});

} // namespace socktale::reports
