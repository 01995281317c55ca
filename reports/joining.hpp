// Several recordings of one conversation as one trace: a file for the server, one for the client,
// perhaps from two machines. Owns the renumbering and the setting of clocks; tells nothing itself.
#pragma once

#include "tracer/model/trace.hpp"

#include <string>
#include <vector>

namespace socktale::reports {

struct Recording {
  std::string name; // of the file, for remarks
  model::Trace trace;
};

// One trace of all of them, by the clock of the first. Pids, and ids of calls, sockets and stacks,
// are changed where they would mean two things; a role that comes again gets a number. Notes say
// what was added to the times of each and how that is known ("joined", "clock-...").
// A single recording is returned as it is. `recordings` must not be empty.
[[nodiscard]] model::Trace join(std::vector<Recording> recordings);

} // namespace socktale::reports
