// The messages that one call carried: how long, to or from which address, and what was kept of
// their bytes. Knows single calls only.
#pragma once

#include "tracer/model/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::reports {

struct Message {
  std::uint64_t length = 0;
  std::uint64_t asked = 0; // room or bytes that the program named; 0: unknown
  std::string kept;        // its first bytes, without a gap; empty: none were recorded
  std::string address;     // address_key of the other side; empty: none is named
};

// Of a send or a receive that succeeded: one, or as many as sendmmsg(2) and recvmmsg(2) did.
// Of one that has not returned: what was asked for, in `asked`.
[[nodiscard]] std::vector<Message> messages_of(const model::Call& call);

// Bytes that a call moved, for streams: the sum of its messages.
[[nodiscard]] std::uint64_t carried(const model::Call& call);

// Whether `a` from byte `a_skip` on and `b` from `b_skip` on, `length` bytes of each, differ where
// both are known.
[[nodiscard]] bool differ(std::string_view a, std::uint64_t a_skip, std::string_view b,
                          std::uint64_t b_skip, std::uint64_t length);

// One spelling of an address, in which ::ffff:1.2.3.4 is 1.2.3.4. Empty: it has no name.
[[nodiscard]] std::string address_key(const model::Endpoint& endpoint);
[[nodiscard]] std::string address_key(const model::Value& value);
// The same with the port alone, as a socket bound to every address is found; empty: no such family.
[[nodiscard]] std::string port_key(const std::string& address_key);

} // namespace socktale::reports
