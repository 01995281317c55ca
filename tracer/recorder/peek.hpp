// Asks the kernel about a descriptor of a stopped process, without the process noticing: what is
// looked up here is never shown as a call. Owns no bookkeeping.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/model/event.hpp"

#include <optional>
#include <vector>

namespace socktale::recorder {

// What the kernel says of a socket now. Unknown members are empty.
struct Peeked {
  std::uint64_t inode = 0;
  std::string family, type, protocol;
  bool listening = false;
  std::optional<model::Endpoint> local, peer;
};

class Peek {
 public:
  Peek() = default;
  Peek(const Peek&) = delete;
  Peek& operator=(const Peek&) = delete;
  virtual ~Peek() = default;
  // Nothing: no socket, or it may not be looked at.
  [[nodiscard]] virtual std::optional<Peeked> look(Pid pid, int fd) = 0;
  // The inode that tells one socket from another; 0: no socket.
  [[nodiscard]] virtual std::uint64_t inode(Pid pid, int fd) = 0;
  // Whether the socket is one of the network namespace that the tracer is in. False when that
  // cannot be told.
  [[nodiscard]] virtual bool in_our_network(Pid pid, int fd) = 0;
  // All descriptors of the process that are sockets.
  [[nodiscard]] virtual std::vector<int> sockets(Pid pid) = 0;
};

// By /proc/PID/fd and pidfd_getfd(2). The copy of the descriptor is closed before anything goes on,
// because a socket lives (and its peer sees no end) while any copy is open.
class KernelPeek final : public Peek {
 public:
  [[nodiscard]] std::optional<Peeked> look(Pid pid, int fd) override;
  [[nodiscard]] std::uint64_t inode(Pid pid, int fd) override;
  [[nodiscard]] bool in_our_network(Pid pid, int fd) override;
  [[nodiscard]] std::vector<int> sockets(Pid pid) override;
};

} // namespace socktale::recorder
