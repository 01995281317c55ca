// Messages: msghdr and mmsghdr, their names, buffers and control messages. Pure, over captured
// memory.
#pragma once

#include "tracer/decode/payload.hpp"

#include <optional>
#include <vector>

namespace socktale::decode {

// A msghdr. `before` is memory at entry, `now` is where its contents are valid: the same for a
// send, memory at exit for a receive of `received` bytes.
[[nodiscard]] model::Value message(Memory& before, Memory& now, Remote<> at,
                                   std::optional<std::uint64_t> received, const Reading& how);

// A msghdr that is to be filled: {msg_namelen=128}, the room for an address.
[[nodiscard]] model::Value empty_message(Memory& before, Remote<> at, const Layout& layout);

// An array of mmsghdr; `count` of the messages were received or are to be sent.
[[nodiscard]] model::Value messages(Memory& before, Memory& now, Remote<> at, std::uint64_t count,
                                    bool received, const Reading& how);
// Of a message that was sent, or an array of `count` of them, each to an address (gather_again)
// that was another one when the call returned: msg_name has both.
void add_changed_names(model::Value& sent, Memory& before, Memory& after, Remote<> at,
                       std::optional<std::uint64_t> count, const Layout& layout);
// The kernel writes how much of each message it sent (sendmmsg(2)): msg_len is an output.
void add_sent_lengths(model::Value& messages, Memory& after, Remote<> at, std::uint64_t sent,
                      const Layout& layout);

// The descriptors that a msghdr's SCM_RIGHTS carry.
[[nodiscard]] std::vector<int> passed_fds(Memory& memory, Remote<> at, const Layout& layout);

} // namespace socktale::decode
