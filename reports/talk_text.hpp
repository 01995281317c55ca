// Connections, waits and deadlocks as sentences and as the sections of the Markdown and terminal
// reports. Chooses and fills rows of talk_rows; derives nothing.
#pragma once

#include "reports/story.hpp"
#include "reports/terminal_text.hpp"

#include <string>

namespace socktale::reports {

// In no language yet and not escaped.
[[nodiscard]] Said end_label(const Story& story, const Connection& connection,
                             std::size_t end); // "server", or an address
[[nodiscard]] Said end_sentence(const Story& story, const Connection& connection);
[[nodiscard]] Said wait_sentence(const Story& story, const Wait& wait);
[[nodiscard]] Said deadlock_sentence(const Story& story, const Deadlock& deadlock);
// Of notes about joined traces; empty: it is none of these.
[[nodiscard]] Said join_sentence(const model::Note& note);

// Empty where there are no connections.
[[nodiscard]] std::string markdown_talk(const Story& story, const Options& options);
void terminal_talk(TerminalText& text, const Story& story);

} // namespace socktale::reports
