// First half of a story: which process made which call, what it ran then, which side it is of, and
// which of them were launchers. Knows no sockets and no steps.
#pragma once

#include "reports/story.hpp"

#include <vector>

namespace socktale::reports {

// A call with the process that made it and what that process ran at the time.
struct OwnedCall {
  const model::Call* call;
  Index process;
  Index image;
};

// Fills story.processes and story.sides; returns the calls in the order in which they were entered,
// each once, in its latest version.
[[nodiscard]] std::vector<OwnedCall> assign_calls(Story& story);

// Whether a launcher made the call, so that it is not of the user's program.
[[nodiscard]] bool by_launcher(const Story& story, const OwnedCall& owned);

} // namespace socktale::reports
