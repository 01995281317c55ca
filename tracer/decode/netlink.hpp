// Netlink messages (netlink(7)): headers by protocol, errors, and what route messages hold; the
// rest stays bytes. Pure, over bytes; never reads memory.
#pragma once

#include "tracer/model/value.hpp"

#include <cstdint>
#include <string_view>

namespace socktale::decode {

// What a send or receive on a socket of `protocol` (NETLINK_*) carried: one message, a list of
// them, or plain bytes where there is none. `length` is how long it was, `bytes` may be its
// beginning only.
[[nodiscard]] model::Value netlink_messages(int protocol, std::string_view bytes,
                                            std::uint64_t length);

} // namespace socktale::decode
