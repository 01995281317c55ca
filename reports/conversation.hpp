// A side of a trace as a sequence of things done to sockets, one a kernel call that matters, so
// that programs which wrap the same calls differently can be put side by side.
#pragma once

#include "reports/compare.hpp"
#include "reports/renaming.hpp"
#include "reports/story.hpp"

#include <string>
#include <vector>

namespace socktale::reports {

// A cell with what its calls were given and returned, under names that can be compared.
struct Act {
  Cell cell;
  Said what;                      // the row that it belongs to: "make a socket"
  int weight = 1;                 // how much it says about where in the conversation one is
  std::vector<RenamedCall> named; // by cell.calls
  std::size_t key = 0;            // of all that `runs` compares
};

// How often the loop of a runtime waits is up to chance: `runs` leaves such waits out.
[[nodiscard]] bool waits_by_chance(const model::Call& call);

// `renaming` is of the whole trace; sides come one after the other.
[[nodiscard]] std::vector<Act> acts_of(const Story& story, const Side& side, View view,
                                       Renaming& renaming);

} // namespace socktale::reports
