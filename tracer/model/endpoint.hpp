// What is packed in the bytes of an Endpoint of a family that has no members of its own there.
#pragma once

#include "tracer/model/event.hpp"

#include <cstdint>

namespace socktale::model {

// The port of an AF_NETLINK address: nl_pid of netlink(7). 0: it has none, or is of another family.
[[nodiscard]] std::uint32_t netlink_port(const Endpoint& endpoint);

} // namespace socktale::model
