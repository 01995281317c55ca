// Names of what stands in the addresses of the rarer families. Those without a header for programs
// have the kernel's numbers: net/bluetooth/*.h, net/nfc/llcp.h, net/af_ieee802154.h.
#include "tracer/tables/names.hpp"

#include <array>

#include <linux/if_xdp.h>
#include <linux/mctp.h>
#include <linux/nfc.h>
#include <linux/qrtr.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>

namespace socktale::tables {
namespace {

#define SOCKTALE_NAME(constant)                                                                    \
  Name { static_cast<std::int64_t>(constant), #constant }

constexpr std::array hci_channels_rows = {
    Name{0, "HCI_CHANNEL_RAW"},     Name{1, "HCI_CHANNEL_USER"},    Name{2, "HCI_CHANNEL_MONITOR"},
    Name{3, "HCI_CHANNEL_CONTROL"}, Name{4, "HCI_CHANNEL_LOGGING"},
};

constexpr std::array bluetooth_address_types_rows = {
    Name{0, "BDADDR_BREDR"},
    Name{1, "BDADDR_LE_PUBLIC"},
    Name{2, "BDADDR_LE_RANDOM"},
};

constexpr std::array l2cap_services_rows = {
    Name{0x0001, "L2CAP_PSM_SDP"},          Name{0x0003, "L2CAP_PSM_RFCOMM"},
    Name{0x0021, "L2CAP_PSM_3DSP"},         Name{0x0023, "L2CAP_PSM_IPSP"},
    Name{0x0080, "L2CAP_PSM_LE_DYN_START"}, Name{0x00ff, "L2CAP_PSM_LE_DYN_END"},
    Name{0x1001, "L2CAP_PSM_DYN_START"},    Name{0x10ff, "L2CAP_PSM_AUTO_END"},
    Name{0xffff, "L2CAP_PSM_DYN_END"},
};

constexpr std::array l2cap_channels_rows = {
    Name{0x0001, "L2CAP_CID_SIGNALING"},    Name{0x0002, "L2CAP_CID_CONN_LESS"},
    Name{0x0003, "L2CAP_CID_A2MP"},         Name{0x0004, "L2CAP_CID_ATT"},
    Name{0x0005, "L2CAP_CID_LE_SIGNALING"}, Name{0x0006, "L2CAP_CID_SMP"},
    Name{0x0007, "L2CAP_CID_SMP_BREDR"},    Name{0x0040, "L2CAP_CID_DYN_START"},
    Name{0x007f, "L2CAP_CID_LE_DYN_END"},   Name{0xffff, "L2CAP_CID_DYN_END"},
};

constexpr std::array rxrpc_services_rows = {
    Name{1, "CM_SERVICE"},
    Name{2500, "YFS_FS_SERVICE"},
    Name{2501, "YFS_CM_SERVICE"},
    Name{2503, "YFS_VL_SERVICE"},
};

constexpr std::array ieee802154_address_types_rows = {
    Name{0, "IEEE802154_ADDR_NONE"},
    Name{2, "IEEE802154_ADDR_SHORT"},
    Name{3, "IEEE802154_ADDR_LONG"},
};

constexpr std::array ieee802154_addresses_rows = {
    Name{0xfffe, "IEEE802154_ADDR_UNDEF"},
    Name{0xffff, "IEEE802154_ADDR_BROADCAST"},
};

constexpr std::array ieee802154_networks_rows = {
    Name{0xffff, "IEEE802154_PANID_BROADCAST"},
};

constexpr std::array crypto_flags_rows = {
    Name{0x1000, "CRYPTO_ALG_KERN_DRIVER_ONLY"},
};

constexpr std::array nfc_link_protocols_rows = {
    SOCKTALE_NAME(NFC_PROTO_JEWEL),    SOCKTALE_NAME(NFC_PROTO_MIFARE),
    SOCKTALE_NAME(NFC_PROTO_FELICA),   SOCKTALE_NAME(NFC_PROTO_ISO14443),
    SOCKTALE_NAME(NFC_PROTO_NFC_DEP),  SOCKTALE_NAME(NFC_PROTO_ISO14443_B),
    SOCKTALE_NAME(NFC_PROTO_ISO15693),
};

constexpr std::array nfc_services_rows = {
    Name{0x1, "LLCP_SAP_SDP"},  Name{0x2, "LLCP_SAP_IP"},   Name{0x3, "LLCP_SAP_OBEX"},
    Name{0x4, "LLCP_SAP_SNEP"}, Name{0xff, "LLCP_SAP_MAX"},
};

constexpr std::array vsock_contexts_rows = {
    SOCKTALE_NAME(VMADDR_CID_HYPERVISOR),
    SOCKTALE_NAME(VMADDR_CID_LOCAL),
    SOCKTALE_NAME(VMADDR_CID_HOST),
    SOCKTALE_NAME(VMADDR_CID_ANY),
};

constexpr std::array vsock_ports_rows = {
    SOCKTALE_NAME(VMADDR_PORT_ANY),
};

constexpr std::array vsock_flags_rows = {
    SOCKTALE_NAME(VMADDR_FLAG_TO_HOST),
};

constexpr std::array qrtr_nodes_rows = {
    SOCKTALE_NAME(QRTR_NODE_BCAST),
};

constexpr std::array qrtr_ports_rows = {
    SOCKTALE_NAME(QRTR_PORT_CTRL),
};

constexpr std::array xdp_flags_rows = {
    SOCKTALE_NAME(XDP_SHARED_UMEM),
    SOCKTALE_NAME(XDP_COPY),
    SOCKTALE_NAME(XDP_ZEROCOPY),
    SOCKTALE_NAME(XDP_USE_NEED_WAKEUP),
};

constexpr std::array mctp_networks_rows = {
    SOCKTALE_NAME(MCTP_NET_ANY),
};

constexpr std::array mctp_addresses_rows = {
    SOCKTALE_NAME(MCTP_ADDR_NULL),
    SOCKTALE_NAME(MCTP_ADDR_ANY),
};

constexpr std::array tipc_address_types_rows = {
    SOCKTALE_NAME(TIPC_SERVICE_RANGE),
    SOCKTALE_NAME(TIPC_SERVICE_ADDR),
    SOCKTALE_NAME(TIPC_SOCKET_ADDR),
};

constexpr std::array tipc_scopes_rows = {
    SOCKTALE_NAME(TIPC_CLUSTER_SCOPE),
    SOCKTALE_NAME(TIPC_NODE_SCOPE),
};

// linux/if_pppox.h
constexpr std::array pppox_protocols_rows = {Name{0, "PX_PROTO_OE"}, Name{1, "PX_PROTO_OL2TP"},
                                             Name{2, "PX_PROTO_PPTP"}};

#undef SOCKTALE_NAME

} // namespace

Names hci_channels() { return {hci_channels_rows, "HCI_CHANNEL_???"}; }
Names bluetooth_address_types() { return {bluetooth_address_types_rows, "BDADDR_???"}; }
Names l2cap_services() { return {l2cap_services_rows, "L2CAP_PSM_???"}; }
Names l2cap_channels() { return {l2cap_channels_rows, "L2CAP_CID_???"}; }
Names rxrpc_services() { return {rxrpc_services_rows, "???_SERVICE"}; }
Names ieee802154_address_types() { return {ieee802154_address_types_rows, "IEEE802154_ADDR_???"}; }
Names ieee802154_addresses() { return {ieee802154_addresses_rows, ""}; }
Names ieee802154_networks() { return {ieee802154_networks_rows, ""}; }
Names crypto_flags() { return {crypto_flags_rows, "CRYPTO_ALG_???"}; }
Names nfc_link_protocols() { return {nfc_link_protocols_rows, "NFC_PROTO_???"}; }
Names nfc_services() { return {nfc_services_rows, ""}; }
Names vsock_contexts() { return {vsock_contexts_rows, ""}; }
Names vsock_ports() { return {vsock_ports_rows, ""}; }
Names vsock_flags() { return {vsock_flags_rows, "VMADDR_FLAG_???"}; }
Names qrtr_nodes() { return {qrtr_nodes_rows, ""}; }
Names qrtr_ports() { return {qrtr_ports_rows, ""}; }
Names xdp_flags() { return {xdp_flags_rows, "XDP_???"}; }
Names mctp_networks() { return {mctp_networks_rows, ""}; }
Names mctp_addresses() { return {mctp_addresses_rows, ""}; }
Names tipc_address_types() { return {tipc_address_types_rows, "TIPC_???"}; }
Names tipc_scopes() { return {tipc_scopes_rows, "TIPC_???"}; }
Names pppox_protocols() { return {pppox_protocols_rows, "PX_PROTO_???"}; }

} // namespace socktale::tables
