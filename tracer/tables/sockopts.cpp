#include "tracer/tables/sockopts.hpp"

#include <algorithm>
#include <array>

#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>

namespace socktale::tables {
namespace {

using enum Option;

// Each macro makes the name itself: handed to another macro the option would be expanded first.
#define SOCKTALE_SO(option, kind)                                                                  \
  SocketOption { SOL_SOCKET, option, #option, kind }
#define SOCKTALE_IP(option, kind)                                                                  \
  SocketOption { SOL_IP, option, #option, kind }
#define SOCKTALE_IPV6(option, kind)                                                                \
  SocketOption { SOL_IPV6, option, #option, kind }
#define SOCKTALE_TCP(option, kind)                                                                 \
  SocketOption { SOL_TCP, option, #option, kind }
#define SOCKTALE_UDP(option, kind)                                                                 \
  SocketOption { 17, option, #option, kind } // SOL_UDP
#define SOCKTALE_NETLINK(option, kind)                                                             \
  SocketOption { SOL_NETLINK, option, #option, kind }

constexpr std::array rows = {
    SOCKTALE_SO(SO_DEBUG, integer),
    SOCKTALE_SO(SO_REUSEADDR, integer),
    SOCKTALE_SO(SO_TYPE, type),
    SOCKTALE_SO(SO_ERROR, error),
    SOCKTALE_SO(SO_DONTROUTE, integer),
    SOCKTALE_SO(SO_BROADCAST, integer),
    SOCKTALE_SO(SO_SNDBUF, integer),
    SOCKTALE_SO(SO_RCVBUF, integer),
    SOCKTALE_SO(SO_KEEPALIVE, integer),
    SOCKTALE_SO(SO_OOBINLINE, integer),
    SOCKTALE_SO(SO_NO_CHECK, integer),
    SOCKTALE_SO(SO_PRIORITY, integer),
    SOCKTALE_SO(SO_LINGER, linger),
    SOCKTALE_SO(SO_BSDCOMPAT, integer),
    SOCKTALE_SO(SO_REUSEPORT, integer),
    SOCKTALE_SO(SO_PASSCRED, integer),
    SOCKTALE_SO(SO_PEERCRED, credentials),
    SOCKTALE_SO(SO_RCVLOWAT, integer),
    SOCKTALE_SO(SO_SNDLOWAT, integer),
    SocketOption{SOL_SOCKET, 20, "SO_RCVTIMEO_OLD", timeval},
    SocketOption{SOL_SOCKET, 21, "SO_SNDTIMEO_OLD", timeval},
    SOCKTALE_SO(SO_BINDTODEVICE, text),
    SOCKTALE_SO(SO_ATTACH_FILTER, raw),
    SOCKTALE_SO(SO_DETACH_FILTER, integer),
    SOCKTALE_SO(SO_PEERNAME, raw),
    SocketOption{SOL_SOCKET, 29, "SO_TIMESTAMP_OLD", integer},
    SOCKTALE_SO(SO_ACCEPTCONN, integer),
    SOCKTALE_SO(SO_PEERSEC, text),
    SOCKTALE_SO(SO_SNDBUFFORCE, integer),
    SOCKTALE_SO(SO_RCVBUFFORCE, integer),
    SOCKTALE_SO(SO_PASSSEC, integer),
    SocketOption{SOL_SOCKET, 35, "SO_TIMESTAMPNS_OLD", integer},
    SOCKTALE_SO(SO_MARK, integer),
    SocketOption{SOL_SOCKET, 37, "SO_TIMESTAMPING_OLD", integer},
    SOCKTALE_SO(SO_PROTOCOL, protocol),
    SOCKTALE_SO(SO_DOMAIN, family),
    SOCKTALE_SO(SO_RXQ_OVFL, integer),
    SOCKTALE_SO(SO_PEEK_OFF, integer),
    SOCKTALE_SO(SO_NOFCS, integer),
    SOCKTALE_SO(SO_LOCK_FILTER, integer),
    SOCKTALE_SO(SO_SELECT_ERR_QUEUE, integer),
    SOCKTALE_SO(SO_BUSY_POLL, integer),
    SOCKTALE_SO(SO_MAX_PACING_RATE, raw),
    SOCKTALE_SO(SO_INCOMING_CPU, integer),
    SOCKTALE_SO(SO_ATTACH_BPF, integer),
    SOCKTALE_SO(SO_ATTACH_REUSEPORT_CBPF, raw),
    SOCKTALE_SO(SO_ATTACH_REUSEPORT_EBPF, integer),
    SOCKTALE_SO(SO_CNX_ADVICE, integer),
    SOCKTALE_SO(SO_MEMINFO, raw),
    SOCKTALE_SO(SO_INCOMING_NAPI_ID, integer),
    SOCKTALE_SO(SO_COOKIE, raw),
    SOCKTALE_SO(SO_PEERGROUPS, raw),
    SOCKTALE_SO(SO_ZEROCOPY, integer),
    SOCKTALE_SO(SO_TXTIME, raw),
    SOCKTALE_SO(SO_BINDTOIFINDEX, integer),
    SocketOption{SOL_SOCKET, 63, "SO_TIMESTAMP_NEW", integer},
    SocketOption{SOL_SOCKET, 64, "SO_TIMESTAMPNS_NEW", integer},
    SocketOption{SOL_SOCKET, 65, "SO_TIMESTAMPING_NEW", integer},
    SocketOption{SOL_SOCKET, 66, "SO_RCVTIMEO_NEW", timeval},
    SocketOption{SOL_SOCKET, 67, "SO_SNDTIMEO_NEW", timeval},
    SOCKTALE_SO(SO_DETACH_REUSEPORT_BPF, integer),
    SOCKTALE_SO(SO_PREFER_BUSY_POLL, integer),
    SOCKTALE_SO(SO_BUSY_POLL_BUDGET, integer),
    SOCKTALE_SO(SO_NETNS_COOKIE, raw),
    SOCKTALE_SO(SO_BUF_LOCK, integer),
    SocketOption{SOL_SOCKET, 73, "SO_RESERVE_MEM", integer},
    SocketOption{SOL_SOCKET, 74, "SO_TXREHASH", integer},
    SocketOption{SOL_SOCKET, 75, "SO_RCVMARK", integer},
    SocketOption{SOL_SOCKET, 76, "SO_PASSPIDFD", integer},
    SocketOption{SOL_SOCKET, 77, "SO_PEERPIDFD", integer},

    SOCKTALE_IP(IP_TOS, integer),
    SOCKTALE_IP(IP_TTL, integer),
    SOCKTALE_IP(IP_HDRINCL, integer),
    SOCKTALE_IP(IP_OPTIONS, raw),
    SOCKTALE_IP(IP_RECVOPTS, integer),
    SOCKTALE_IP(IP_RETOPTS, integer),
    SOCKTALE_IP(IP_PKTINFO, integer),
    SOCKTALE_IP(IP_MTU_DISCOVER, integer),
    SOCKTALE_IP(IP_RECVERR, integer),
    SOCKTALE_IP(IP_RECVTTL, integer),
    SOCKTALE_IP(IP_RECVTOS, integer),
    SOCKTALE_IP(IP_MTU, integer),
    SOCKTALE_IP(IP_FREEBIND, integer),
    SOCKTALE_IP(IP_TRANSPARENT, integer),
    SOCKTALE_IP(IP_MINTTL, integer),
    SOCKTALE_IP(IP_BIND_ADDRESS_NO_PORT, integer),
    SOCKTALE_IP(IP_MULTICAST_IF, in_addr),
    SOCKTALE_IP(IP_MULTICAST_TTL, integer),
    SOCKTALE_IP(IP_MULTICAST_LOOP, integer),
    SOCKTALE_IP(IP_ADD_MEMBERSHIP, membership),
    SOCKTALE_IP(IP_DROP_MEMBERSHIP, membership),

    SOCKTALE_IPV6(IPV6_UNICAST_HOPS, integer),
    SOCKTALE_IPV6(IPV6_MULTICAST_IF, integer),
    SOCKTALE_IPV6(IPV6_MULTICAST_HOPS, integer),
    SOCKTALE_IPV6(IPV6_MULTICAST_LOOP, integer),
    SOCKTALE_IPV6(IPV6_JOIN_GROUP, membership6),
    SOCKTALE_IPV6(IPV6_LEAVE_GROUP, membership6),
    SOCKTALE_IPV6(IPV6_MTU_DISCOVER, integer),
    SOCKTALE_IPV6(IPV6_MTU, integer),
    SOCKTALE_IPV6(IPV6_RECVERR, integer),
    SOCKTALE_IPV6(IPV6_V6ONLY, integer),
    SOCKTALE_IPV6(IPV6_RECVPKTINFO, integer),
    SOCKTALE_IPV6(IPV6_RECVHOPLIMIT, integer),
    SOCKTALE_IPV6(IPV6_TCLASS, integer),
    SOCKTALE_IPV6(IPV6_RECVTCLASS, integer),
    SOCKTALE_IPV6(IPV6_FREEBIND, integer),

    SOCKTALE_TCP(TCP_NODELAY, integer),
    SOCKTALE_TCP(TCP_MAXSEG, integer),
    SOCKTALE_TCP(TCP_CORK, integer),
    SOCKTALE_TCP(TCP_KEEPIDLE, integer),
    SOCKTALE_TCP(TCP_KEEPINTVL, integer),
    SOCKTALE_TCP(TCP_KEEPCNT, integer),
    SOCKTALE_TCP(TCP_SYNCNT, integer),
    SOCKTALE_TCP(TCP_LINGER2, integer),
    SOCKTALE_TCP(TCP_DEFER_ACCEPT, integer),
    SOCKTALE_TCP(TCP_WINDOW_CLAMP, integer),
    SOCKTALE_TCP(TCP_INFO, raw),
    SOCKTALE_TCP(TCP_QUICKACK, integer),
    SOCKTALE_TCP(TCP_CONGESTION, text),
    SOCKTALE_TCP(TCP_USER_TIMEOUT, integer),
    SOCKTALE_TCP(TCP_FASTOPEN, integer),
    SOCKTALE_TCP(TCP_TIMESTAMP, integer),
    SOCKTALE_TCP(TCP_NOTSENT_LOWAT, integer),
    SOCKTALE_TCP(TCP_SAVE_SYN, integer),
    SOCKTALE_TCP(TCP_ULP, text),
    SOCKTALE_TCP(TCP_FASTOPEN_CONNECT, integer),
    SOCKTALE_TCP(TCP_INQ, integer),

    SOCKTALE_UDP(UDP_CORK, integer),
    SOCKTALE_UDP(UDP_SEGMENT, integer),
    SOCKTALE_UDP(UDP_GRO, integer),

    SOCKTALE_NETLINK(NETLINK_ADD_MEMBERSHIP, integer),
    SOCKTALE_NETLINK(NETLINK_DROP_MEMBERSHIP, integer),
    SOCKTALE_NETLINK(NETLINK_PKTINFO, integer),
    SOCKTALE_NETLINK(NETLINK_EXT_ACK, integer),
    SOCKTALE_NETLINK(NETLINK_GET_STRICT_CHK, integer),
};

#undef SOCKTALE_TCP
#undef SOCKTALE_IPV6
#undef SOCKTALE_IP
#undef SOCKTALE_SO
#undef SOCKTALE_UDP
#undef SOCKTALE_NETLINK

} // namespace

std::span<const SocketOption> socket_options() { return rows; }

const SocketOption* socket_option(int level, int number) {
  const auto* at = std::ranges::find_if(
      rows, [&](const SocketOption& o) { return o.level == level && o.number == number; });
  return at == rows.end() ? nullptr : at;
}

} // namespace socktale::tables
