// What the rooms of the option table give to sockopts.cpp. Private to tables.
#pragma once

#include "tracer/tables/sockopts.hpp"

namespace socktale::tables {

SocketOptions socket_options();
SocketOptions netlink_options();
SocketOptions vsock_options();
SocketOptions packet_options();

SocketOptions ip_options();
SocketOptions ipv6_options();
SocketOptions tcp_options();
SocketOptions udp_options();
SocketOptions raw_options();
SocketOptions dccp_options();
SocketOptions sctp_options();
SocketOptions kcm_options();
SocketOptions tls_options();

SocketOptions can_raw_options();
SocketOptions ipx_options();
SocketOptions ax25_options();
SocketOptions irda_options();
SocketOptions llc_options();
SocketOptions tipc_options();
SocketOptions rxrpc_options();
SocketOptions pppol2tp_options();
SocketOptions bluetooth_options();
SocketOptions pnpipe_options();
SocketOptions rds_options();
SocketOptions iucv_options();
SocketOptions caif_options();
SocketOptions alg_options();
SocketOptions nfc_options();
SocketOptions xdp_options();

} // namespace socktale::tables
