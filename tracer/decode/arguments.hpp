// The decoder: a row of the table and captured bytes become named, typed arguments. Pure.
#pragma once

#include "tracer/decode/capture.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/model/event.hpp"

#include <optional>
#include <vector>

namespace socktale::decode {

// `result` is absent while the call is in flight; outputs are decoded only after a success.
// `netlink`: the call is about a netlink socket of this protocol (NETLINK_*).
[[nodiscard]] std::vector<model::Field>
decode_arguments(const tables::Syscall& row, const Args& args, Capture& before, Capture& after,
                 std::optional<std::int64_t> result, const Limits& limits,
                 std::optional<int> netlink = {});

// What the kernel returned, with the error's name.
[[nodiscard]] model::Outcome decode_outcome(const tables::Syscall& row, const Args& args,
                                            std::int64_t result, Instant left);

} // namespace socktale::decode
