// Socket options: level and number to name and type of value. Data and look-up only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace socktale::tables {

// What the bytes of an option are. The first group is what strace decodes as well.
enum class Option : std::uint8_t {
  integer,           // int, and nothing where there are fewer bytes
  error,             // int: a pending errno
  linger,            // struct linger
  credentials,       // struct ucred, on get
  filter,            // struct sock_fprog on set, its instructions on get
  rehash,            // int: SOCK_TXREHASH_*
  membership,        // struct ip_mreq or ip_mreqn, on set
  membership6,       // struct ipv6_mreq, on set
  group,             // struct group_req, on set
  ring,              // struct tpacket_req, on set
  packet_membership, // struct packet_mreq, on set
  packet_statistics, // struct tpacket_stats or its third version, on get
  icmp_filter,       // struct icmp_filter
  netlink_integer,   // int whatever the length says
  netlink_groups,    // bits in u32s, on get
  // What strace shows as an int where it has an int's size and as bytes where it has not.
  plain,               // and nothing more is known
  byte,                // int, or one byte
  type,                // int: SOCK_*
  family,              // int: AF_*
  protocol,            // int: IPPROTO_*
  timestamping,        // int: SOF_TIMESTAMPING_*
  buffer_lock,         // int: SOCK_*BUF_LOCK
  path_mtu,            // int: IP_PMTUDISC_*
  path_mtu6,           // int: IPV6_PMTUDISC_*
  packet_version,      // int: TPACKET_V*
  can_mask,            // u32: CAN_ERR_*
  interface,           // int: an interface's index
  interface_index_be,  // the same in network byte order
  interface_address,   // struct in_addr, ip_mreq or ip_mreqn
  timeval,             // struct timeval, two longs
  timeval64,           // two 64-bit numbers in every ABI
  text,                // a name: SO_BINDTODEVICE, TCP_CONGESTION
  address,             // struct sockaddr
  source,              // struct ip_mreq_source
  group_source,        // struct group_source_req
  cookie,              // u64
  counters,            // u32s
  txtime,              // struct sock_txtime
  packet_info6,        // struct in6_pktinfo
  path_mtu_info,       // struct ip6_mtuinfo
  tcp_info,            // struct tcp_info, as much as the kernel has of it
  repair_window,       // struct tcp_repair_window
  rollover_statistics, // struct tpacket_rollover_stats
  can_filters,         // struct can_filter[]
  crypto_info,         // struct tls_crypto_info; the keys behind it are nobody's business
  bt_security,         // struct bt_security
  xdp_statistics,      // struct xdp_statistics
  xdp_umem,            // struct xdp_umem_reg
  xdp_options,         // struct xdp_options
};
// The last one above: how many kinds there are.
constexpr std::size_t option_kinds = static_cast<std::size_t>(Option::xdp_options) + 1;

// `name` is setsockopt's; `get_name` is getsockopt's where it differs or, when `name` is empty,
// where there is only this one.
struct SocketOption {
  int number;
  std::string_view name;
  Option kind;
  std::string_view get_name{};
};
using SocketOptions = std::span<const SocketOption>;

struct OptionLevel {
  int number;
  std::string_view name;
  std::string_view unknown; // "TCP_???"; empty: its options are no symbols
  SocketOptions options;
};

[[nodiscard]] std::span<const OptionLevel> option_levels();
// nullptr: not in the table.
[[nodiscard]] const OptionLevel* option_level(int level);
[[nodiscard]] const SocketOption* socket_option(int level, int number);

} // namespace socktale::tables
