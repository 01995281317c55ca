#include "tracer/tables/names.hpp"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace socktale::tables {
namespace {

#define SOCKTALE_NAME(constant)                                                                    \
  Name { static_cast<std::int64_t>(constant), #constant }

constexpr std::array family_names = {
    SOCKTALE_NAME(AF_UNSPEC),     SOCKTALE_NAME(AF_UNIX),      SOCKTALE_NAME(AF_INET),
    SOCKTALE_NAME(AF_AX25),       SOCKTALE_NAME(AF_IPX),       SOCKTALE_NAME(AF_APPLETALK),
    SOCKTALE_NAME(AF_NETROM),     SOCKTALE_NAME(AF_BRIDGE),    SOCKTALE_NAME(AF_ATMPVC),
    SOCKTALE_NAME(AF_X25),        SOCKTALE_NAME(AF_INET6),     SOCKTALE_NAME(AF_ROSE),
    SOCKTALE_NAME(AF_DECnet),     SOCKTALE_NAME(AF_NETBEUI),   SOCKTALE_NAME(AF_SECURITY),
    SOCKTALE_NAME(AF_KEY),        SOCKTALE_NAME(AF_NETLINK),   SOCKTALE_NAME(AF_PACKET),
    SOCKTALE_NAME(AF_ASH),        SOCKTALE_NAME(AF_ECONET),    SOCKTALE_NAME(AF_ATMSVC),
    SOCKTALE_NAME(AF_RDS),        SOCKTALE_NAME(AF_SNA),       SOCKTALE_NAME(AF_IRDA),
    SOCKTALE_NAME(AF_PPPOX),      SOCKTALE_NAME(AF_WANPIPE),   SOCKTALE_NAME(AF_LLC),
    SOCKTALE_NAME(AF_IB),         SOCKTALE_NAME(AF_MPLS),      SOCKTALE_NAME(AF_CAN),
    SOCKTALE_NAME(AF_TIPC),       SOCKTALE_NAME(AF_BLUETOOTH), SOCKTALE_NAME(AF_IUCV),
    SOCKTALE_NAME(AF_RXRPC),      SOCKTALE_NAME(AF_ISDN),      SOCKTALE_NAME(AF_PHONET),
    SOCKTALE_NAME(AF_IEEE802154), SOCKTALE_NAME(AF_CAIF),      SOCKTALE_NAME(AF_ALG),
    SOCKTALE_NAME(AF_NFC),        SOCKTALE_NAME(AF_VSOCK),     SOCKTALE_NAME(AF_KCM),
    SOCKTALE_NAME(AF_QIPCRTR),    SOCKTALE_NAME(AF_SMC),       SOCKTALE_NAME(AF_XDP),
    Name{45, "AF_MCTP"},
};

constexpr std::array type_names = {
    SOCKTALE_NAME(SOCK_STREAM), SOCKTALE_NAME(SOCK_DGRAM),     SOCKTALE_NAME(SOCK_RAW),
    SOCKTALE_NAME(SOCK_RDM),    SOCKTALE_NAME(SOCK_SEQPACKET), SOCKTALE_NAME(SOCK_DCCP),
    SOCKTALE_NAME(SOCK_PACKET),
};

// In the order in which strace writes them.
constexpr std::array type_flag_names = {SOCKTALE_NAME(SOCK_CLOEXEC), SOCKTALE_NAME(SOCK_NONBLOCK)};

constexpr std::array inet_protocol_names = {
    SOCKTALE_NAME(IPPROTO_IP),      SOCKTALE_NAME(IPPROTO_ICMP),     SOCKTALE_NAME(IPPROTO_IGMP),
    SOCKTALE_NAME(IPPROTO_IPIP),    SOCKTALE_NAME(IPPROTO_TCP),      SOCKTALE_NAME(IPPROTO_EGP),
    SOCKTALE_NAME(IPPROTO_PUP),     SOCKTALE_NAME(IPPROTO_UDP),      SOCKTALE_NAME(IPPROTO_IDP),
    SOCKTALE_NAME(IPPROTO_TP),      SOCKTALE_NAME(IPPROTO_DCCP),     SOCKTALE_NAME(IPPROTO_IPV6),
    SOCKTALE_NAME(IPPROTO_ROUTING), SOCKTALE_NAME(IPPROTO_FRAGMENT), SOCKTALE_NAME(IPPROTO_RSVP),
    SOCKTALE_NAME(IPPROTO_GRE),     SOCKTALE_NAME(IPPROTO_ESP),      SOCKTALE_NAME(IPPROTO_AH),
    SOCKTALE_NAME(IPPROTO_ICMPV6),  SOCKTALE_NAME(IPPROTO_NONE),     SOCKTALE_NAME(IPPROTO_DSTOPTS),
    SOCKTALE_NAME(IPPROTO_MTP),     SOCKTALE_NAME(IPPROTO_BEETPH),   SOCKTALE_NAME(IPPROTO_ENCAP),
    SOCKTALE_NAME(IPPROTO_PIM),     SOCKTALE_NAME(IPPROTO_COMP),     Name{115, "IPPROTO_L2TP"},
    SOCKTALE_NAME(IPPROTO_SCTP),    SOCKTALE_NAME(IPPROTO_MH),       SOCKTALE_NAME(IPPROTO_UDPLITE),
    SOCKTALE_NAME(IPPROTO_MPLS),    SOCKTALE_NAME(IPPROTO_ETHERNET), SOCKTALE_NAME(IPPROTO_RAW),
    SOCKTALE_NAME(IPPROTO_MPTCP),
};

constexpr std::array netlink_protocol_names = {
    SOCKTALE_NAME(NETLINK_ROUTE),      SOCKTALE_NAME(NETLINK_UNUSED),
    SOCKTALE_NAME(NETLINK_USERSOCK),   SOCKTALE_NAME(NETLINK_FIREWALL),
    SOCKTALE_NAME(NETLINK_SOCK_DIAG),  SOCKTALE_NAME(NETLINK_NFLOG),
    SOCKTALE_NAME(NETLINK_XFRM),       SOCKTALE_NAME(NETLINK_SELINUX),
    SOCKTALE_NAME(NETLINK_ISCSI),      SOCKTALE_NAME(NETLINK_AUDIT),
    SOCKTALE_NAME(NETLINK_FIB_LOOKUP), SOCKTALE_NAME(NETLINK_CONNECTOR),
    SOCKTALE_NAME(NETLINK_NETFILTER),  SOCKTALE_NAME(NETLINK_IP6_FW),
    SOCKTALE_NAME(NETLINK_DNRTMSG),    SOCKTALE_NAME(NETLINK_KOBJECT_UEVENT),
    SOCKTALE_NAME(NETLINK_GENERIC),    SOCKTALE_NAME(NETLINK_SCSITRANSPORT),
    SOCKTALE_NAME(NETLINK_ECRYPTFS),   SOCKTALE_NAME(NETLINK_RDMA),
    SOCKTALE_NAME(NETLINK_CRYPTO),     SOCKTALE_NAME(NETLINK_SMC),
};

// The last ones are set by the kernel or kept for other protocols; numbers as linux/socket.h has
// them.
constexpr std::array message_flag_names = {
    SOCKTALE_NAME(MSG_OOB),      SOCKTALE_NAME(MSG_PEEK),       SOCKTALE_NAME(MSG_DONTROUTE),
    SOCKTALE_NAME(MSG_CTRUNC),   SOCKTALE_NAME(MSG_PROXY),      SOCKTALE_NAME(MSG_TRUNC),
    SOCKTALE_NAME(MSG_DONTWAIT), SOCKTALE_NAME(MSG_EOR),        SOCKTALE_NAME(MSG_WAITALL),
    SOCKTALE_NAME(MSG_FIN),      SOCKTALE_NAME(MSG_SYN),        SOCKTALE_NAME(MSG_CONFIRM),
    SOCKTALE_NAME(MSG_RST),      SOCKTALE_NAME(MSG_ERRQUEUE),   SOCKTALE_NAME(MSG_NOSIGNAL),
    SOCKTALE_NAME(MSG_MORE),     SOCKTALE_NAME(MSG_WAITFORONE), SOCKTALE_NAME(MSG_BATCH),
    SOCKTALE_NAME(MSG_ZEROCOPY), SOCKTALE_NAME(MSG_FASTOPEN),   SOCKTALE_NAME(MSG_CMSG_CLOEXEC),
};

constexpr std::array shutdown_names = {SOCKTALE_NAME(SHUT_RD), SOCKTALE_NAME(SHUT_WR),
                                       SOCKTALE_NAME(SHUT_RDWR)};

constexpr std::array level_names = {
    SOCKTALE_NAME(SOL_IP),   SOCKTALE_NAME(SOL_SOCKET), SOCKTALE_NAME(SOL_TCP),
    Name{17, "SOL_UDP"},     SOCKTALE_NAME(SOL_IPV6),   SOCKTALE_NAME(SOL_ICMPV6),
    SOCKTALE_NAME(SOL_RAW),  SOCKTALE_NAME(SOL_PACKET), SOCKTALE_NAME(SOL_NETLINK),
    Name{132, "SOL_SCTP"},   Name{136, "SOL_UDPLITE"},  SOCKTALE_NAME(SOL_ATM),
    SOCKTALE_NAME(SOL_TIPC), SOCKTALE_NAME(SOL_ALG),    SOCKTALE_NAME(SOL_TLS),
    SOCKTALE_NAME(SOL_XDP),  SOCKTALE_NAME(SOL_DCCP),   SOCKTALE_NAME(SOL_BLUETOOTH),
    Name{284, "SOL_MPTCP"},  Name{287, "SOL_VSOCK"},
};

constexpr std::array poll_names = {
    SOCKTALE_NAME(POLLIN),     SOCKTALE_NAME(POLLPRI),    SOCKTALE_NAME(POLLOUT),
    SOCKTALE_NAME(POLLERR),    SOCKTALE_NAME(POLLHUP),    SOCKTALE_NAME(POLLNVAL),
    SOCKTALE_NAME(POLLRDNORM), SOCKTALE_NAME(POLLRDBAND), SOCKTALE_NAME(POLLWRNORM),
    SOCKTALE_NAME(POLLWRBAND), Name{0x400, "POLLMSG"},    Name{0x2000, "POLLRDHUP"},
};

constexpr std::array epoll_op_names = {SOCKTALE_NAME(EPOLL_CTL_ADD), SOCKTALE_NAME(EPOLL_CTL_DEL),
                                       SOCKTALE_NAME(EPOLL_CTL_MOD)};

constexpr std::array epoll_names = {
    SOCKTALE_NAME(EPOLLIN),     SOCKTALE_NAME(EPOLLPRI),     SOCKTALE_NAME(EPOLLOUT),
    SOCKTALE_NAME(EPOLLRDNORM), SOCKTALE_NAME(EPOLLRDBAND),  SOCKTALE_NAME(EPOLLWRNORM),
    SOCKTALE_NAME(EPOLLWRBAND), SOCKTALE_NAME(EPOLLMSG),     SOCKTALE_NAME(EPOLLERR),
    SOCKTALE_NAME(EPOLLHUP),    SOCKTALE_NAME(EPOLLRDHUP),   SOCKTALE_NAME(EPOLLEXCLUSIVE),
    SOCKTALE_NAME(EPOLLWAKEUP), SOCKTALE_NAME(EPOLLONESHOT), SOCKTALE_NAME(EPOLLET),
};

constexpr std::array fcntl_names = {
    SOCKTALE_NAME(F_DUPFD),  SOCKTALE_NAME(F_GETFD),  SOCKTALE_NAME(F_SETFD),
    SOCKTALE_NAME(F_GETFL),  SOCKTALE_NAME(F_SETFL),  SOCKTALE_NAME(F_GETLK),
    SOCKTALE_NAME(F_SETLK),  SOCKTALE_NAME(F_SETLKW), Name{8, "F_SETOWN"},
    Name{9, "F_GETOWN"},     Name{10, "F_SETSIG"},    Name{11, "F_GETSIG"},
    Name{15, "F_SETOWN_EX"}, Name{16, "F_GETOWN_EX"}, SOCKTALE_NAME(F_DUPFD_CLOEXEC),
};

constexpr std::array descriptor_flag_names = {SOCKTALE_NAME(FD_CLOEXEC)};

constexpr std::array status_flag_names = {
    SOCKTALE_NAME(O_WRONLY),   SOCKTALE_NAME(O_RDWR),  SOCKTALE_NAME(O_APPEND),
    SOCKTALE_NAME(O_NONBLOCK), SOCKTALE_NAME(O_DSYNC), SOCKTALE_NAME(O_ASYNC),
};

constexpr std::array ioctl_names = {
    SOCKTALE_NAME(FIONBIO),        SOCKTALE_NAME(FIONREAD),       SOCKTALE_NAME(FIOASYNC),
    SOCKTALE_NAME(FIOCLEX),        SOCKTALE_NAME(FIONCLEX),       SOCKTALE_NAME(TIOCOUTQ),
    SOCKTALE_NAME(FIOSETOWN),      SOCKTALE_NAME(SIOCSPGRP),      SOCKTALE_NAME(FIOGETOWN),
    SOCKTALE_NAME(SIOCGPGRP),      SOCKTALE_NAME(SIOCATMARK),     SOCKTALE_NAME(SIOCGIFNAME),
    SOCKTALE_NAME(SIOCGIFCONF),    SOCKTALE_NAME(SIOCGIFFLAGS),   SOCKTALE_NAME(SIOCSIFFLAGS),
    SOCKTALE_NAME(SIOCGIFADDR),    SOCKTALE_NAME(SIOCSIFADDR),    SOCKTALE_NAME(SIOCGIFDSTADDR),
    SOCKTALE_NAME(SIOCGIFBRDADDR), SOCKTALE_NAME(SIOCGIFNETMASK), SOCKTALE_NAME(SIOCGIFMETRIC),
    SOCKTALE_NAME(SIOCGIFMTU),     SOCKTALE_NAME(SIOCGIFHWADDR),  SOCKTALE_NAME(SIOCGIFINDEX),
    SOCKTALE_NAME(SIOCGIFTXQLEN),  SOCKTALE_NAME(SIOCETHTOOL),    SOCKTALE_NAME(SIOCOUTQNSD),
};

constexpr std::array close_range_names = {SOCKTALE_NAME(CLOSE_RANGE_UNSHARE),
                                          SOCKTALE_NAME(CLOSE_RANGE_CLOEXEC)};

constexpr std::array splice_names = {SOCKTALE_NAME(SPLICE_F_MOVE), SOCKTALE_NAME(SPLICE_F_NONBLOCK),
                                     SOCKTALE_NAME(SPLICE_F_MORE), SOCKTALE_NAME(SPLICE_F_GIFT)};

#undef SOCKTALE_NAME

// include/net/tcp_states.h and inet_diag.c have no names that programs could include.
constexpr std::array tcp_state_names = {
    Name{1, "ESTABLISHED"}, Name{2, "SYN_SENT"},  Name{3, "SYN_RECV"}, Name{4, "FIN_WAIT1"},
    Name{5, "FIN_WAIT2"},   Name{6, "TIME_WAIT"}, Name{7, "CLOSE"},    Name{8, "CLOSE_WAIT"},
    Name{9, "LAST_ACK"},    Name{10, "LISTEN"},   Name{11, "CLOSING"}, Name{12, "NEW_SYN_RECV"}};

constexpr std::array diag_timer_names = {Name{1, "retransmit"}, Name{2, "keepalive"},
                                         Name{3, "timewait"}, Name{4, "probe"}};

} // namespace

Names families() { return {family_names, "AF_???"}; }
Names socket_types() { return {type_names, "SOCK_???"}; }
Names socket_type_flags() { return {type_flag_names, "SOCK_???"}; }
Names inet_protocols() { return {inet_protocol_names, "IPPROTO_???"}; }
Names netlink_protocols() { return {netlink_protocol_names, "NETLINK_???"}; }
Names message_flags() { return {message_flag_names, "MSG_???"}; }
Names shutdown_hows() { return {shutdown_names, "SHUT_???"}; }
Names option_levels() { return {level_names, "SOL_??"}; }
Names poll_events() { return {poll_names, "POLL???"}; }
Names epoll_ops() { return {epoll_op_names, "EPOLL_CTL_???"}; }
Names epoll_events() { return {epoll_names, "EPOLL???"}; }
Names fcntl_commands() { return {fcntl_names, "F_???"}; }
Names descriptor_flags() { return {descriptor_flag_names, "FD_???"}; }
Names file_status_flags() { return {status_flag_names, "O_???"}; }
Names ioctl_requests() { return {ioctl_names, ""}; }
Names close_range_flags() { return {close_range_names, "CLOSE_RANGE_???"}; }
Names splice_flags() { return {splice_names, "SPLICE_F_???"}; }
Names tcp_states() { return {tcp_state_names, ""}; }
Names diag_timers() { return {diag_timer_names, ""}; }

std::string_view name_of(Names names, std::int64_t number) {
  const auto at = std::ranges::find(names.rows, number, &Name::number);
  return at == names.rows.end() ? std::string_view{} : at->name;
}

} // namespace socktale::tables
