// What a program sent or received: the buffers of a call, as much of them as may be kept. Pure,
// over captured memory.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/model/value.hpp"

#include <optional>

namespace socktale::decode {

// How what lies in memory is to be read.
struct Reading {
  Layout layout;
  Limits limits;
  std::optional<int> netlink; // the socket speaks netlink, of this protocol (NETLINK_*)
};

// `length` bytes at `at`, of which at most the payload limit were kept.
[[nodiscard]] model::Value payload(Memory& memory, Remote<> at, std::uint64_t length,
                                   const Reading& how);

// [{iov_base="hello", iov_len=5}]; at most `filled` bytes of the buffers hold data. The payload
// limit is for all buffers together: what was kept is taken off `left`.
[[nodiscard]] model::Value io_vectors(Memory& arrays, Memory& buffers, Remote<> at,
                                      std::uint64_t count, std::uint64_t filled, const Reading& how,
                                      Room& left);

} // namespace socktale::decode
