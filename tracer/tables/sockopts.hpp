// Socket options: level and number to name and type of value. Data and look-up only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace socktale::tables {

// What the bytes of an option are.
enum class Option : std::uint8_t {
  integer,     // int; also options that are one byte when so set
  linger,      // struct linger
  timeval,     // struct timeval
  credentials, // struct ucred
  text,        // a name: SO_BINDTODEVICE, TCP_CONGESTION
  error,       // int: a pending errno
  family,      // int: AF_*
  type,        // int: SOCK_*
  protocol,    // int
  in_addr,     // struct in_addr
  membership,  // struct ip_mreq or ip_mreqn
  membership6, // struct ipv6_mreq
  raw,         // shown as bytes
};

struct SocketOption {
  int level;
  int number;
  std::string_view name;
  Option kind;
};

[[nodiscard]] std::span<const SocketOption> socket_options();
// nullptr: not in the table.
[[nodiscard]] const SocketOption* socket_option(int level, int number);

} // namespace socktale::tables
