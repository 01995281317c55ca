// The rows behind talk_text.hpp: whole sentences on connections, waits and joined traces. Data
// only.
#pragma once

#include "reports/talk.hpp"
#include "tracer/base/said.hpp"

#include <span>
#include <string_view>

namespace socktale::reports {

// How a connection ended, the first row that fits. Placeholders: first second (whom they are, as
// "server"), by (the call, or what did it), line.
struct EndRow {
  enum class Case { reset, first_call, first_exit, unknown_first, still_open };
  Case is;
  Phrase text;
};
[[nodiscard]] std::span<const EndRow> end_rows();

// Placeholders: side time call other by. `told`: whether a call of the other side is known.
struct WaitRow {
  Wait::For until;
  bool told;
  Phrase text;
};
[[nodiscard]] std::span<const WaitRow> wait_rows();

// What the notes of joined traces say, by the note's code; placeholders are what the note is about.
struct JoinRow {
  std::string_view code;
  Phrase text;
};
[[nodiscard]] std::span<const JoinRow> join_rows();

// Who it is, of a side with several processes.
inline constexpr Phrase process_text = tr("{side} (process {pid})");
// Placeholders: one call other other_call.
inline constexpr Phrase deadlock_text =
    tr("The {one} is in {call} and the {other} in {other_call}, on the two ends of one connection "
       "with nothing under way: neither can go on.");
inline constexpr Phrase connections_heading = tr("Connections");
inline constexpr Phrase waits_heading = tr("Who waited for whom");
inline constexpr Phrase more_connections_text =
    tr("{count} further connection is not listed; the JSON report has them all.",
       "{count} further connections are not listed; the JSON report has them all.", "count");
inline constexpr Phrase more_waits_text =
    tr("{count} shorter wait is not listed; the JSON report has them all.",
       "{count} shorter waits are not listed; the JSON report has them all.", "count");

} // namespace socktale::reports
