// Asks the kernel about a descriptor of a stopped process, without the process noticing: what is
// looked up here is never shown as a call. Owns no bookkeeping.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/model/event.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace socktale::recorder {

// What the kernel says of a socket now. Unknown members are empty.
struct Peeked {
  std::uint64_t inode = 0;
  std::string family, type, protocol;
  bool listening = false;
  std::optional<model::Endpoint> local, peer;
};

// A descriptor that is a socket or an epoll instance.
struct OpenDescriptor {
  int fd = -1;
  std::uint64_t inode = 0; // of a socket
  bool epoll = false;
  bool close_on_exec = false;
  std::vector<int> watches; // of an epoll instance: descriptors, as they were numbered when added
};
// "socket:[12345]", as /proc/PID/fd has it -> 12345, otherwise 0.
[[nodiscard]] std::uint64_t inode_in(std::string_view link);

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
  // The same with what else can be known of them, and epoll instances.
  [[nodiscard]] virtual std::vector<OpenDescriptor> descriptors(Pid pid) = 0;
};

// By /proc/PID/fd and pidfd_getfd(2). The copy of the descriptor is closed before anything goes on,
// because a socket lives (and its peer sees no end) while any copy is open.
class KernelPeek final : public Peek {
 public:
  [[nodiscard]] std::optional<Peeked> look(Pid pid, int fd) override;
  [[nodiscard]] std::uint64_t inode(Pid pid, int fd) override;
  [[nodiscard]] bool in_our_network(Pid pid, int fd) override;
  [[nodiscard]] std::vector<int> sockets(Pid pid) override;
  [[nodiscard]] std::vector<OpenDescriptor> descriptors(Pid pid) override; // found_sockets.cpp
};

} // namespace socktale::recorder
