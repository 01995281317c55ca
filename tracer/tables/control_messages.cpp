#include "tracer/tables/control_messages.hpp"

#include <algorithm>
#include <array>

#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>

namespace socktale::tables {
namespace {

// Types that come back have the option's number that asks for them (socket(7), ip(7), ipv6(7)), so
// here they are named as strace names them.
// clang-format off
constexpr std::array rows = {
    ControlMessage{SOL_SOCKET, SCM_RIGHTS, "SCM_RIGHTS", Control::descriptors},
    ControlMessage{SOL_SOCKET, 2, "SCM_CREDENTIALS", Control::credentials},
    ControlMessage{SOL_SOCKET, 3, "SCM_SECURITY", Control::label},
    ControlMessage{SOL_SOCKET, 4, "SCM_PIDFD", Control::descriptors, Shown::number},
    ControlMessage{SOL_SOCKET, 29, "SO_TIMESTAMP_OLD", Control::timeval},
    ControlMessage{SOL_SOCKET, 35, "SO_TIMESTAMPNS_OLD", Control::timespec},
    ControlMessage{SOL_SOCKET, 36, "SO_MARK", Control::ints, Shown::number},
    ControlMessage{SOL_SOCKET, 37, "SO_TIMESTAMPING_OLD", Control::timespecs},
    ControlMessage{SOL_SOCKET, 40, "SO_RXQ_OVFL", Control::ints, Shown::number},
    ControlMessage{SOL_SOCKET, 41, "SO_WIFI_STATUS", Control::ints, Shown::name},
    ControlMessage{SOL_SOCKET, 54, "SCM_TIMESTAMPING_OPT_STATS", Control::raw, Shown::name},
    ControlMessage{SOL_SOCKET, 58, "SCM_TIMESTAMPING_PKTINFO", Control::stamp_info, Shown::name},
    ControlMessage{SOL_SOCKET, 61, "SO_TXTIME", Control::uint64, Shown::name},
    ControlMessage{SOL_SOCKET, 63, "SO_TIMESTAMP_NEW", Control::wide_timeval},
    ControlMessage{SOL_SOCKET, 64, "SO_TIMESTAMPNS_NEW", Control::wide_timespec},
    ControlMessage{SOL_SOCKET, 65, "SO_TIMESTAMPING_NEW", Control::wide_timespecs},

    ControlMessage{SOL_IP, IP_TOS, "IP_TOS", Control::octets},
    ControlMessage{SOL_IP, IP_TTL, "IP_TTL", Control::ints},
    ControlMessage{SOL_IP, 3, "SCM_SECURITY", Control::label},
    ControlMessage{SOL_IP, IP_RECVOPTS, "IP_RECVOPTS", Control::octets},
    ControlMessage{SOL_IP, IP_RETOPTS, "IP_RETOPTS", Control::octets},
    ControlMessage{SOL_IP, IP_PKTINFO, "IP_PKTINFO", Control::packet_info},
    ControlMessage{SOL_IP, IP_RECVERR, "IP_RECVERR", Control::error},
    ControlMessage{SOL_IP, IP_ORIGDSTADDR, "IP_ORIGDSTADDR", Control::address},
    ControlMessage{SOL_IP, IP_CHECKSUM, "IP_CHECKSUM", Control::ints},
    ControlMessage{SOL_IP, 25, "IP_RECVFRAGSIZE", Control::ints, Shown::number},

    ControlMessage{SOL_IPV6, 2, "IPV6_2292PKTINFO", Control::packet_info6, Shown::number},
    ControlMessage{SOL_IPV6, 8, "IPV6_2292HOPLIMIT", Control::ints, Shown::number},
    ControlMessage{SOL_IPV6, 11, "IPV6_FLOWINFO", Control::octets, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_RECVERR, "IPV6_RECVERR", Control::error6, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_PKTINFO, "IPV6_PKTINFO", Control::packet_info6, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_HOPLIMIT, "IPV6_HOPLIMIT", Control::ints, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_HOPOPTS, "IPV6_HOPOPTS", Control::octets, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_RTHDR, "IPV6_RTHDR", Control::octets, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_DSTOPTS, "IPV6_DSTOPTS", Control::octets, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_TCLASS, "IPV6_TCLASS", Control::ints, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_ORIGDSTADDR, "IPV6_ORIGDSTADDR", Control::address, Shown::number},
    ControlMessage{SOL_IPV6, IPV6_RECVFRAGSIZE, "IPV6_RECVFRAGSIZE", Control::ints, Shown::number},

    ControlMessage{SOL_TCP, TCP_INQ, "TCP_INQ", Control::ints, Shown::number},
    ControlMessage{SOL_UDP, UDP_SEGMENT, "UDP_SEGMENT", Control::uint16, Shown::number},
    ControlMessage{SOL_UDP, UDP_GRO, "UDP_GRO", Control::ints, Shown::number},
    ControlMessage{SOL_PACKET, PACKET_AUXDATA, "PACKET_AUXDATA", Control::aux_data, Shown::number},
    ControlMessage{SOL_PACKET, PACKET_TX_TIMESTAMP, "PACKET_TX_TIMESTAMP", Control::error, Shown::number},
    ControlMessage{SOL_NETLINK, NETLINK_PKTINFO, "NETLINK_PKTINFO", Control::ints, Shown::number},
    ControlMessage{SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, "NETLINK_LISTEN_ALL_NSID", Control::ints, Shown::number},
    ControlMessage{SOL_ALG, ALG_SET_IV, "ALG_SET_IV", Control::raw, Shown::number},
    ControlMessage{SOL_ALG, ALG_SET_OP, "ALG_SET_OP", Control::ints, Shown::number},
    ControlMessage{SOL_ALG, ALG_SET_AEAD_ASSOCLEN, "ALG_SET_AEAD_ASSOCLEN", Control::ints, Shown::number},
    ControlMessage{SOL_TLS, TLS_SET_RECORD_TYPE, "TLS_SET_RECORD_TYPE", Control::octets, Shown::number},
    ControlMessage{SOL_TLS, TLS_GET_RECORD_TYPE, "TLS_GET_RECORD_TYPE", Control::octets, Shown::number},
};
// clang-format on

} // namespace

std::span<const ControlMessage> control_messages() { return rows; }

const ControlMessage* control_message(int level, int type) {
  const auto* found = std::ranges::find_if(
      rows, [&](const ControlMessage& row) { return row.level == level && row.type == type; });
  return found == rows.end() ? nullptr : &*found;
}

} // namespace socktale::tables
