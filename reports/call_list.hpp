// Every kernel call of a story as exports to other programs list it: one after the other, with its
// step, how long it was under way, its descriptor and its socket. Owns no format.
#pragma once

#include "reports/story.hpp"

#include <optional>
#include <string>
#include <vector>

namespace socktale::reports {

struct ListedCall {
  const model::Call* call = nullptr;
  Index step = 0;
  bool hidden = false; // not the one that its step is named for
  // When it returned. Of a call that did not: the thread's next call, its end, or the trace's.
  Instant until;
};

// All of them, in the order in which they were entered. n log n in the number of calls.
[[nodiscard]] std::vector<ListedCall> list_calls(const Story& story);

// The latest moment that the trace tells of.
[[nodiscard]] Instant end_of(const model::Trace& trace);

// The descriptor that the call is about, or the one that it made.
[[nodiscard]] std::optional<int> descriptor_of(const Story& story, const model::Call& call);

// Whose addresses the call is about: what accept(2) made, otherwise its socket. As it was known in
// the end; nullptr: unknown.
[[nodiscard]] const model::Socket* addressed(const Story& story, const model::Call& call);

// The program that the process ran last, or its nearest forebear's; nullptr: unknown.
[[nodiscard]] const model::TaskExec* program_of(const Story& story, const Process& process);

// Whether a step is more than its one kernel call: something is written for it, or it made several.
[[nodiscard]] bool stands_above(const Step& step);

// The bytes that the call moved, at most `limit` of them, as a C string literal without its quotes;
// "<5 bytes withheld>" where the recording left them out; empty: none.
[[nodiscard]] std::string payload_text(const model::Call& call, std::size_t limit);

} // namespace socktale::reports
