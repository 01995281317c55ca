#include "reports/talk_rows.hpp"

#include <array>

namespace socktale::reports {
namespace {

// clang-format off
constexpr std::array ends = {
  EndRow{EndRow::Case::reset, tr("It was reset: what had not been read by then is lost.")},
  EndRow{EndRow::Case::first_call, tr("The {first} ended its direction first, with {by}.")},
  EndRow{EndRow::Case::first_exit, tr("The {first} ended its direction first: its process had no descriptor of it any more.")},
  EndRow{EndRow::Case::unknown_first, tr("It was ended; who was first is not to be known from this trace.")},
  EndRow{EndRow::Case::still_open, tr("It was still open where the trace ends.")},
};

constexpr std::array waits = {
  WaitRow{Wait::For::connection, true, tr("The {side} waited {time} in {call}, released by the {other}'s {by}.")},
  WaitRow{Wait::For::bytes, true, tr("The {side} waited {time} in {call} for bytes, released by the {other}'s {by}.")},
  WaitRow{Wait::For::ending, true, tr("The {side} waited {time} in {call}, until the {other}'s {by} ended the connection's other direction.")},
  WaitRow{Wait::For::ending, false, tr("The {side} waited {time} in {call}, until the other side was closed without a call of its own, as when a process ends.")},
  WaitRow{Wait::For::room, true, tr("The {side} waited {time} in {call} for room in the buffers, released by the {other}'s {by}.")},
  WaitRow{Wait::For::queue, true, tr("The {side} waited {time} in {call} for room in the queue of the listening socket, which was full, released by the {other}'s {by}.")},
  WaitRow{Wait::For::still, false, tr("The {side} waited {time} in {call}, and nothing came until the trace or the program ended.")},
};

constexpr std::array joins = {
  JoinRow{"joined", tr("These traces were joined: {first} and {file}.")},
  JoinRow{"clock-bounded", tr("The clock of {file} was set to that of {first} by calls that depend on each other: {offset} were added to its times, give or take {uncertainty}.")},
  JoinRow{"clock-one-sided", tr("Only one direction bounds the clock of {file} against that of {first}: {offset} were added to its times, and how far that is off is not known.")},
  JoinRow{"clock-by-date", tr("No call of {file} depends on one of {first}: {offset} were added to its times, by the dates at which the recordings began; how well those clocks agreed is not known.")},
  JoinRow{"clock-contradicts", tr("The clock of {file} cannot be set to that of {first}: calls that depend on each other contradict every offset. {offset} were added to its times, which cannot be compared.")},
  JoinRow{"clock-unknown", tr("The clock of {file} cannot be compared with that of {first}: no call depends on one of the other's, and when it began is not known.")},
};
// clang-format on

} // namespace

std::span<const EndRow> end_rows() { return ends; }
std::span<const WaitRow> wait_rows() { return waits; }
std::span<const JoinRow> join_rows() { return joins; }

} // namespace socktale::reports
