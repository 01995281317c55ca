// Names of the numbers that socket calls take: families, types, protocols, flags, requests, and
// what stands in addresses and options. Data, in the rooms names*.cpp, and look-up only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace socktale::tables {

struct Name {
  std::int64_t number;
  std::string_view name;
};
// A set of constants; `unknown` stands for a number that is none of them: "AF_???".
struct Names {
  std::span<const Name> rows;
  std::string_view unknown;
  [[nodiscard]] auto begin() const { return rows.begin(); }
  [[nodiscard]] auto end() const { return rows.end(); }
};

[[nodiscard]] Names families();
[[nodiscard]] Names socket_types();
[[nodiscard]] Names socket_type_flags();
[[nodiscard]] Names inet_protocols();
[[nodiscard]] Names netlink_protocols();
[[nodiscard]] Names message_flags();
[[nodiscard]] Names shutdown_hows();
[[nodiscard]] Names poll_events();
[[nodiscard]] Names epoll_ops();
[[nodiscard]] Names epoll_events();
[[nodiscard]] Names fcntl_commands();
[[nodiscard]] Names descriptor_flags();
[[nodiscard]] Names owner_types();
[[nodiscard]] Names file_status_flags();
[[nodiscard]] Names ioctl_requests();
[[nodiscard]] Names close_range_flags();
[[nodiscard]] Names splice_flags();
[[nodiscard]] Names tcp_states();  // as proc(5) and sock_diag(7) number them
[[nodiscard]] Names diag_timers(); // idiag_timer of sock_diag(7)

// Of socket(2)'s third argument for this family; no rows: a plain number.
[[nodiscard]] Names protocols_of(int family);

[[nodiscard]] Names ethernet_protocols();
[[nodiscard]] Names hardware_types();
[[nodiscard]] Names packet_types();
[[nodiscard]] Names packet_memberships();
[[nodiscard]] Names interface_flags();
[[nodiscard]] Names can_protocols();
[[nodiscard]] Names bluetooth_protocols();
[[nodiscard]] Names ax25_protocols();
[[nodiscard]] Names isdn_protocols();
[[nodiscard]] Names phonet_protocols();
[[nodiscard]] Names caif_protocols();
[[nodiscard]] Names nfc_protocols();
[[nodiscard]] Names kcm_protocols();
[[nodiscard]] Names smc_protocols();
[[nodiscard]] Names irda_protocols();
[[nodiscard]] Names hci_channels();
[[nodiscard]] Names bluetooth_address_types();
[[nodiscard]] Names l2cap_services();
[[nodiscard]] Names l2cap_channels();
[[nodiscard]] Names rxrpc_services();
[[nodiscard]] Names ieee802154_address_types();
[[nodiscard]] Names ieee802154_addresses();
[[nodiscard]] Names ieee802154_networks();
[[nodiscard]] Names crypto_flags();
[[nodiscard]] Names nfc_link_protocols();
[[nodiscard]] Names nfc_services();
[[nodiscard]] Names vsock_contexts();
[[nodiscard]] Names vsock_ports();
[[nodiscard]] Names vsock_flags();
[[nodiscard]] Names qrtr_nodes();
[[nodiscard]] Names qrtr_ports();
[[nodiscard]] Names xdp_flags();
[[nodiscard]] Names mctp_networks();
[[nodiscard]] Names mctp_addresses();
[[nodiscard]] Names tipc_address_types();
[[nodiscard]] Names tipc_scopes();
[[nodiscard]] Names pppox_protocols();
[[nodiscard]] Names icmp_types();
[[nodiscard]] Names rehash_choices();
[[nodiscard]] Names buffer_locks();
[[nodiscard]] Names timestamping_flags();
[[nodiscard]] Names path_mtu_choices();
[[nodiscard]] Names path_mtu6_choices();
[[nodiscard]] Names packet_versions();
[[nodiscard]] Names can_error_classes();
[[nodiscard]] Names can_id_flags();
[[nodiscard]] Names tls_versions();
[[nodiscard]] Names tls_ciphers();
[[nodiscard]] Names tcp_info_states();
[[nodiscard]] Names congestion_states();
[[nodiscard]] Names tcp_info_options();

// Empty: no such number.
[[nodiscard]] std::string_view name_of(Names names, std::int64_t number);

} // namespace socktale::tables
