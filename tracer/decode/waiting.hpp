// What programs wait on: poll lists, select sets, epoll events, time-outs. Pure, over captured
// memory.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/model/value.hpp"

#include <cstddef>
#include <vector>

namespace socktale::decode {

// [{fd=3, events=POLLIN}] at entry; only those that something happened to, with revents, at exit.
[[nodiscard]] model::Value poll_request(Memory& memory, Remote<> at, std::uint64_t count);
[[nodiscard]] model::Value poll_answer(Memory& memory, Remote<> at, std::uint64_t count);
[[nodiscard]] std::vector<int> polled_fds(Memory& memory, Remote<> at, std::uint64_t count);

// The descriptors whose bit is set, below `limit`.
[[nodiscard]] model::Value fd_set(Memory& memory, Remote<> at, std::uint64_t limit);
[[nodiscard]] std::vector<int> fds_in_set(Memory& memory, Remote<> at, std::uint64_t limit);

[[nodiscard]] model::Value epoll_event(Memory& memory, Remote<> at);
[[nodiscard]] model::Value epoll_events(Memory& memory, Remote<> at, std::uint64_t count);

// {tv_sec=1, tv_nsec=0}; `fraction` names the second member.
[[nodiscard]] model::Value time_span(Memory& memory, Remote<> at, const char* fraction,
                                     const Layout& layout);

} // namespace socktale::decode
