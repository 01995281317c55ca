// What was done to each socket, sorted by kind: the ground that connections, transfers, waits and
// states stand on. Reads calls one by one and never relates two sockets.
#pragma once

#include "reports/facts.hpp"
#include "reports/story.hpp"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace socktale::reports {

using Calls = std::vector<const model::Call*>;

// All lists are in the order in which the calls returned; those that did not return come last.
struct Doings {
  const SocketStory* socket = nullptr; // never nullptr in a Chronicle
  Calls made;                          // socket(2), socketpair(2), accept(2) that gave it
  Calls binds, listens, connects;
  Calls accepts;   // on it, as a listening socket
  Calls outs, ins; // carried bytes (or an empty datagram), or are still under way
  Calls looks;     // receives that took nothing: MSG_PEEK, or they failed
  Calls shutdowns, closes;
  Calls polls;                    // that watched it
  Calls resets;                   // failed with ECONNRESET or EPIPE
  std::optional<Instant> gone_at; // the last descriptor
  bool urgent_inline = false;     // SO_OOBINLINE
  bool aborts = false;            // SO_LINGER of 0 s: close(2) resets
};

struct Chronicle {
  Calls calls; // all, in the order in which they returned
  std::unordered_map<model::SocketId, Doings> of;
  [[nodiscard]] const Doings* find(std::optional<model::SocketId> id) const;
};

// Of the sockets and steps of the story. n log n in the number of calls.
[[nodiscard]] Chronicle chronicle_of(const Story& story);

// A moment after any other, for calls that did not return.
constexpr Instant at_no_time{INT64_MAX};
[[nodiscard]] inline Instant left_of(const model::Call& call) {
  return call.outcome ? call.outcome->left : at_no_time;
}

// Differences of times that may be anything, as a forged trace has them: held at the limits.
[[nodiscard]] std::int64_t between(Instant from, Instant to);

[[nodiscard]] bool has_flag(const model::Call& call, std::string_view flag);
// Out of the socket or into it, also for sendfile(2) and splice(2).
[[nodiscard]] Direction way_of(const model::Call& call, const SocketStory& socket);

} // namespace socktale::reports
