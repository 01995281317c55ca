// Options of SOL_SOCKET, SOL_NETLINK, AF_VSOCK and SOL_PACKET. Numbers are the kernel's where
// Debian 12's headers have no name for them, and where glibc names the old and the new one alike.
#include "tracer/tables/sockopt_rooms.hpp"

#include <array>

#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <sys/socket.h>

namespace socktale::tables {
namespace {

// The macro makes the name itself: handed to another macro the option would be expanded first.
#define SOCKTALE_OPTION(option, kind)                                                              \
  SocketOption { option, #option, Option::kind }

constexpr std::array socket_rows = {
    SOCKTALE_OPTION(SO_DEBUG, integer),
    SOCKTALE_OPTION(SO_REUSEADDR, integer),
    SOCKTALE_OPTION(SO_TYPE, type),
    SOCKTALE_OPTION(SO_ERROR, error),
    SOCKTALE_OPTION(SO_DONTROUTE, integer),
    SOCKTALE_OPTION(SO_BROADCAST, integer),
    SOCKTALE_OPTION(SO_SNDBUF, integer),
    SOCKTALE_OPTION(SO_RCVBUF, integer),
    SOCKTALE_OPTION(SO_KEEPALIVE, integer),
    SOCKTALE_OPTION(SO_OOBINLINE, integer),
    SOCKTALE_OPTION(SO_NO_CHECK, integer),
    SOCKTALE_OPTION(SO_PRIORITY, integer),
    SOCKTALE_OPTION(SO_LINGER, linger),
    SOCKTALE_OPTION(SO_BSDCOMPAT, integer),
    SOCKTALE_OPTION(SO_REUSEPORT, integer),
    SOCKTALE_OPTION(SO_PASSCRED, integer),
    SOCKTALE_OPTION(SO_PEERCRED, credentials),
    SOCKTALE_OPTION(SO_RCVLOWAT, integer),
    SOCKTALE_OPTION(SO_SNDLOWAT, integer),
    SocketOption{20, "SO_RCVTIMEO_OLD", Option::timeval},
    SocketOption{21, "SO_SNDTIMEO_OLD", Option::timeval},
    SOCKTALE_OPTION(SO_SECURITY_AUTHENTICATION, plain),
    SOCKTALE_OPTION(SO_SECURITY_ENCRYPTION_TRANSPORT, plain),
    SOCKTALE_OPTION(SO_SECURITY_ENCRYPTION_NETWORK, plain),
    SOCKTALE_OPTION(SO_BINDTODEVICE, text),
    SocketOption{SO_ATTACH_FILTER, "SO_ATTACH_FILTER", Option::filter, "SO_GET_FILTER"},
    SOCKTALE_OPTION(SO_DETACH_FILTER, integer),
    SOCKTALE_OPTION(SO_PEERNAME, address),
    SocketOption{29, "SO_TIMESTAMP_OLD", Option::integer},
    SOCKTALE_OPTION(SO_ACCEPTCONN, integer),
    SOCKTALE_OPTION(SO_PEERSEC, text),
    SOCKTALE_OPTION(SO_SNDBUFFORCE, integer),
    SOCKTALE_OPTION(SO_RCVBUFFORCE, integer),
    SOCKTALE_OPTION(SO_PASSSEC, integer),
    SocketOption{35, "SO_TIMESTAMPNS_OLD", Option::integer},
    SOCKTALE_OPTION(SO_MARK, integer),
    SocketOption{37, "SO_TIMESTAMPING_OLD", Option::timestamping},
    SOCKTALE_OPTION(SO_PROTOCOL, protocol),
    SOCKTALE_OPTION(SO_DOMAIN, family),
    SOCKTALE_OPTION(SO_RXQ_OVFL, integer),
    SOCKTALE_OPTION(SO_WIFI_STATUS, integer),
    SOCKTALE_OPTION(SO_PEEK_OFF, integer),
    SOCKTALE_OPTION(SO_NOFCS, integer),
    SOCKTALE_OPTION(SO_LOCK_FILTER, integer),
    SOCKTALE_OPTION(SO_SELECT_ERR_QUEUE, integer),
    SOCKTALE_OPTION(SO_BUSY_POLL, integer),
    SOCKTALE_OPTION(SO_MAX_PACING_RATE, cookie),
    SOCKTALE_OPTION(SO_BPF_EXTENSIONS, plain),
    SOCKTALE_OPTION(SO_INCOMING_CPU, integer),
    SOCKTALE_OPTION(SO_ATTACH_BPF, plain),
    SOCKTALE_OPTION(SO_ATTACH_REUSEPORT_CBPF, filter),
    SOCKTALE_OPTION(SO_ATTACH_REUSEPORT_EBPF, plain),
    SOCKTALE_OPTION(SO_CNX_ADVICE, integer),
    SOCKTALE_OPTION(SO_MEMINFO, counters),
    SOCKTALE_OPTION(SO_INCOMING_NAPI_ID, integer),
    SOCKTALE_OPTION(SO_COOKIE, cookie),
    SOCKTALE_OPTION(SO_PEERGROUPS, counters),
    SOCKTALE_OPTION(SO_ZEROCOPY, integer),
    SOCKTALE_OPTION(SO_TXTIME, txtime),
    SOCKTALE_OPTION(SO_BINDTOIFINDEX, interface),
    SocketOption{63, "SO_TIMESTAMP_NEW", Option::integer},
    SocketOption{64, "SO_TIMESTAMPNS_NEW", Option::integer},
    SocketOption{65, "SO_TIMESTAMPING_NEW", Option::timestamping},
    SocketOption{66, "SO_RCVTIMEO_NEW", Option::timeval64},
    SocketOption{67, "SO_SNDTIMEO_NEW", Option::timeval64},
    SOCKTALE_OPTION(SO_DETACH_REUSEPORT_BPF, integer),
    SOCKTALE_OPTION(SO_PREFER_BUSY_POLL, integer),
    SOCKTALE_OPTION(SO_BUSY_POLL_BUDGET, integer),
    SOCKTALE_OPTION(SO_NETNS_COOKIE, cookie),
    SOCKTALE_OPTION(SO_BUF_LOCK, buffer_lock),
    SOCKTALE_OPTION(SO_RESERVE_MEM, integer),
    SOCKTALE_OPTION(SO_TXREHASH, rehash),
    SOCKTALE_OPTION(SO_RCVMARK, integer),
    SocketOption{76, "SO_PASSPIDFD", Option::plain},
    SocketOption{77, "SO_PEERPIDFD", Option::plain},
    SocketOption{78, "SO_DEVMEM_LINEAR", Option::plain},
    SocketOption{79, "SO_DEVMEM_DMABUF", Option::plain},
    SocketOption{80, "SO_DEVMEM_DONTNEED", Option::plain},
    SocketOption{81, "SO_RCVPRIORITY", Option::plain},
    SocketOption{82, "SO_PASSRIGHTS", Option::plain},
};

constexpr std::array netlink_rows = {
    SOCKTALE_OPTION(NETLINK_ADD_MEMBERSHIP, netlink_integer),
    SOCKTALE_OPTION(NETLINK_DROP_MEMBERSHIP, netlink_integer),
    SOCKTALE_OPTION(NETLINK_PKTINFO, netlink_integer),
    SOCKTALE_OPTION(NETLINK_BROADCAST_ERROR, netlink_integer),
    SOCKTALE_OPTION(NETLINK_NO_ENOBUFS, netlink_integer),
    SOCKTALE_OPTION(NETLINK_RX_RING, netlink_integer),
    SOCKTALE_OPTION(NETLINK_TX_RING, netlink_integer),
    SOCKTALE_OPTION(NETLINK_LISTEN_ALL_NSID, netlink_integer),
    SOCKTALE_OPTION(NETLINK_LIST_MEMBERSHIPS, netlink_groups),
    SOCKTALE_OPTION(NETLINK_CAP_ACK, netlink_integer),
    SOCKTALE_OPTION(NETLINK_EXT_ACK, netlink_integer),
    SOCKTALE_OPTION(NETLINK_GET_STRICT_CHK, netlink_integer),
};

constexpr std::array vsock_rows = {
    SOCKTALE_OPTION(SO_VM_SOCKETS_BUFFER_SIZE, cookie),
    SOCKTALE_OPTION(SO_VM_SOCKETS_BUFFER_MIN_SIZE, cookie),
    SOCKTALE_OPTION(SO_VM_SOCKETS_BUFFER_MAX_SIZE, cookie),
    SOCKTALE_OPTION(SO_VM_SOCKETS_PEER_HOST_VM_ID, plain),
    SOCKTALE_OPTION(SO_VM_SOCKETS_TRUSTED, plain),
    SocketOption{6, "SO_VM_SOCKETS_CONNECT_TIMEOUT_OLD", Option::timeval},
    SOCKTALE_OPTION(SO_VM_SOCKETS_NONBLOCK_TXRX, plain),
    SocketOption{8, "SO_VM_SOCKETS_CONNECT_TIMEOUT_NEW", Option::timeval64},
};

constexpr std::array packet_rows = {
    SOCKTALE_OPTION(PACKET_ADD_MEMBERSHIP, packet_membership),
    SOCKTALE_OPTION(PACKET_DROP_MEMBERSHIP, packet_membership),
    SOCKTALE_OPTION(PACKET_RECV_OUTPUT, plain),
    SOCKTALE_OPTION(PACKET_RX_RING, ring),
    SOCKTALE_OPTION(PACKET_STATISTICS, packet_statistics),
    SOCKTALE_OPTION(PACKET_COPY_THRESH, plain),
    SOCKTALE_OPTION(PACKET_AUXDATA, plain),
    SOCKTALE_OPTION(PACKET_ORIGDEV, plain),
    SOCKTALE_OPTION(PACKET_VERSION, packet_version),
    SOCKTALE_OPTION(PACKET_HDRLEN, plain),
    SOCKTALE_OPTION(PACKET_RESERVE, plain),
    SOCKTALE_OPTION(PACKET_TX_RING, ring),
    SOCKTALE_OPTION(PACKET_LOSS, plain),
    SOCKTALE_OPTION(PACKET_VNET_HDR, plain),
    SOCKTALE_OPTION(PACKET_TX_TIMESTAMP, plain),
    SOCKTALE_OPTION(PACKET_TIMESTAMP, plain),
    SOCKTALE_OPTION(PACKET_FANOUT, plain),
    SOCKTALE_OPTION(PACKET_TX_HAS_OFF, plain),
    SOCKTALE_OPTION(PACKET_QDISC_BYPASS, plain),
    SOCKTALE_OPTION(PACKET_ROLLOVER_STATS, rollover_statistics),
    SOCKTALE_OPTION(PACKET_FANOUT_DATA, plain),
    SOCKTALE_OPTION(PACKET_IGNORE_OUTGOING, plain),
};

#undef SOCKTALE_OPTION

} // namespace

SocketOptions socket_options() { return socket_rows; }
SocketOptions netlink_options() { return netlink_rows; }
SocketOptions vsock_options() { return vsock_rows; }
SocketOptions packet_options() { return packet_rows; }

} // namespace socktale::tables
