// The vocabulary of the syscall table: what an argument is, when its bytes are valid and where its
// length comes from. Words only; the rows are in syscalls.hpp, the meaning in decode and recorder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace socktale::tables {

// What an argument is.
enum class Kind : std::uint8_t {
  sint,          // int, printed signed
  uint,          // size_t and the like
  fd,            // a descriptor
  family,        // AF_*
  socket_type,   // SOCK_* with its flags
  protocol,      // by family, which is argument 0
  message_flags, // MSG_*
  accept_flags,  // SOCK_NONBLOCK | SOCK_CLOEXEC
  dup_flags,     // O_CLOEXEC
  range_flags,   // CLOSE_RANGE_*
  splice_flags,  // SPLICE_F_*
  shutdown_how,  // SHUT_*
  option_level,  // SOL_*, IPPROTO_*
  option_name,   // by level, which is argument 1
  option_value,  // by level and name
  fcntl_command,
  fcntl_value, // by command, which is argument 1
  ioctl_request,
  ioctl_value, // by request, which is argument 1
  epoll_op,
  // Behind a pointer:
  address,      // struct sockaddr
  length,       // socklen_t: room before, size after
  data,         // payload
  fd_pair,      // int[2]
  iovec,        // struct iovec[length]
  message,      // struct msghdr
  messages,     // struct mmsghdr[length]
  poll_fds,     // struct pollfd[length]
  fd_set,       // bits up to the argument that `length` names
  epoll_event,  // one struct epoll_event
  epoll_events, // struct epoll_event[length]
  timespec,
  timeval,
  offset,      // off_t
  wide_offset, // loff_t, 8 bytes in every ABI
  sigset,      // sigset_t, or select's pointer pair: shown as an address
};

// When the bytes behind a pointer are the program's to read.
enum class Dir : std::uint8_t { in, out, inout };

// Where the size of what a pointer points at comes from. `index` is an argument's.
struct Length {
  enum class From : std::uint8_t {
    fixed,   // the kind's own size
    arg,     // argument `index` holds it
    pointee, // the integer that argument `index` points at
    result,  // what the call returned, at most argument `index`
  };
  From from = From::fixed;
  std::uint8_t index = 0;
  constexpr bool operator==(const Length&) const = default;
};
constexpr Length fixed{};
constexpr Length arg(std::uint8_t index) { return {Length::From::arg, index}; }
constexpr Length pointee(std::uint8_t index) { return {Length::From::pointee, index}; }
constexpr Length result(std::uint8_t cap) { return {Length::From::result, cap}; }

struct Arg {
  std::string_view name; // the man page's
  Kind kind{};
  Dir dir = Dir::in;
  Length length{};
};

// What the call does to sockets and descriptors; the socket book lives by it.
enum class Effect : std::uint8_t {
  creates,
  creates_pair,
  binds,
  listens,
  accepts,
  connects,
  names,
  options,
  sends,
  receives,
  shuts_down,
  closes,
  closes_range,
  duplicates,
  controls_fd,
  controls_io,
  waits_poll,
  waits_select,
  controls_epoll,
  waits_epoll,

  moves, // from one descriptor to another; the last one
};

// What a success returns.
enum class Returns : std::uint8_t { status, fd, count, value };

// On what the call is worth recording.
enum class Scope : std::uint8_t {
  always,  // it is a socket call whatever it is given
  sockets, // only when a descriptor that it is given is a socket
};

struct Syscall {
  int number = -1;
  std::string_view name;
  Effect effect{};
  Returns returns{};
  Scope scope{};
  std::array<Arg, 6> args{};

  [[nodiscard]] constexpr std::size_t arity() const {
    std::size_t count = 0;
    while (count < args.size() && !args[count].name.empty()) ++count;
    return count;
  }
};

// Kinds that are pointers: the register holds an address.
constexpr bool is_pointer(Kind kind) { return kind >= Kind::address; }

} // namespace socktale::tables
