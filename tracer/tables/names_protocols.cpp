// Names of the protocols that socket(2) is asked for, by family. Those without a header for
// programs have the kernel's numbers: net/ax25.h, net/bluetooth/bluetooth.h, linux/irda.h and
// others.
#include "tracer/tables/names.hpp"

#include <algorithm>
#include <array>

#include <linux/caif/caif_socket.h>
#include <linux/can.h>
#include <linux/kcm.h>
#include <linux/netlink.h>
#include <linux/nfc.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace socktale::tables {
namespace {

#define SOCKTALE_NAME(constant)                                                                    \
  Name { static_cast<std::int64_t>(constant), #constant }

constexpr std::array inet_protocols_rows = {
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

constexpr std::array netlink_protocols_rows = {
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

constexpr std::array can_protocols_rows = {
    SOCKTALE_NAME(CAN_RAW),   SOCKTALE_NAME(CAN_BCM),   SOCKTALE_NAME(CAN_TP16),
    SOCKTALE_NAME(CAN_TP20),  SOCKTALE_NAME(CAN_MCNET), SOCKTALE_NAME(CAN_ISOTP),
    SOCKTALE_NAME(CAN_J1939),
};

constexpr std::array bluetooth_protocols_rows = {
    Name{0, "BTPROTO_L2CAP"},  Name{1, "BTPROTO_HCI"},   Name{2, "BTPROTO_SCO"},
    Name{3, "BTPROTO_RFCOMM"}, Name{4, "BTPROTO_BNEP"},  Name{5, "BTPROTO_CMTP"},
    Name{6, "BTPROTO_HIDP"},   Name{7, "BTPROTO_AVDTP"},
};

constexpr std::array ax25_protocols_rows = {
    Name{0x1, "AX25_P_ROSE"},    Name{0x6, "AX25_P_VJCOMP"},     Name{0x7, "AX25_P_VJUNCOMP"},
    Name{0x8, "AX25_P_SEGMENT"}, Name{0xc3, "AX25_P_TEXNET"},    Name{0xc4, "AX25_P_LQ"},
    Name{0xca, "AX25_P_ATALK"},  Name{0xcb, "AX25_P_ATALK_ARP"}, Name{0xcc, "AX25_P_IP"},
    Name{0xcd, "AX25_P_ARP"},    Name{0xce, "AX25_P_FLEXNET"},   Name{0xcf, "AX25_P_NETROM"},
    Name{0xf0, "AX25_P_TEXT"},
};

constexpr std::array isdn_protocols_rows = {
    Name{0x00, "ISDN_P_BASE"},        Name{0x01, "ISDN_P_TE_S0"},    Name{0x02, "ISDN_P_NT_S0"},
    Name{0x03, "ISDN_P_TE_E1"},       Name{0x04, "ISDN_P_NT_E1"},    Name{0x10, "ISDN_P_LAPD_TE"},
    Name{0x11, "ISDN_P_LAPD_NT"},     Name{0x21, "ISDN_P_B_RAW"},    Name{0x22, "ISDN_P_B_HDLC"},
    Name{0x23, "ISDN_P_B_X75SLP"},    Name{0x24, "ISDN_P_B_L2DTMF"}, Name{0x25, "ISDN_P_B_L2DSP"},
    Name{0x26, "ISDN_P_B_L2DSPHDLC"},
};

constexpr std::array phonet_protocols_rows = {
    Name{0, "PN_PROTO_TRANSPORT"},
    Name{1, "PN_PROTO_PHONET"},
    Name{2, "PN_PROTO_PIPE"},
};

constexpr std::array caif_protocols_rows = {
    SOCKTALE_NAME(CAIFPROTO_AT),
    SOCKTALE_NAME(CAIFPROTO_DATAGRAM),
    SOCKTALE_NAME(CAIFPROTO_DATAGRAM_LOOP),
    SOCKTALE_NAME(CAIFPROTO_UTIL),
    SOCKTALE_NAME(CAIFPROTO_RFM),
    SOCKTALE_NAME(CAIFPROTO_DEBUG),
};

constexpr std::array nfc_protocols_rows = {
    SOCKTALE_NAME(NFC_SOCKPROTO_RAW),
    SOCKTALE_NAME(NFC_SOCKPROTO_LLCP),
};

constexpr std::array kcm_protocols_rows = {
    SOCKTALE_NAME(KCMPROTO_CONNECTED),
};

constexpr std::array smc_protocols_rows = {
    Name{0, "SMCPROTO_SMC"},
    Name{1, "SMCPROTO_SMC6"},
};

constexpr std::array irda_protocols_rows = {
    Name{0, "IRDAPROTO_UNITDATA"},
    Name{1, "IRDAPROTO_ULTRA"},
};

#undef SOCKTALE_NAME

} // namespace

Names inet_protocols() { return {inet_protocols_rows, "IPPROTO_???"}; }
Names netlink_protocols() { return {netlink_protocols_rows, "NETLINK_???"}; }
Names can_protocols() { return {can_protocols_rows, "CAN_???"}; }
Names bluetooth_protocols() { return {bluetooth_protocols_rows, "BTPROTO_???"}; }
Names ax25_protocols() { return {ax25_protocols_rows, "AX25_P_???"}; }
Names isdn_protocols() { return {isdn_protocols_rows, "ISDN_P_???"}; }
Names phonet_protocols() { return {phonet_protocols_rows, "PN_PROTO_???"}; }
Names caif_protocols() { return {caif_protocols_rows, "CAIFPROTO_???"}; }
Names nfc_protocols() { return {nfc_protocols_rows, "NFC_SOCKPROTO_???"}; }
Names kcm_protocols() { return {kcm_protocols_rows, "KCMPROTO_???"}; }
Names smc_protocols() { return {smc_protocols_rows, "SMCPROTO_???"}; }
Names irda_protocols() { return {irda_protocols_rows, "IRDAPROTO_???"}; }

namespace {

struct FamilyRow {
  int family;
  Names (*protocols)();
};
constexpr std::array family_rows = {
    FamilyRow{AF_INET, inet_protocols},
    FamilyRow{AF_INET6, inet_protocols},
    FamilyRow{AF_NETLINK, netlink_protocols},
    FamilyRow{AF_PACKET, ethernet_protocols},
    FamilyRow{AF_CAN, can_protocols},
    FamilyRow{AF_BLUETOOTH, bluetooth_protocols},
    FamilyRow{AF_AX25, ax25_protocols},
    FamilyRow{AF_IRDA, irda_protocols},
    FamilyRow{AF_RXRPC, families},
    FamilyRow{AF_ISDN, isdn_protocols},
    FamilyRow{AF_PHONET, phonet_protocols},
    FamilyRow{AF_CAIF, caif_protocols},
    FamilyRow{AF_NFC, nfc_protocols},
    FamilyRow{AF_KCM, kcm_protocols},
    FamilyRow{AF_SMC, smc_protocols},
};

} // namespace

Names protocols_of(int family) {
  const auto* row = std::ranges::find(family_rows, family, &FamilyRow::family);
  return row == family_rows.end() ? Names{} : row->protocols();
}

} // namespace socktale::tables
