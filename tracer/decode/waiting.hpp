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

// The signals of a sigset_t: [SIGINT, SIGUSR1], or ~[...], all but these, where they are most of
// all.
[[nodiscard]] model::Value signal_set(Memory& memory, Remote<> at);
// pselect6's {sigmask=..., sigsetsize=8}, and where its set is (select(2)).
[[nodiscard]] model::Value sized_signal_set(Memory& memory, Remote<> at, const Layout& layout);
[[nodiscard]] Remote<> set_of_sized(Memory& memory, Remote<> at, const Layout& layout);

} // namespace socktale::decode
