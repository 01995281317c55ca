// Options of the families that are met rarely. Numbers are the kernel's where Debian 12's headers
// have no name for them (net/bluetooth/bluetooth.h, linux/rds.h and others are not among them).
#include "tracer/tables/sockopt_rooms.hpp"

#include <array>

#include <linux/ax25.h>
#include <linux/caif/caif_socket.h>
#include <linux/can/raw.h>
#include <linux/if_alg.h>
#include <linux/if_pppol2tp.h>
#include <linux/if_xdp.h>
#include <linux/llc.h>
#include <linux/nfc.h>
#include <linux/phonet.h>
#include <linux/rxrpc.h>
#include <linux/tipc.h>

namespace socktale::tables {
namespace {

// The macro makes the name itself: handed to another macro the option would be expanded first.
#define SOCKTALE_OPTION(option, kind)                                                              \
  SocketOption { option, #option, Option::kind }

constexpr std::array can_raw_rows = {
    SOCKTALE_OPTION(CAN_RAW_FILTER, can_filters),
    SOCKTALE_OPTION(CAN_RAW_ERR_FILTER, can_mask),
    SOCKTALE_OPTION(CAN_RAW_LOOPBACK, plain),
    SOCKTALE_OPTION(CAN_RAW_RECV_OWN_MSGS, plain),
    SOCKTALE_OPTION(CAN_RAW_FD_FRAMES, plain),
    SOCKTALE_OPTION(CAN_RAW_JOIN_FILTERS, plain),
    SocketOption{7, "CAN_RAW_XL_FRAMES", Option::plain},
};

constexpr std::array ipx_rows = {
    SocketOption{1, "IPX_TYPE", Option::plain},
};

constexpr std::array ax25_rows = {
    SOCKTALE_OPTION(AX25_WINDOW, plain),  SOCKTALE_OPTION(AX25_T1, plain),
    SOCKTALE_OPTION(AX25_N2, plain),      SOCKTALE_OPTION(AX25_T3, plain),
    SOCKTALE_OPTION(AX25_T2, plain),      SOCKTALE_OPTION(AX25_BACKOFF, plain),
    SOCKTALE_OPTION(AX25_EXTSEQ, plain),  SOCKTALE_OPTION(AX25_PIDINCL, plain),
    SOCKTALE_OPTION(AX25_IDLE, plain),    SOCKTALE_OPTION(AX25_PACLEN, plain),
    SOCKTALE_OPTION(AX25_IAMDIGI, plain), SocketOption{25, "SO_BINDTODEVICE", Option::text},
};

constexpr std::array irda_rows = {
    SocketOption{1, "IRLMP_ENUMDEVICES", Option::plain},
    SocketOption{2, "IRLMP_IAS_SET", Option::plain},
    SocketOption{3, "IRLMP_IAS_QUERY", Option::plain},
    SocketOption{4, "IRLMP_HINTS_SET", Option::plain},
    SocketOption{5, "IRLMP_QOS_SET", Option::plain},
    SocketOption{6, "IRLMP_QOS_GET", Option::plain},
    SocketOption{7, "IRLMP_MAX_SDU_SIZE", Option::plain},
    SocketOption{8, "IRLMP_IAS_GET", Option::plain},
    SocketOption{9, "IRLMP_IAS_DEL", Option::plain},
    SocketOption{10, "IRLMP_HINT_MASK_SET", Option::plain},
    SocketOption{11, "IRLMP_WAITDEVICE", Option::plain},
};

constexpr std::array llc_rows = {
    SOCKTALE_OPTION(LLC_OPT_UNKNOWN, plain),      SOCKTALE_OPTION(LLC_OPT_RETRY, plain),
    SOCKTALE_OPTION(LLC_OPT_SIZE, plain),         SOCKTALE_OPTION(LLC_OPT_ACK_TMR_EXP, plain),
    SOCKTALE_OPTION(LLC_OPT_P_TMR_EXP, plain),    SOCKTALE_OPTION(LLC_OPT_REJ_TMR_EXP, plain),
    SOCKTALE_OPTION(LLC_OPT_BUSY_TMR_EXP, plain), SOCKTALE_OPTION(LLC_OPT_TX_WIN, plain),
    SOCKTALE_OPTION(LLC_OPT_RX_WIN, plain),       SOCKTALE_OPTION(LLC_OPT_PKTINFO, plain),
};

constexpr std::array tipc_rows = {
    SOCKTALE_OPTION(TIPC_IMPORTANCE, plain),       SOCKTALE_OPTION(TIPC_SRC_DROPPABLE, plain),
    SOCKTALE_OPTION(TIPC_DEST_DROPPABLE, plain),   SOCKTALE_OPTION(TIPC_CONN_TIMEOUT, plain),
    SOCKTALE_OPTION(TIPC_NODE_RECVQ_DEPTH, plain), SOCKTALE_OPTION(TIPC_SOCK_RECVQ_DEPTH, plain),
    SOCKTALE_OPTION(TIPC_MCAST_BROADCAST, plain),  SOCKTALE_OPTION(TIPC_MCAST_REPLICAST, plain),
    SOCKTALE_OPTION(TIPC_GROUP_JOIN, plain),       SOCKTALE_OPTION(TIPC_GROUP_LEAVE, plain),
    SOCKTALE_OPTION(TIPC_SOCK_RECVQ_USED, plain),  SOCKTALE_OPTION(TIPC_NODELAY, plain),
};

constexpr std::array rxrpc_rows = {
    SOCKTALE_OPTION(RXRPC_SECURITY_KEY, plain),
    SOCKTALE_OPTION(RXRPC_SECURITY_KEYRING, plain),
    SOCKTALE_OPTION(RXRPC_EXCLUSIVE_CONNECTION, plain),
    SOCKTALE_OPTION(RXRPC_MIN_SECURITY_LEVEL, plain),
    SOCKTALE_OPTION(RXRPC_UPGRADEABLE_SERVICE, plain),
    SOCKTALE_OPTION(RXRPC_SUPPORTED_CMSG, plain),
};

constexpr std::array pppol2tp_rows = {
    SOCKTALE_OPTION(PPPOL2TP_SO_DEBUG, plain),     SOCKTALE_OPTION(PPPOL2TP_SO_RECVSEQ, plain),
    SOCKTALE_OPTION(PPPOL2TP_SO_SENDSEQ, plain),   SOCKTALE_OPTION(PPPOL2TP_SO_LNSMODE, plain),
    SOCKTALE_OPTION(PPPOL2TP_SO_REORDERTO, plain),
};

constexpr std::array bluetooth_rows = {
    SocketOption{4, "BT_SECURITY", Option::bt_security},
    SocketOption{7, "BT_DEFER_SETUP", Option::plain},
    SocketOption{8, "BT_FLUSHABLE", Option::plain},
    SocketOption{9, "BT_POWER", Option::plain},
    SocketOption{10, "BT_CHANNEL_POLICY", Option::plain},
    SocketOption{11, "BT_VOICE", Option::plain},
    SocketOption{12, "BT_SNDMTU", Option::plain},
    SocketOption{13, "BT_RCVMTU", Option::plain},
};

constexpr std::array pnpipe_rows = {
    SOCKTALE_OPTION(PNPIPE_ENCAP, plain),
    SOCKTALE_OPTION(PNPIPE_IFINDEX, plain),
    SOCKTALE_OPTION(PNPIPE_HANDLE, plain),
    SOCKTALE_OPTION(PNPIPE_INITSTATE, plain),
};

constexpr std::array rds_rows = {
    SocketOption{1, "RDS_CANCEL_SENT_TO", Option::plain},
    SocketOption{2, "RDS_GET_MR", Option::plain},
    SocketOption{3, "RDS_FREE_MR", Option::plain},
    SocketOption{4, "RDS_BARRIER", Option::plain},
    SocketOption{5, "RDS_RECVERR", Option::plain},
    SocketOption{6, "RDS_CONG_MONITOR", Option::plain},
    SocketOption{7, "RDS_GET_MR_FOR_DEST", Option::plain},
    SocketOption{8, "SO_RDS_TRANSPORT", Option::plain},
    SocketOption{10, "SO_RDS_MSG_RXPATH_LATENCY", Option::plain},
    SocketOption{29, "SO_TIMESTAMP_OLD", Option::plain},
};

constexpr std::array iucv_rows = {
    SocketOption{128, "SO_IPRMDATA_MSG", Option::plain},
};

constexpr std::array caif_rows = {
    SOCKTALE_OPTION(CAIFSO_LINK_SELECT, plain),
    SOCKTALE_OPTION(CAIFSO_REQ_PARAM, plain),
    SOCKTALE_OPTION(CAIFSO_RSP_PARAM, plain),
};

constexpr std::array alg_rows = {
    SOCKTALE_OPTION(ALG_SET_KEY, plain),
    SOCKTALE_OPTION(ALG_SET_IV, plain),
    SOCKTALE_OPTION(ALG_SET_OP, plain),
    SOCKTALE_OPTION(ALG_SET_AEAD_ASSOCLEN, plain),
    SOCKTALE_OPTION(ALG_SET_AEAD_AUTHSIZE, plain),
    SOCKTALE_OPTION(ALG_SET_DRBG_ENTROPY, plain),
};

constexpr std::array nfc_rows = {
    SOCKTALE_OPTION(NFC_LLCP_RW, plain),         SOCKTALE_OPTION(NFC_LLCP_MIUX, plain),
    SOCKTALE_OPTION(NFC_LLCP_REMOTE_MIU, plain), SOCKTALE_OPTION(NFC_LLCP_REMOTE_LTO, plain),
    SOCKTALE_OPTION(NFC_LLCP_REMOTE_RW, plain),
};

constexpr std::array xdp_rows = {
    SOCKTALE_OPTION(XDP_MMAP_OFFSETS, plain),
    SOCKTALE_OPTION(XDP_RX_RING, plain),
    SOCKTALE_OPTION(XDP_TX_RING, plain),
    SOCKTALE_OPTION(XDP_UMEM_REG, xdp_umem),
    SOCKTALE_OPTION(XDP_UMEM_FILL_RING, plain),
    SOCKTALE_OPTION(XDP_UMEM_COMPLETION_RING, plain),
    SOCKTALE_OPTION(XDP_STATISTICS, xdp_statistics),
    SOCKTALE_OPTION(XDP_OPTIONS, xdp_options),
};

#undef SOCKTALE_OPTION

} // namespace

SocketOptions can_raw_options() { return can_raw_rows; }
SocketOptions ipx_options() { return ipx_rows; }
SocketOptions ax25_options() { return ax25_rows; }
SocketOptions irda_options() { return irda_rows; }
SocketOptions llc_options() { return llc_rows; }
SocketOptions tipc_options() { return tipc_rows; }
SocketOptions rxrpc_options() { return rxrpc_rows; }
SocketOptions pppol2tp_options() { return pppol2tp_rows; }
SocketOptions bluetooth_options() { return bluetooth_rows; }
SocketOptions pnpipe_options() { return pnpipe_rows; }
SocketOptions rds_options() { return rds_rows; }
SocketOptions iucv_options() { return iucv_rows; }
SocketOptions caif_options() { return caif_rows; }
SocketOptions alg_options() { return alg_rows; }
SocketOptions nfc_options() { return nfc_rows; }
SocketOptions xdp_options() { return xdp_rows; }

} // namespace socktale::tables
