// The states of TCP that the sockets went through, as the calls of both ends imply them. What the
// kernel said when it was asked is not here: that is another source, with its own `Known`.
#pragma once

#include "reports/doings.hpp"

namespace socktale::reports {

// Fills story.states, of every TCP socket. Needs connections and how they ended. TIME_WAIT is where
// a list may end: when the kernel forgets it is not to be seen.
void tell_states(Story& story, const Chronicle& chronicle);

// "FIN_WAIT1", as ss(8) and the kernel's headers spell it.
[[nodiscard]] std::string_view state_name(TcpState state);
[[nodiscard]] std::string_view known_name(StateChange::Known known);

} // namespace socktale::reports
