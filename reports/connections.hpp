// Pairs the ends of stream connections and socketpairs, and says how each direction ended. By
// addresses and the order of the calls; never by what the bytes say, except to rule a pair out.
#pragma once

#include "reports/doings.hpp"

namespace socktale::reports {

// Fills story.connections with streams and socketpairs. Datagrams follow from the messages.
void pair_streams(Story& story, const Chronicle& chronicle);

// How each direction ended and who was first; `endings` of every stream. Needs the transfers, for
// what was closed upon unread.
void tell_endings(Story& story, const Chronicle& chronicle);

// What closed the last descriptor of a socket, if a call did.
[[nodiscard]] const model::Call* closer_of(const Doings& doings);

// A receive on a stream that returned 0 although bytes were asked for.
[[nodiscard]] bool found_the_end(const model::Call& call);

} // namespace socktale::reports
