// Which bytes of which send became which of a receive: by position in a stream, by message between
// datagram sockets. What the two calls recorded of them only ever contradicts, it never proves.
#pragma once

#include "reports/doings.hpp"

namespace socktale::reports {

// Fills story.transfers, the bytes of each connection, and adds the datagram connections: a pair of
// sockets between which a message went, or a socket and an address that is not traced.
void match_streams(Story& story, const Chronicle& chronicle);
void match_datagrams(Story& story, const Chronicle& chronicle);

} // namespace socktale::reports
