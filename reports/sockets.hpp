// Second half of a story: what became of each socket. Knows steps, never how they were grouped.
#pragma once

#include "reports/story.hpp"

namespace socktale::reports {

// Fills story.sockets from the socket events and the steps. Sockets that only launchers used are
// left out.
void tell_sockets(Story& story);

} // namespace socktale::reports
