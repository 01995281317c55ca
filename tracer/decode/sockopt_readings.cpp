#include "tracer/decode/sockopt_readings.hpp"

#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/structure.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <linux/can.h>
#include <linux/icmp.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/net_tstamp.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace socktale::decode {
namespace {

using model::Value;
using tables::Option;

struct Credentials { // struct ucred, which <sys/socket.h> has only for GNU programs
  std::int32_t pid;
  std::uint32_t uid, gid;
};

constexpr std::array linger_members = {Member{SOCKTALE_MEMBER(linger, l_onoff), Shape::integer},
                                       Member{SOCKTALE_MEMBER(linger, l_linger), Shape::integer}};
constexpr std::array credential_members = {
    Member{SOCKTALE_MEMBER(Credentials, pid), Shape::integer},
    Member{SOCKTALE_MEMBER(Credentials, uid)}, Member{SOCKTALE_MEMBER(Credentials, gid)}};
constexpr std::array membership_members = {
    Member{SOCKTALE_MEMBER(ip_mreqn, imr_multiaddr), Shape::address4},
    Member{"imr_interface", offsetof(ip_mreqn, imr_address), sizeof(in_addr), Shape::address4}};
constexpr std::array membership_index_members = {
    Member{SOCKTALE_MEMBER(ip_mreqn, imr_multiaddr), Shape::address4},
    Member{SOCKTALE_MEMBER(ip_mreqn, imr_address), Shape::address4},
    Member{SOCKTALE_MEMBER(ip_mreqn, imr_ifindex), Shape::interface}};
constexpr std::array membership6_members = {
    Member{SOCKTALE_MEMBER(ipv6_mreq, ipv6mr_multiaddr), Shape::address6},
    Member{SOCKTALE_MEMBER(ipv6_mreq, ipv6mr_interface), Shape::interface}};
constexpr std::array source_members = {
    Member{SOCKTALE_MEMBER(ip_mreq_source, imr_multiaddr), Shape::address4},
    Member{SOCKTALE_MEMBER(ip_mreq_source, imr_interface), Shape::address4},
    Member{SOCKTALE_MEMBER(ip_mreq_source, imr_sourceaddr), Shape::address4}};
constexpr std::array ring_members = {Member{SOCKTALE_MEMBER(tpacket_req, tp_block_size)},
                                     Member{SOCKTALE_MEMBER(tpacket_req, tp_block_nr)},
                                     Member{SOCKTALE_MEMBER(tpacket_req, tp_frame_size)},
                                     Member{SOCKTALE_MEMBER(tpacket_req, tp_frame_nr)}};
constexpr std::array packet_statistics_members = {
    Member{SOCKTALE_MEMBER(tpacket_stats_v3, tp_packets)},
    Member{SOCKTALE_MEMBER(tpacket_stats_v3, tp_drops)},
    Member{SOCKTALE_MEMBER(tpacket_stats_v3, tp_freeze_q_cnt)}};
constexpr std::array packet_membership_members = {
    Member{SOCKTALE_MEMBER(packet_mreq, mr_ifindex), Shape::interface},
    Member{SOCKTALE_MEMBER(packet_mreq, mr_type), Shape::symbol, tables::packet_memberships},
    Member{SOCKTALE_MEMBER(packet_mreq, mr_alen)}};
constexpr std::array rollover_members = {
    Member{SOCKTALE_MEMBER(tpacket_rollover_stats, tp_all)},
    Member{SOCKTALE_MEMBER(tpacket_rollover_stats, tp_huge)},
    Member{SOCKTALE_MEMBER(tpacket_rollover_stats, tp_failed)}};
constexpr std::array timeval_members = {Member{"tv_sec", 0, 8, Shape::integer},
                                        Member{"tv_usec", 8, 8, Shape::integer}};
constexpr std::array txtime_members = {
    Member{SOCKTALE_MEMBER(sock_txtime, clockid), Shape::integer},
    Member{SOCKTALE_MEMBER(sock_txtime, flags), Shape::hex}};
constexpr std::array packet_info6_members = {Member{"ipi6_addr", 0, 16, Shape::address6},
                                             Member{"ipi6_ifindex", 16, 4, Shape::interface}};
constexpr std::array repair_window_members = { // struct tcp_repair_window (linux/tcp.h)
    Member{"snd_wl1", 0, 4}, Member{"snd_wnd", 4, 4}, Member{"max_window", 8, 4},
    Member{"rcv_wnd", 12, 4}, Member{"rcv_wup", 16, 4}};
constexpr std::array can_filter_members = {
    Member{SOCKTALE_MEMBER(can_filter, can_id), Shape::hex},
    Member{SOCKTALE_MEMBER(can_filter, can_mask), Shape::hex}};
constexpr std::array crypto_members = {
    Member{SOCKTALE_MEMBER(tls_crypto_info, version), Shape::symbol, tables::tls_versions},
    Member{SOCKTALE_MEMBER(tls_crypto_info, cipher_type), Shape::symbol, tables::tls_ciphers}};
constexpr std::array bt_security_members = {Member{"level", 0, 1}, Member{"key_size", 1, 1}};
constexpr std::array xdp_statistics_members = {
    Member{SOCKTALE_MEMBER(xdp_statistics, rx_dropped)},
    Member{SOCKTALE_MEMBER(xdp_statistics, rx_invalid_descs)},
    Member{SOCKTALE_MEMBER(xdp_statistics, tx_invalid_descs)},
    Member{SOCKTALE_MEMBER(xdp_statistics, rx_ring_full)},
    Member{SOCKTALE_MEMBER(xdp_statistics, rx_fill_ring_empty_descs)},
    Member{SOCKTALE_MEMBER(xdp_statistics, tx_ring_empty_descs)}};
constexpr std::array xdp_umem_members = {Member{SOCKTALE_MEMBER(xdp_umem_reg, addr), Shape::hex},
                                         Member{SOCKTALE_MEMBER(xdp_umem_reg, len)},
                                         Member{SOCKTALE_MEMBER(xdp_umem_reg, chunk_size)},
                                         Member{SOCKTALE_MEMBER(xdp_umem_reg, headroom)},
                                         Member{SOCKTALE_MEMBER(xdp_umem_reg, flags), Shape::hex}};
constexpr std::array xdp_option_members = {Member{SOCKTALE_MEMBER(xdp_options, flags), Shape::hex}};

Value group(std::string_view bytes) {
  return {model::Struct{
      {{"gr_interface", interface(load<std::uint32_t>(bytes)), {}},
       {"gr_group",
        socket_address(bytes.substr(offsetof(group_req, gr_group), sizeof(sockaddr_storage))),
        {}}}}};
}

Value group_source(std::string_view bytes) {
  const auto address = [&](std::size_t at) {
    return socket_address(bytes.substr(at, sizeof(sockaddr_storage)));
  };
  return {model::Struct{{{"gsr_interface", interface(load<std::uint32_t>(bytes)), {}},
                         {"gsr_group", address(offsetof(group_source_req, gsr_group)), {}},
                         {"gsr_source", address(offsetof(group_source_req, gsr_source)), {}}}}};
}

Value packet_membership(std::string_view bytes) {
  const auto request = load<packet_mreq>(bytes);
  std::vector<model::Field> members;
  add_members(packet_membership_members, bytes, members);
  const std::size_t length = std::min<std::size_t>(request.mr_alen, sizeof request.mr_address);
  members.push_back({"mr_address",
                     hardware_address(bytes.substr(offsetof(packet_mreq, mr_address), length)),
                     {}});
  return {model::Struct{std::move(members)}};
}

// The types of messages that are kept back as a set, [ICMP_ECHO ICMP_REDIRECT]; when these are
// most, those that are not: ~[ICMP_ECHOREPLY].
Value icmp_filter_value(std::string_view bytes) {
  auto bits = load<std::uint32_t>(bytes);
  if (bytes.size() < sizeof bits) bits |= ~0U << 8 * bytes.size();
  const bool most = std::popcount(bits) > 16;
  std::string set = most ? "~[" : "[";
  for (unsigned i = 0; i < 32; ++i) {
    if ((bits >> i & 1) == (most ? 1U : 0U)) continue;
    if (!set.ends_with('[')) set += ' ';
    const std::string_view name = tables::name_of(tables::icmp_types(), i);
    set += name.empty() ? fmt::format("{} /* {} */", c_hex(i), tables::icmp_types().unknown)
                        : std::string(name);
  }
  return {model::Symbol{bits, set + ']'}};
}

template <const auto& members> Value members_of(std::string_view bytes) {
  return structure(members, bytes);
}
template <tables::Names (*names)()> Value named_int(std::string_view bytes) {
  return one(symbol(names(), load<int>(bytes)));
}
template <tables::Names (*names)()> Value flags_int(std::string_view bytes) {
  return one(flags(names(), load<std::uint32_t>(bytes)));
}

Value rehash(std::string_view bytes) {
  return one(symbol(tables::rehash_choices(), load<int>(bytes)));
}
Value pending_error(std::string_view bytes) { return one(error_symbol(load<int>(bytes))); }

constexpr std::array plain_readings = {
    PlainReading{Option::linger, true, true, sizeof(linger), members_of<linger_members>},
    PlainReading{Option::credentials, true, false, sizeof(Credentials),
                 members_of<credential_members>},
    PlainReading{Option::membership, false, true, sizeof(ip_mreq), members_of<membership_members>},
    PlainReading{Option::membership6, false, true, sizeof(ipv6_mreq),
                 members_of<membership6_members>},
    PlainReading{Option::group, false, true, sizeof(group_req), group},
    PlainReading{Option::ring, false, true, sizeof(tpacket_req), members_of<ring_members>, true},
    PlainReading{Option::packet_membership, false, true, sizeof(packet_mreq), packet_membership,
                 true},
    PlainReading{Option::packet_statistics, true, false, sizeof(tpacket_stats),
                 members_of<packet_statistics_members>},
    PlainReading{Option::icmp_filter, true, true, 1, icmp_filter_value},
};

// What there is beyond strace, and how few bytes still tell it.
struct Meaning {
  Option kind;
  std::size_t smallest;
  Value (*read)(std::string_view bytes);
};

Value byte(std::string_view bytes) {
  if (bytes.size() >= sizeof(int)) return {}; // an int, as strace shows it
  return one(integer(static_cast<unsigned char>(bytes[0])));
}
Value membership(std::string_view bytes) {
  if (bytes.size() < sizeof(ip_mreqn)) return {};
  return structure(membership_index_members, bytes);
}
Value interface_address(std::string_view bytes) {
  if (bytes.size() >= sizeof(ip_mreqn)) return structure(membership_index_members, bytes);
  if (bytes.size() >= sizeof(ip_mreq)) return structure(membership_members, bytes);
  return numeric_address4(bytes);
}
Value cookie(std::string_view bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) return {}; // an int, as strace shows it
  return one(natural(load<std::uint64_t>(bytes)));
}
Value name(std::string_view bytes) {
  return {model::Text{std::string(bytes.substr(0, bytes.find('\0')))}};
}
Value index(std::string_view bytes) {
  const int number = load<int>(bytes);
  return number == 1 ? one(interface(number)) : Value{};
}
Value index_be(std::string_view bytes) {
  return one(made("htonl", interface(ntohl(load<std::uint32_t>(bytes)))));
}
Value path_mtu_info(std::string_view bytes) {
  return {model::Struct{{{"ip6m_addr", socket_address(bytes.substr(0, sizeof(sockaddr_in6))), {}},
                         {"ip6m_mtu", integer(load<int>(bytes, sizeof(sockaddr_in6))), {}}}}};
}
Value can_filters(std::string_view bytes) {
  model::List list;
  for (; bytes.size() >= sizeof(can_filter); bytes.remove_prefix(sizeof(can_filter)))
    list.items.push_back(structure(can_filter_members, bytes.substr(0, sizeof(can_filter))));
  list.length = list.items.size();
  return {std::move(list)};
}

constexpr std::array meanings = {
    Meaning{Option::byte, 1, byte},
    Meaning{Option::type, sizeof(int), named_int<tables::socket_types>},
    Meaning{Option::family, sizeof(int), named_int<tables::families>},
    Meaning{Option::protocol, sizeof(int), named_int<tables::inet_protocols>},
    Meaning{Option::timestamping, sizeof(int), flags_int<tables::timestamping_flags>},
    Meaning{Option::buffer_lock, sizeof(int), flags_int<tables::buffer_locks>},
    Meaning{Option::path_mtu, sizeof(int), named_int<tables::path_mtu_choices>},
    Meaning{Option::path_mtu6, sizeof(int), named_int<tables::path_mtu6_choices>},
    Meaning{Option::packet_version, sizeof(int), named_int<tables::packet_versions>},
    Meaning{Option::can_mask, sizeof(int), flags_int<tables::can_error_classes>},
    Meaning{Option::interface, sizeof(int), index},
    Meaning{Option::interface_index_be, sizeof(int), index_be},
    Meaning{Option::interface_address, sizeof(in_addr), interface_address},
    Meaning{Option::membership, sizeof(ip_mreq), membership},
    Meaning{Option::timeval64, 16, members_of<timeval_members>},
    Meaning{Option::text, 1, name},
    Meaning{Option::address, 2, socket_address},
    Meaning{Option::source, sizeof(ip_mreq_source), members_of<source_members>},
    Meaning{Option::group_source, sizeof(group_source_req), group_source},
    Meaning{Option::cookie, sizeof(int), cookie},
    Meaning{Option::counters, sizeof(std::uint32_t), numbers},
    Meaning{Option::txtime, sizeof(sock_txtime), members_of<txtime_members>},
    Meaning{Option::packet_info6, 20, members_of<packet_info6_members>},
    Meaning{Option::path_mtu_info, sizeof(sockaddr_in6) + sizeof(int), path_mtu_info},
    Meaning{Option::tcp_info, 1, tcp_info},
    Meaning{Option::repair_window, 20, members_of<repair_window_members>},
    Meaning{Option::rollover_statistics, sizeof(tpacket_rollover_stats),
            members_of<rollover_members>},
    Meaning{Option::can_filters, sizeof(can_filter), can_filters},
    Meaning{Option::crypto_info, sizeof(tls_crypto_info), members_of<crypto_members>},
    Meaning{Option::bt_security, 2, members_of<bt_security_members>},
    Meaning{Option::xdp_statistics, 8, members_of<xdp_statistics_members>},
    Meaning{Option::xdp_umem, sizeof(xdp_umem_reg), members_of<xdp_umem_members>},
    Meaning{Option::xdp_options, sizeof(xdp_options), members_of<xdp_option_members>},
};

// Ints that strace shows otherwise than as numbers.
constexpr std::array int_readings = {
    PlainReading{Option::error, true, false, sizeof(int), pending_error, false, true},
    PlainReading{Option::rehash, true, true, sizeof(int), rehash, false, true},
};

} // namespace

const PlainReading* plain_reading(Option kind, bool get) {
  const auto fits = [&](const PlainReading& r) {
    return r.kind == kind && (get ? r.on_get : r.on_set);
  };
  if (const auto* at = std::ranges::find_if(plain_readings, fits); at != plain_readings.end())
    return at;
  const auto* at = std::ranges::find_if(int_readings, fits);
  return at == int_readings.end() ? nullptr : at;
}

Value meaning_of(Option kind, std::string_view bytes, const Layout& layout) {
  if (kind == Option::timeval) { // longs
    const auto time = time_in(std::as_bytes(std::span(bytes)), layout);
    if (!time) return {};
    return {model::Struct{
        {{"tv_sec", integer(time->seconds), {}}, {"tv_usec", integer(time->fraction), {}}}}};
  }
  const auto* at = std::ranges::find(meanings, kind, &Meaning::kind);
  return at == meanings.end() || bytes.size() < at->smallest ? Value{} : at->read(bytes);
}

Value one(Value value) { return {model::List{{std::move(value)}, 1}}; }

Value numbers(std::string_view bytes) {
  model::List list;
  for (; bytes.size() >= sizeof(std::uint32_t); bytes.remove_prefix(sizeof(std::uint32_t)))
    list.items.push_back(integer(load<std::uint32_t>(bytes)));
  list.length = list.items.size();
  return {std::move(list)};
}

} // namespace socktale::decode
