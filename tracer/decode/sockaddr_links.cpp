// Addresses inside the machine and on its links: netlink, packets, virtual machines, crypto, XDP
// and the like.
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr_families.hpp"
#include "tracer/decode/structure.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <arpa/inet.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/mctp.h>
#include <linux/netlink.h>
#include <linux/qrtr.h>
#include <linux/rxrpc.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>

namespace socktale::decode {
namespace {

using model::Value;

constexpr std::array netlink_members = {
    Member{SOCKTALE_MEMBER(sockaddr_nl, nl_pad), Shape::hex, nullptr, true},
    Member{SOCKTALE_MEMBER(sockaddr_nl, nl_pid), Shape::integer},
    Member{SOCKTALE_MEMBER(sockaddr_nl, nl_groups), Shape::padded},
};

constexpr std::array packet_members = {
    Member{SOCKTALE_MEMBER(sockaddr_ll, sll_ifindex), Shape::interface},
    Member{SOCKTALE_MEMBER(sockaddr_ll, sll_hatype), Shape::symbol, tables::hardware_types},
    Member{SOCKTALE_MEMBER(sockaddr_ll, sll_pkttype), Shape::symbol, tables::packet_types},
    Member{SOCKTALE_MEMBER(sockaddr_ll, sll_halen)},
};

constexpr std::array vsock_members = {
    Member{SOCKTALE_MEMBER(sockaddr_vm, svm_reserved1), Shape::hex, nullptr, true},
    Member{SOCKTALE_MEMBER(sockaddr_vm, svm_cid), Shape::symbol, tables::vsock_contexts},
    Member{SOCKTALE_MEMBER(sockaddr_vm, svm_port), Shape::symbol, tables::vsock_ports},
    Member{SOCKTALE_MEMBER(sockaddr_vm, svm_flags), Shape::flags, tables::vsock_flags},
    Member{SOCKTALE_MEMBER(sockaddr_vm, svm_zero), Shape::escaped, nullptr, true},
};

constexpr std::array xdp_members = {
    Member{SOCKTALE_MEMBER(sockaddr_xdp, sxdp_flags), Shape::flags, tables::xdp_flags},
    Member{SOCKTALE_MEMBER(sockaddr_xdp, sxdp_ifindex), Shape::interface},
    Member{SOCKTALE_MEMBER(sockaddr_xdp, sxdp_queue_id)},
};
constexpr Member xdp_shared{SOCKTALE_MEMBER(sockaddr_xdp, sxdp_shared_umem_fd), Shape::descriptor};
constexpr Member xdp_unshared{SOCKTALE_MEMBER(sockaddr_xdp, sxdp_shared_umem_fd), Shape::hex,
                              nullptr, true};

constexpr std::array qrtr_members = {
    Member{SOCKTALE_MEMBER(sockaddr_qrtr, sq_node), Shape::symbol, tables::qrtr_nodes},
    Member{SOCKTALE_MEMBER(sockaddr_qrtr, sq_port), Shape::symbol, tables::qrtr_ports},
};

constexpr std::array mctp_members = {
    Member{SOCKTALE_MEMBER(sockaddr_mctp, __smctp_pad0), Shape::hex, nullptr, true},
    Member{SOCKTALE_MEMBER(sockaddr_mctp, smctp_network), Shape::symbol, tables::mctp_networks},
};
constexpr std::array mctp_address_members = {
    Member{"s_addr", 0, sizeof(mctp_addr), Shape::symbol, tables::mctp_addresses}};
constexpr std::array mctp_more_members = {
    Member{SOCKTALE_MEMBER(sockaddr_mctp, smctp_type), Shape::hex},
    Member{SOCKTALE_MEMBER(sockaddr_mctp, smctp_tag), Shape::hex},
    Member{SOCKTALE_MEMBER(sockaddr_mctp, __smctp_pad1), Shape::hex, nullptr, true},
};

// The transport's own address in an AF_RXRPC one; only these two are used (net/rxrpc/af_rxrpc.c).
void add_transport(std::string_view bytes, std::uint16_t stated, Fields& into) {
  const auto family = load<std::uint16_t>(bytes);
  const bool four = family == AF_INET;
  const bool six = family == AF_INET6;
  const std::size_t smallest = four ? sizeof(sockaddr_in) : offsetof(sockaddr_in6, sin6_scope_id);
  Fields own{{four  ? "sin_family"
              : six ? "sin6_family"
                    : "family",
              symbol(tables::families(), family),
              {}}};
  const std::string_view whole = bytes.substr(0, stated);
  if ((four || six) && stated >= smallest)
    (four ? add_inet : add_inet6)(whole, own);
  else if (whole.size() > sizeof family)
    own.push_back({"", raw(whole.substr(sizeof family)), {}});
  if (four || six)
    into.push_back({four ? "sin" : "sin6", {model::Struct{std::move(own)}}, {}});
  else
    std::ranges::move(own, std::back_inserter(into));
}

} // namespace

void add_netlink(std::string_view bytes, Fields& into) {
  add_members(netlink_members, bytes, into);
}

void add_packet(std::string_view bytes, Fields& into) {
  const auto address = load<sockaddr_ll>(bytes);
  into.push_back({"sll_protocol",
                  made("htons", symbol(tables::ethernet_protocols(), ntohs(address.sll_protocol))),
                  {}});
  add_members(packet_members, bytes, into);
  if (address.sll_halen == 0) return;
  // The length may claim more than the address holds.
  const std::string_view hardware = bytes.substr(offsetof(sockaddr_ll, sll_addr));
  Value list = hex_list(hardware.substr(0, address.sll_halen));
  list.get<model::List>()->length = address.sll_halen;
  into.push_back({"sll_addr", std::move(list), {}});
}

void add_vsock(std::string_view bytes, Fields& into) { add_members(vsock_members, bytes, into); }

// salg_name is as long as the address says: the kernel takes names of more than 64 bytes.
void add_alg(std::string_view bytes, Fields& into) {
  const auto address = load<sockaddr_alg>(bytes);
  const auto verbose = [](std::uint32_t bits) {
    return bits == 0 ? hex(0) : commented(tables::crypto_flags(), bits);
  };
  into.push_back({"salg_type",
                  text(bytes.substr(offsetof(sockaddr_alg, salg_type), sizeof address.salg_type)),
                  {}});
  into.push_back({"salg_feat", verbose(address.salg_feat), {}});
  into.push_back({"salg_mask", verbose(address.salg_mask), {}});
  into.push_back({"salg_name", text(bytes.substr(offsetof(sockaddr_alg, salg_name))), {}});
}

void add_xdp(std::string_view bytes, Fields& into) {
  add_members(xdp_members, bytes, into);
  const bool shared = (load<sockaddr_xdp>(bytes).sxdp_flags & XDP_SHARED_UMEM) != 0;
  add_members({shared ? &xdp_shared : &xdp_unshared, 1}, bytes, into);
}

void add_qrtr(std::string_view bytes, Fields& into) { add_members(qrtr_members, bytes, into); }

void add_mctp(std::string_view bytes, Fields& into) {
  add_members(mctp_members, bytes, into);
  into.push_back(
      {"smctp_addr",
       structure(mctp_address_members, bytes.substr(offsetof(sockaddr_mctp, smctp_addr))),
       {}});
  add_members(mctp_more_members, bytes, into);
}

void add_rxrpc(std::string_view bytes, Fields& into) {
  const auto address = load<sockaddr_rxrpc>(bytes);
  into.push_back({"srx_service", commented(tables::rxrpc_services(), address.srx_service), {}});
  into.push_back({"transport_type", symbol(tables::socket_types(), address.transport_type), {}});
  into.push_back({"transport_len", integer(address.transport_len), {}});
  Fields transport;
  add_transport(bytes.substr(offsetof(sockaddr_rxrpc, transport)), address.transport_len,
                transport);
  into.push_back({"transport", {model::Struct{std::move(transport)}}, {}});
}

} // namespace socktale::decode
