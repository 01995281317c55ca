#include "tracer/decode/sockaddr.hpp"

#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr_families.hpp"
#include "tracer/decode/structure.hpp"

#include <array>
#include <cstddef>

#include <arpa/inet.h>
#include <linux/ax25.h>
#include <linux/can.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/llc.h>
#include <linux/mctp.h>
#include <linux/netlink.h>
#include <linux/nfc.h>
#include <linux/qrtr.h>
#include <linux/rxrpc.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>
#include <linux/x25.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace socktale::decode {
namespace {

using model::Value;

struct FamilyRow {
  int family;
  std::size_t smallest; // bytes that the kernel wants at least
  void (*add)(std::string_view, Fields&);
};

constexpr int family_mctp = 45; // AF_MCTP: newer than Debian 12's C library
constexpr std::size_t more_than_the_family = sizeof(sa_family_t) + 1;

constexpr std::array family_rows = {
    FamilyRow{AF_UNIX, sizeof(sa_family_t), add_unix},
    FamilyRow{AF_INET, sizeof(sockaddr_in), add_inet},
    FamilyRow{AF_INET6, offsetof(sockaddr_in6, sin6_scope_id), add_inet6}, // as RFC 2133 had it
    FamilyRow{AF_NETLINK, sizeof(sockaddr_nl), add_netlink},
    FamilyRow{AF_PACKET, sizeof(sockaddr_ll), add_packet},
    FamilyRow{AF_VSOCK, sizeof(sockaddr_vm), add_vsock},
    FamilyRow{AF_BLUETOOTH, more_than_the_family, add_bluetooth},
    FamilyRow{AF_ALG, sizeof(sockaddr_alg_new) + 1, add_alg},
    FamilyRow{AF_XDP, sizeof(sockaddr_xdp), add_xdp},
    FamilyRow{AF_QIPCRTR, sizeof(sockaddr_qrtr), add_qrtr},
    FamilyRow{family_mctp, sizeof(sockaddr_mctp), add_mctp},
    FamilyRow{AF_RXRPC, sizeof(sockaddr_rxrpc), add_rxrpc},
    FamilyRow{AF_NFC, sizeof(sockaddr_nfc), add_nfc},
    FamilyRow{AF_IEEE802154, 20, add_ieee802154}, // include/net/af_ieee802154.h
    FamilyRow{AF_AX25, sizeof(sockaddr_ax25), add_ax25},
    FamilyRow{AF_IPX, 16, add_ipx}, // include/uapi/linux/ipx.h
    FamilyRow{AF_X25, sizeof(sockaddr_x25), add_x25},
    FamilyRow{AF_CAN, offsetof(sockaddr_can, can_addr),
              add_can}, // the rest is not for every protocol
    FamilyRow{AF_TIPC, sizeof(sockaddr_tipc), add_tipc},
    FamilyRow{AF_LLC, sizeof(sockaddr_llc), add_llc},
    FamilyRow{AF_PPPOX, sizeof(sa_family_t) + sizeof(std::uint32_t), add_pppox},
    FamilyRow{AF_PHONET, 5, add_phonet}, // struct sockaddr_pn without its padding
};

const FamilyRow* row_of(std::string_view bytes) {
  const int family = load<sa_family_t>(bytes);
  for (const FamilyRow& row : family_rows)
    if (row.family == family && bytes.size() >= row.smallest) return &row;
  return nullptr;
}

} // namespace

Value socket_address(std::string_view bytes) {
  if (bytes.size() < sizeof(sa_family_t)) return raw(bytes);
  Fields members{{"sa_family", symbol(tables::families(), load<sa_family_t>(bytes)), {}}};
  if (const FamilyRow* row = row_of(bytes)) {
    row->add(bytes, members);
  } else if (const auto rest = bytes.substr(sizeof(sa_family_t)); !rest.empty()) {
    members.push_back({"sa_data", raw(rest), {}});
  }
  return {model::Struct{std::move(members)}};
}

std::vector<int> decoded_families() {
  std::vector<int> families;
  for (const FamilyRow& row : family_rows) families.push_back(row.family);
  return families;
}

std::optional<model::Endpoint> endpoint(std::string_view bytes) {
  if (bytes.size() < sizeof(sa_family_t)) return std::nullopt;
  const int family = load<sa_family_t>(bytes);
  const bool whole = row_of(bytes) != nullptr;
  model::Endpoint out;
  out.family = tables::name_of(tables::families(), family);
  if (whole && family == AF_INET) {
    out.host = inet_host(bytes);
    out.port = ntohs(load<sockaddr_in>(bytes).sin_port);
  } else if (whole && family == AF_INET6) {
    out.host = inet6_host(bytes);
    out.port = ntohs(load<sockaddr_in6>(bytes).sin6_port);
  } else if (whole && family == AF_UNIX) {
    out.path = unix_name(bytes);
  } else {
    out.raw = bytes.substr(sizeof(sa_family_t));
  }
  return out;
}

} // namespace socktale::decode
