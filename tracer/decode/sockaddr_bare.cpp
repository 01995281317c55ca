// Addresses that strace 6.1 shows as bytes. They are kept as bytes here too, and what these mean
// stands beside them.
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr_families.hpp"
#include "tracer/decode/structure.hpp"

#include <array>
#include <cstddef>

#include <netinet/in.h>
// clang-format off: linux/if_pppox.h needs what netinet/in.h has
#include <linux/can.h>
#include <linux/if.h>
#include <linux/if_pppox.h>
#include <linux/llc.h>
#include <linux/tipc.h>
// clang-format on

namespace socktale::decode {
namespace {

void add_bare(Members members, std::string_view bytes, Fields& into) {
  into.push_back({"sa_data", raw(bytes.substr(2)), {}, structure(members, bytes)});
}

constexpr std::array can_members = {
    Member{SOCKTALE_MEMBER(sockaddr_can, can_ifindex), Shape::interface},
    Member{SOCKTALE_MEMBER(sockaddr_can, can_addr.tp.rx_id), Shape::hex},
    Member{SOCKTALE_MEMBER(sockaddr_can, can_addr.tp.tx_id), Shape::hex},
};

constexpr std::array tipc_socket_members = {
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addrtype), Shape::symbol, tables::tipc_address_types},
    Member{SOCKTALE_MEMBER(sockaddr_tipc, scope), Shape::symbol, tables::tipc_scopes},
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addr.id.ref)},
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addr.id.node), Shape::hex},
};
constexpr std::array tipc_service_members = {
    tipc_socket_members[0],
    tipc_socket_members[1],
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addr.name.name.type)},
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addr.name.name.instance)},
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addr.name.domain), Shape::hex},
};
constexpr std::array tipc_range_members = {
    tipc_socket_members[0],
    tipc_socket_members[1],
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addr.nameseq.type)},
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addr.nameseq.lower)},
    Member{SOCKTALE_MEMBER(sockaddr_tipc, addr.nameseq.upper)},
};

constexpr std::array llc_members = {
    Member{SOCKTALE_MEMBER(sockaddr_llc, sllc_arphrd), Shape::symbol, tables::hardware_types},
    Member{SOCKTALE_MEMBER(sockaddr_llc, sllc_test)},
    Member{SOCKTALE_MEMBER(sockaddr_llc, sllc_xid)},
    Member{SOCKTALE_MEMBER(sockaddr_llc, sllc_ua)},
    Member{SOCKTALE_MEMBER(sockaddr_llc, sllc_sap), Shape::hex},
    Member{SOCKTALE_MEMBER(sockaddr_llc, sllc_mac), Shape::hardware},
};

constexpr std::array pppox_members = {
    Member{SOCKTALE_MEMBER(sockaddr_pppox, sa_protocol), Shape::symbol, tables::pppox_protocols}};
constexpr std::array pppoe_members = {
    pppox_members[0],
    Member{SOCKTALE_MEMBER(sockaddr_pppox, sa_addr.pppoe.sid), Shape::port},
    Member{SOCKTALE_MEMBER(sockaddr_pppox, sa_addr.pppoe.remote), Shape::hardware},
    Member{SOCKTALE_MEMBER(sockaddr_pppox, sa_addr.pppoe.dev), Shape::text},
};
constexpr std::array pptp_members = {
    pppox_members[0],
    Member{SOCKTALE_MEMBER(sockaddr_pppox, sa_addr.pptp.call_id)},
    Member{SOCKTALE_MEMBER(sockaddr_pppox, sa_addr.pptp.sin_addr), Shape::address4},
};

// struct sockaddr_pn (linux/phonet.h)
constexpr std::array phonet_members = {
    Member{"spn_obj", 2, 1, Shape::hex},
    Member{"spn_dev", 3, 1, Shape::hex},
    Member{"spn_resource", 4, 1, Shape::hex},
};

} // namespace

void add_can(std::string_view bytes, Fields& into) { add_bare(can_members, bytes, into); }

void add_tipc(std::string_view bytes, Fields& into) {
  switch (load<sockaddr_tipc>(bytes).addrtype) {
  case TIPC_SERVICE_RANGE: return add_bare(tipc_range_members, bytes, into);
  case TIPC_SERVICE_ADDR: return add_bare(tipc_service_members, bytes, into);
  default: return add_bare(tipc_socket_members, bytes, into);
  }
}

void add_llc(std::string_view bytes, Fields& into) { add_bare(llc_members, bytes, into); }

void add_pppox(std::string_view bytes, Fields& into) {
  const auto protocol = load<std::uint32_t>(bytes, offsetof(sockaddr_pppox, sa_protocol));
  if (protocol == PX_PROTO_OE) return add_bare(pppoe_members, bytes, into);
  if (protocol == PX_PROTO_PPTP) return add_bare(pptp_members, bytes, into);
  add_bare(pppox_members, bytes, into); // L2TP's have six forms, by size
}

void add_phonet(std::string_view bytes, Fields& into) { add_bare(phonet_members, bytes, into); }

} // namespace socktale::decode
