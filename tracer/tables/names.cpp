#include "tracer/tables/names.hpp"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
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

// Some are set by the kernel or kept for other protocols; numbers as include/linux/socket.h has
// them (its MSG_PROBE is MSG_PROXY in the C library).
constexpr std::array message_flag_names = {
    SOCKTALE_NAME(MSG_OOB),          SOCKTALE_NAME(MSG_PEEK),
    SOCKTALE_NAME(MSG_DONTROUTE),    SOCKTALE_NAME(MSG_CTRUNC),
    Name{0x10, "MSG_PROBE"},         SOCKTALE_NAME(MSG_TRUNC),
    SOCKTALE_NAME(MSG_DONTWAIT),     SOCKTALE_NAME(MSG_EOR),
    SOCKTALE_NAME(MSG_WAITALL),      SOCKTALE_NAME(MSG_FIN),
    SOCKTALE_NAME(MSG_SYN),          SOCKTALE_NAME(MSG_CONFIRM),
    SOCKTALE_NAME(MSG_RST),          SOCKTALE_NAME(MSG_ERRQUEUE),
    SOCKTALE_NAME(MSG_NOSIGNAL),     SOCKTALE_NAME(MSG_MORE),
    SOCKTALE_NAME(MSG_WAITFORONE),   Name{0x20000, "MSG_SENDPAGE_NOTLAST"},
    SOCKTALE_NAME(MSG_BATCH),        Name{0x80000, "MSG_NO_SHARED_FRAGS"},
    SOCKTALE_NAME(MSG_ZEROCOPY),     SOCKTALE_NAME(MSG_FASTOPEN),
    SOCKTALE_NAME(MSG_CMSG_CLOEXEC), Name{0x80000000, "MSG_CMSG_COMPAT"},
};

constexpr std::array shutdown_names = {SOCKTALE_NAME(SHUT_RD), SOCKTALE_NAME(SHUT_WR),
                                       SOCKTALE_NAME(SHUT_RDWR)};

constexpr std::array poll_names = {
    SOCKTALE_NAME(POLLIN),     SOCKTALE_NAME(POLLPRI),         SOCKTALE_NAME(POLLOUT),
    SOCKTALE_NAME(POLLERR),    SOCKTALE_NAME(POLLHUP),         SOCKTALE_NAME(POLLNVAL),
    SOCKTALE_NAME(POLLRDNORM), SOCKTALE_NAME(POLLRDBAND),      SOCKTALE_NAME(POLLWRNORM),
    SOCKTALE_NAME(POLLWRBAND), Name{0x400, "POLLMSG"},         Name{0x1000, "POLLREMOVE"},
    Name{0x2000, "POLLRDHUP"}, Name{0x8000, "POLL_BUSY_LOOP"},
};

constexpr std::array epoll_op_names = {SOCKTALE_NAME(EPOLL_CTL_ADD), SOCKTALE_NAME(EPOLL_CTL_DEL),
                                       SOCKTALE_NAME(EPOLL_CTL_MOD)};

constexpr std::array epoll_names = {
    SOCKTALE_NAME(EPOLLIN),        SOCKTALE_NAME(EPOLLPRI),    SOCKTALE_NAME(EPOLLOUT),
    SOCKTALE_NAME(EPOLLERR),       SOCKTALE_NAME(EPOLLHUP),    Name{0x20, "EPOLLNVAL"},
    SOCKTALE_NAME(EPOLLRDNORM),    SOCKTALE_NAME(EPOLLRDBAND), SOCKTALE_NAME(EPOLLWRNORM),
    SOCKTALE_NAME(EPOLLWRBAND),    SOCKTALE_NAME(EPOLLMSG),    SOCKTALE_NAME(EPOLLRDHUP),
    SOCKTALE_NAME(EPOLLEXCLUSIVE), SOCKTALE_NAME(EPOLLWAKEUP), SOCKTALE_NAME(EPOLLONESHOT),
    SOCKTALE_NAME(EPOLLET),
};

// Some are shown to GNU programs only, or, being those of 32-bit programs, not at all.
constexpr std::array fcntl_names = {
    SOCKTALE_NAME(F_DUPFD),     SOCKTALE_NAME(F_GETFD),         SOCKTALE_NAME(F_SETFD),
    SOCKTALE_NAME(F_GETFL),     SOCKTALE_NAME(F_SETFL),         SOCKTALE_NAME(F_GETLK),
    SOCKTALE_NAME(F_SETLK),     SOCKTALE_NAME(F_SETLKW),        Name{8, "F_SETOWN"},
    Name{9, "F_GETOWN"},        Name{10, "F_SETSIG"},           Name{11, "F_GETSIG"},
    Name{12, "F_GETLK64"},      Name{13, "F_SETLK64"},          Name{14, "F_SETLKW64"},
    Name{15, "F_SETOWN_EX"},    Name{16, "F_GETOWN_EX"},        Name{17, "F_GETOWNER_UIDS"},
    Name{36, "F_OFD_GETLK"},    Name{37, "F_OFD_SETLK"},        Name{38, "F_OFD_SETLKW"},
    Name{1024, "F_SETLEASE"},   Name{1025, "F_GETLEASE"},       Name{1026, "F_NOTIFY"},
    Name{1029, "F_CANCELLK"},   SOCKTALE_NAME(F_DUPFD_CLOEXEC), Name{1031, "F_SETPIPE_SZ"},
    Name{1032, "F_GETPIPE_SZ"}, Name{1033, "F_ADD_SEALS"},      Name{1034, "F_GET_SEALS"},
};

// linux/fcntl.h
constexpr std::array owner_type_names = {Name{0, "F_OWNER_TID"}, Name{1, "F_OWNER_PID"},
                                         Name{2, "F_OWNER_PGRP"}};

constexpr std::array descriptor_flag_names = {SOCKTALE_NAME(FD_CLOEXEC)};

// In the order in which strace writes them. Numbers where the C library has 0 or shows them to GNU
// programs only.
constexpr std::array status_flag_names = {
    SOCKTALE_NAME(O_CREAT),       SOCKTALE_NAME(O_EXCL),     SOCKTALE_NAME(O_NOCTTY),
    SOCKTALE_NAME(O_TRUNC),       SOCKTALE_NAME(O_APPEND),   SOCKTALE_NAME(O_NONBLOCK),
    SOCKTALE_NAME(O_SYNC),        SOCKTALE_NAME(O_DSYNC),    Name{040000, "O_DIRECT"},
    Name{0100000, "O_LARGEFILE"}, SOCKTALE_NAME(O_NOFOLLOW), Name{01000000, "O_NOATIME"},
    SOCKTALE_NAME(O_CLOEXEC),     Name{010000000, "O_PATH"}, SOCKTALE_NAME(O_DIRECTORY),
    Name{020000, "FASYNC"},
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
Names message_flags() { return {message_flag_names, "MSG_???"}; }
Names shutdown_hows() { return {shutdown_names, "SHUT_???"}; }
Names poll_events() { return {poll_names, "POLL???"}; }
Names epoll_ops() { return {epoll_op_names, "EPOLL_CTL_???"}; }
Names epoll_events() { return {epoll_names, "EPOLL???"}; }
Names fcntl_commands() { return {fcntl_names, "F_???"}; }
Names owner_types() { return {owner_type_names, "F_OWNER_???"}; }
Names descriptor_flags() { return {descriptor_flag_names, "FD_???"}; }
Names file_status_flags() { return {status_flag_names, "O_???"}; }
Names close_range_flags() { return {close_range_names, "CLOSE_RANGE_???"}; }
Names splice_flags() { return {splice_names, "SPLICE_F_???"}; }
Names tcp_states() { return {tcp_state_names, ""}; }
Names diag_timers() { return {diag_timer_names, ""}; }

std::string_view name_of(Names names, std::int64_t number) {
  const auto at = std::ranges::find(names.rows, number, &Name::number);
  return at == names.rows.end() ? std::string_view{} : at->name;
}

} // namespace socktale::tables
