// Who talked to whom, as plain data: connections with both ends, which bytes of a send became which
// of a receive, who waited for whom, and the states that TCP was in. Derived by the rooms of the
// same names; owns nothing, points into the trace.
#pragma once

#include "tracer/model/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace socktale::reports {

using Index = std::size_t; // of a thing in the vectors of its Story

// What ended an end's sending half.
enum class Ended { open, shutdown, closed, exec, exit };

// How the direction away from one end came to its end. The kernel acted somewhere between `from`
// and `at`; without a call (exit, exec) both are the moment at which it was seen.
struct Ending {
  Ended how = Ended::open;
  const model::Call* by = nullptr; // shutdown(2), or what closed the last descriptor
  Instant from, at;
};

struct Connection {
  enum class Kind { stream, datagram };
  Kind kind = Kind::stream;
  // 0: the end that connected, the first of a socketpair, or the first that sent a datagram;
  // 1: the accepted one, or the other. Absent: not traced.
  std::array<std::optional<model::SocketId>, 2> ends;
  std::array<std::optional<model::Endpoint>, 2> addresses; // what is known, traced or not
  std::optional<model::SocketId> listener;
  const model::Call* connect = nullptr;          // connect(2), or socketpair(2)
  const model::Call* accept = nullptr;           // nullptr: not seen
  std::optional<Instant> established;            // by when at the latest
  std::array<Ending, 2> endings;                 // of the bytes that go away from each end
  std::array<const model::Call*, 2> closed_by{}; // what closed the end's last descriptor
  std::optional<std::size_t> closed_first; // 0 or 1; absent: nobody did, or it is not knowable
  bool reset = false;                      // cut off: bytes may have been lost
  std::array<const model::Call*, 2> reset_seen{};  // the call that told an end so
  std::array<std::uint64_t, 2> unread{};           // bytes that arrived and were closed upon
  std::array<std::uint64_t, 2> sent{}, received{}; // bytes by each end

  [[nodiscard]] bool both() const { return ends[0] && ends[1]; }
};

// A run of bytes that went from one call to another.
struct Transfer {
  Index connection = 0;
  std::size_t from = 0;              // the end that sent it: 0 or 1
  const model::Call* send = nullptr; // nullptr: by whom or what is not in the trace
  const model::Call* recv = nullptr; // nullptr: nobody took it
  std::uint64_t offset = 0;          // in the bytes of this direction
  std::uint64_t length = 0;
  std::uint64_t cut = 0; // further bytes of a datagram, for which the receiver had no room
  bool urgent = false;
  bool contradicted = false;             // the recorded bytes of the two calls are not the same
  std::size_t sent_as = 0, taken_as = 0; // which message of sendmmsg(2), recvmmsg(2)
};

// A call that had to wait for the other side.
struct Wait {
  enum class For {
    connection, // accept: until somebody connected
    bytes,      // until the other side sent
    ending,     // until the other side ended its direction: the call returned 0, or failed
    room,       // a send: until the other side took what was sent before
    queue,      // a connect: until an accept made room in the queue, which was full
    still,      // nothing came: it waits until the trace or its program ends
  };
  const model::Call* call = nullptr;
  For until = For::still;
  const model::Call* released_by = nullptr; // nullptr: no call did (a process ended), or still
  Index process = 0;                        // that made the call
  std::optional<Index> by_process;          // that made the releasing call
  std::optional<Index> connection;
  std::int64_t ns = 0; // how long; of one that still waits: as long as the trace shows
};

// Both ends of a connection wait to receive, and nothing is under way.
struct Deadlock {
  Index connection = 0;
  std::array<const model::Call*, 2> calls{};
  std::array<Index, 2> processes{}; // that made them
};

enum class TcpState {
  closed,
  listen,
  syn_sent,
  syn_recv,
  established,
  fin_wait1,
  fin_wait2,
  close_wait,
  last_ack,
  time_wait,
  closing,
};

struct StateChange {
  // How it is known that the socket was in the state.
  enum class Known {
    inferred, // from the calls: it was in it then
    passed,   // TCP has no other way to the next one; how long it lasted is not known
    sampled,  // the kernel was asked
  };
  TcpState state = TcpState::closed;
  Known known = Known::inferred;
  Instant at;                      // no later than this
  const model::Call* by = nullptr; // the call that it follows from, of either end
};

} // namespace socktale::reports
