// A look at the kernel's table of TCP sockets (/proc/net/tcp), as `ss -tan` would give it: the
// sockets of one port at this moment. Looks, never touches.
#pragma once

#include "reports/lesson_facts.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace socktale::cli {

// The IPv4 sockets at either end of `port`: listening first, then the server's, then the client's.
// A connection that is only passing through a state (SYN_RECV, FIN_WAIT1, CLOSING, LAST_ACK) is
// given a fifth of a second to arrive. One row without a
// state: there are none, or there is no table to be read.
[[nodiscard]] std::vector<reports::SeenSocket> look_at_sockets(const std::string& look,
                                                               std::uint16_t port);

// The first port from `wished` on that no socket has anything to do with.
[[nodiscard]] std::uint16_t quiet_port(std::uint16_t wished);

} // namespace socktale::cli
