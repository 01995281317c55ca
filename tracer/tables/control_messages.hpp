// Control messages of sendmsg and recvmsg (cmsg(3)): names, and what their data are. Data and
// look-up only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace socktale::tables {

// What a control message carries.
enum class Control : std::uint8_t {
  raw,
  descriptors, // int[]: they become descriptors of the receiver
  credentials, // struct ucred
  label,       // a security context
  timeval,
  timespec,
  timespecs,    // struct scm_timestamping: three
  wide_timeval, // the same with 64-bit members in every ABI
  wide_timespec,
  wide_timespecs,
  ints,
  octets, // each shown in hex
  uint16,
  uint64,
  packet_info,  // struct in_pktinfo
  packet_info6, // struct in6_pktinfo
  error,        // struct sock_extended_err and the offender's struct sockaddr_in
  error6,       // the same with struct sockaddr_in6
  address,      // a struct sockaddr
  stamp_info,   // struct scm_ts_pktinfo
  aux_data,     // struct tpacket_auxdata
};

// How much of it strace 6.1 shows; the rest is told as what its numbers mean.
enum class Shown : std::uint8_t { data, name, number };

struct ControlMessage {
  int level;
  int type;
  std::string_view name;
  Control data;
  Shown shown = Shown::data;
};

[[nodiscard]] std::span<const ControlMessage> control_messages();
// Nothing: no such control message is known.
[[nodiscard]] const ControlMessage* control_message(int level, int type);

} // namespace socktale::tables
