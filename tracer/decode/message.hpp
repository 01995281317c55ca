// Messages and payload: buffers, iovec arrays, msghdr with its control messages. Pure, over
// captured memory.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/model/value.hpp"

#include <optional>
#include <vector>

namespace socktale::decode {

// `length` bytes at `at`, of which at most the payload limit were kept.
[[nodiscard]] model::Value payload(Memory& memory, Remote<> at, std::uint64_t length,
                                   const Limits& limits);

// [{iov_base="hello", iov_len=5}]; at most `filled` bytes of the buffers hold data.
[[nodiscard]] model::Value io_vectors(Memory& arrays, Memory& buffers, Remote<> at,
                                      std::uint64_t count, const Layout& layout,
                                      std::uint64_t filled, const Limits& limits);

// A msghdr. `before` is memory at entry, `now` is where its contents are valid: the same for a
// send, memory at exit for a receive of `received` bytes.
[[nodiscard]] model::Value message(Memory& before, Memory& now, Remote<> at, const Layout& layout,
                                   std::optional<std::uint64_t> received, const Limits& limits);

// mmsghdr array; `filled` of the messages were sent or received.
[[nodiscard]] model::Value messages(Memory& before, Memory& now, Remote<> at, std::uint64_t count,
                                    const Layout& layout, bool received, const Limits& limits);

// The descriptors that a msghdr's SCM_RIGHTS carry.
[[nodiscard]] std::vector<int> passed_fds(Memory& memory, Remote<> at, const Layout& layout);

} // namespace socktale::decode
