// Names of what socket options hold. Those without a header for programs have the kernel's numbers
// (include/uapi/linux/filter.h names SKF_AD_* only from a negative base on).
#include "tracer/tables/names.hpp"

#include <array>

#include <linux/can.h>
#include <linux/can/error.h>
#include <linux/icmp.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/tls.h>
#include <netinet/in.h>

namespace socktale::tables {
namespace {

#define SOCKTALE_NAME(constant)                                                                    \
  Name { static_cast<std::int64_t>(constant), #constant }

constexpr std::array icmp_types_rows = {
    SOCKTALE_NAME(ICMP_ECHOREPLY),      SOCKTALE_NAME(ICMP_DEST_UNREACH),
    SOCKTALE_NAME(ICMP_SOURCE_QUENCH),  SOCKTALE_NAME(ICMP_REDIRECT),
    SOCKTALE_NAME(ICMP_ECHO),           SOCKTALE_NAME(ICMP_TIME_EXCEEDED),
    SOCKTALE_NAME(ICMP_PARAMETERPROB),  SOCKTALE_NAME(ICMP_TIMESTAMP),
    SOCKTALE_NAME(ICMP_TIMESTAMPREPLY), SOCKTALE_NAME(ICMP_INFO_REQUEST),
    SOCKTALE_NAME(ICMP_INFO_REPLY),     SOCKTALE_NAME(ICMP_ADDRESS),
    SOCKTALE_NAME(ICMP_ADDRESSREPLY),
};

constexpr std::array rehash_choices_rows = {
    Name{0, "SOCK_TXREHASH_DISABLED"},
    Name{1, "SOCK_TXREHASH_ENABLED"},
    Name{255, "SOCK_TXREHASH_DEFAULT"},
};

constexpr std::array buffer_locks_rows = {
    Name{1, "SOCK_SNDBUF_LOCK"},
    Name{2, "SOCK_RCVBUF_LOCK"},
};

constexpr std::array timestamping_flags_rows = {
    SOCKTALE_NAME(SOF_TIMESTAMPING_TX_HARDWARE),  SOCKTALE_NAME(SOF_TIMESTAMPING_TX_SOFTWARE),
    SOCKTALE_NAME(SOF_TIMESTAMPING_RX_HARDWARE),  SOCKTALE_NAME(SOF_TIMESTAMPING_RX_SOFTWARE),
    SOCKTALE_NAME(SOF_TIMESTAMPING_SOFTWARE),     SOCKTALE_NAME(SOF_TIMESTAMPING_SYS_HARDWARE),
    SOCKTALE_NAME(SOF_TIMESTAMPING_RAW_HARDWARE), SOCKTALE_NAME(SOF_TIMESTAMPING_OPT_ID),
    SOCKTALE_NAME(SOF_TIMESTAMPING_TX_SCHED),     SOCKTALE_NAME(SOF_TIMESTAMPING_TX_ACK),
    SOCKTALE_NAME(SOF_TIMESTAMPING_OPT_CMSG),     SOCKTALE_NAME(SOF_TIMESTAMPING_OPT_TSONLY),
    SOCKTALE_NAME(SOF_TIMESTAMPING_OPT_STATS),    SOCKTALE_NAME(SOF_TIMESTAMPING_OPT_PKTINFO),
    SOCKTALE_NAME(SOF_TIMESTAMPING_OPT_TX_SWHW),  SOCKTALE_NAME(SOF_TIMESTAMPING_BIND_PHC),
    Name{0x10000, "SOF_TIMESTAMPING_OPT_ID_TCP"}, Name{0x20000, "SOF_TIMESTAMPING_OPT_RX_FILTER"},
};

constexpr std::array path_mtu_choices_rows = {
    SOCKTALE_NAME(IP_PMTUDISC_DONT),      SOCKTALE_NAME(IP_PMTUDISC_WANT),
    SOCKTALE_NAME(IP_PMTUDISC_DO),        SOCKTALE_NAME(IP_PMTUDISC_PROBE),
    SOCKTALE_NAME(IP_PMTUDISC_INTERFACE), SOCKTALE_NAME(IP_PMTUDISC_OMIT),
};

constexpr std::array path_mtu6_choices_rows = {
    SOCKTALE_NAME(IPV6_PMTUDISC_DONT),      SOCKTALE_NAME(IPV6_PMTUDISC_WANT),
    SOCKTALE_NAME(IPV6_PMTUDISC_DO),        SOCKTALE_NAME(IPV6_PMTUDISC_PROBE),
    SOCKTALE_NAME(IPV6_PMTUDISC_INTERFACE), SOCKTALE_NAME(IPV6_PMTUDISC_OMIT),
};

constexpr std::array packet_versions_rows = {
    SOCKTALE_NAME(TPACKET_V1),
    SOCKTALE_NAME(TPACKET_V2),
    SOCKTALE_NAME(TPACKET_V3),
};

constexpr std::array can_error_classes_rows = {
    SOCKTALE_NAME(CAN_ERR_TX_TIMEOUT), SOCKTALE_NAME(CAN_ERR_LOSTARB),
    SOCKTALE_NAME(CAN_ERR_CRTL),       SOCKTALE_NAME(CAN_ERR_PROT),
    SOCKTALE_NAME(CAN_ERR_TRX),        SOCKTALE_NAME(CAN_ERR_ACK),
    SOCKTALE_NAME(CAN_ERR_BUSOFF),     SOCKTALE_NAME(CAN_ERR_BUSERROR),
    SOCKTALE_NAME(CAN_ERR_RESTARTED),
};

constexpr std::array can_id_flags_rows = {
    SOCKTALE_NAME(CAN_EFF_FLAG),
    SOCKTALE_NAME(CAN_RTR_FLAG),
    SOCKTALE_NAME(CAN_ERR_FLAG),
};

constexpr std::array tls_versions_rows = {
    SOCKTALE_NAME(TLS_1_2_VERSION),
    SOCKTALE_NAME(TLS_1_3_VERSION),
};

constexpr std::array tls_ciphers_rows = {
    SOCKTALE_NAME(TLS_CIPHER_AES_GCM_128), SOCKTALE_NAME(TLS_CIPHER_AES_GCM_256),
    SOCKTALE_NAME(TLS_CIPHER_AES_CCM_128), SOCKTALE_NAME(TLS_CIPHER_CHACHA20_POLY1305),
    SOCKTALE_NAME(TLS_CIPHER_SM4_GCM),     SOCKTALE_NAME(TLS_CIPHER_SM4_CCM),
};

constexpr std::array tcp_info_states_rows = {
    Name{1, "TCP_ESTABLISHED"}, Name{2, "TCP_SYN_SENT"},   Name{3, "TCP_SYN_RECV"},
    Name{4, "TCP_FIN_WAIT1"},   Name{5, "TCP_FIN_WAIT2"},  Name{6, "TCP_TIME_WAIT"},
    Name{7, "TCP_CLOSE"},       Name{8, "TCP_CLOSE_WAIT"}, Name{9, "TCP_LAST_ACK"},
    Name{10, "TCP_LISTEN"},     Name{11, "TCP_CLOSING"},
};

constexpr std::array congestion_states_rows = {
    Name{0, "TCP_CA_Open"},     Name{1, "TCP_CA_Disorder"}, Name{2, "TCP_CA_CWR"},
    Name{3, "TCP_CA_Recovery"}, Name{4, "TCP_CA_Loss"},
};

constexpr std::array tcp_info_options_rows = {
    Name{1, "TCPI_OPT_TIMESTAMPS"}, Name{2, "TCPI_OPT_SACK"},        Name{4, "TCPI_OPT_WSCALE"},
    Name{8, "TCPI_OPT_ECN"},        Name{16, "TCPI_OPT_ECN_SEEN"},   Name{32, "TCPI_OPT_SYN_DATA"},
    Name{64, "TCPI_OPT_USEC_TS"},   Name{128, "TCPI_OPT_TFO_CHILD"},
};

#undef SOCKTALE_NAME

} // namespace

Names icmp_types() { return {icmp_types_rows, "ICMP_???"}; }
Names rehash_choices() { return {rehash_choices_rows, "SOCK_TXREHASH_???"}; }
Names buffer_locks() { return {buffer_locks_rows, "SOCK_BUF_???"}; }
Names timestamping_flags() { return {timestamping_flags_rows, "SOF_TIMESTAMPING_???"}; }
Names path_mtu_choices() { return {path_mtu_choices_rows, "IP_PMTUDISC_???"}; }
Names path_mtu6_choices() { return {path_mtu6_choices_rows, "IPV6_PMTUDISC_???"}; }
Names packet_versions() { return {packet_versions_rows, "TPACKET_???"}; }
Names can_error_classes() { return {can_error_classes_rows, "CAN_ERR_???"}; }
Names can_id_flags() { return {can_id_flags_rows, ""}; }
Names tls_versions() { return {tls_versions_rows, "TLS_???"}; }
Names tls_ciphers() { return {tls_ciphers_rows, "TLS_CIPHER_???"}; }
Names tcp_info_states() { return {tcp_info_states_rows, "TCP_???"}; }
Names congestion_states() { return {congestion_states_rows, "TCP_CA_???"}; }
Names tcp_info_options() { return {tcp_info_options_rows, "TCPI_OPT_???"}; }

} // namespace socktale::tables
