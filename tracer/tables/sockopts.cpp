// The levels of socket options and look-up in them; the options are in the rooms sockopts_*.cpp.
#include "tracer/tables/sockopts.hpp"

#include "tracer/tables/sockopt_rooms.hpp"

#include <algorithm>
#include <array>

#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace socktale::tables {
namespace {

// include/linux/socket.h, where Debian 12's headers have no name.
constexpr int sol_udp = 17;

const std::array levels = {
    OptionLevel{SOL_IP, "SOL_IP", "IP_???", ip_options()},
    OptionLevel{SOL_SOCKET, "SOL_SOCKET", "SO_???", socket_options()},
    OptionLevel{SOL_TCP, "SOL_TCP", "TCP_???", tcp_options()},
    OptionLevel{sol_udp, "SOL_UDP", "UDP_???", udp_options()},
    OptionLevel{AF_VSOCK, "AF_VSOCK", "SO_VM_???", vsock_options()},
    OptionLevel{SOL_IPV6, "SOL_IPV6", "IPV6_???", ipv6_options()},
    OptionLevel{SOL_ICMPV6, "SOL_ICMPV6", "", SocketOptions{}},
    OptionLevel{100, "SOL_CAN_BASE", "", SocketOptions{}},
    OptionLevel{101, "SOL_CAN_RAW", "CAN_RAW_???", can_raw_options()},
    OptionLevel{132, "SOL_SCTP", "SCTP_???", sctp_options()},
    OptionLevel{136, "SOL_UDPLITE", "", SocketOptions{}},
    OptionLevel{SOL_RAW, "SOL_RAW", "RAW_???", raw_options()},
    OptionLevel{256, "SOL_IPX", "IPX_???", ipx_options()},
    OptionLevel{257, "SOL_AX25", "AX25_???", ax25_options()},
    OptionLevel{258, "SOL_ATALK", "", SocketOptions{}},
    OptionLevel{259, "SOL_NETROM", "", SocketOptions{}},
    OptionLevel{260, "SOL_ROSE", "", SocketOptions{}},
    OptionLevel{SOL_DECNET, "SOL_DECNET", "", SocketOptions{}},
    OptionLevel{SOL_X25, "SOL_X25", "", SocketOptions{}},
    OptionLevel{SOL_PACKET, "SOL_PACKET", "PACKET_???", packet_options()},
    OptionLevel{SOL_ATM, "SOL_ATM", "", SocketOptions{}},
    OptionLevel{SOL_AAL, "SOL_AAL", "", SocketOptions{}},
    OptionLevel{SOL_IRDA, "SOL_IRDA", "IRLMP_???", irda_options()},
    OptionLevel{SOL_NETBEUI, "SOL_NETBEUI", "", SocketOptions{}},
    OptionLevel{SOL_LLC, "SOL_LLC", "LLC_OPT_???", llc_options()},
    OptionLevel{SOL_DCCP, "SOL_DCCP", "DCCP_SOCKOPT_???", dccp_options()},
    OptionLevel{SOL_NETLINK, "SOL_NETLINK", "NETLINK_???", netlink_options()},
    OptionLevel{SOL_TIPC, "SOL_TIPC", "TIPC_???", tipc_options()},
    OptionLevel{SOL_RXRPC, "SOL_RXRPC", "RXRPC_???", rxrpc_options()},
    OptionLevel{SOL_PPPOL2TP, "SOL_PPPOL2TP", "PPPOL2TP_SO_???", pppol2tp_options()},
    OptionLevel{SOL_BLUETOOTH, "SOL_BLUETOOTH", "BT_???", bluetooth_options()},
    OptionLevel{SOL_PNPIPE, "SOL_PNPIPE", "PNPIPE_???", pnpipe_options()},
    OptionLevel{SOL_RDS, "SOL_RDS", "RDS_???", rds_options()},
    OptionLevel{SOL_IUCV, "SOL_IUCV", "SO_???", iucv_options()},
    OptionLevel{SOL_CAIF, "SOL_CAIF", "CAIFSO_???", caif_options()},
    OptionLevel{SOL_ALG, "SOL_ALG", "ALG_???", alg_options()},
    OptionLevel{SOL_NFC, "SOL_NFC", "NFC_LLCP_???", nfc_options()},
    OptionLevel{SOL_KCM, "SOL_KCM", "KCM_???", kcm_options()},
    OptionLevel{SOL_TLS, "SOL_TLS", "TLS_???", tls_options()},
    OptionLevel{SOL_XDP, "SOL_XDP", "XDP_???", xdp_options()},
    OptionLevel{284, "SOL_MPTCP", "MPTCP_???", SocketOptions{}},
    OptionLevel{285, "SOL_MCTP", "MCTP_???", SocketOptions{}},
    OptionLevel{286, "SOL_SMC", "SMC_???", SocketOptions{}},
    OptionLevel{287, "SOL_VSOCK", "", SocketOptions{}},
};

} // namespace

std::span<const OptionLevel> option_levels() { return levels; }

const OptionLevel* option_level(int level) {
  const auto* at = std::ranges::find(levels, level, &OptionLevel::number);
  return at == levels.end() ? nullptr : at;
}

const SocketOption* socket_option(int level, int number) {
  const OptionLevel* of = option_level(level);
  if (of == nullptr) return nullptr;
  const auto at = std::ranges::find(of->options, number, &SocketOption::number);
  return at == of->options.end() ? nullptr : &*at;
}

} // namespace socktale::tables
