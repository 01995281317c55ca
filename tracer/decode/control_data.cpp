#include "tracer/decode/control_data.hpp"

#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/structure.hpp"

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>

#include <linux/errqueue.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>

namespace socktale::decode {
namespace {

using model::Field;
using model::Value;
using tables::Control;

template <class T> std::optional<T> front(std::string_view data) {
  T value{};
  if (data.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, data.data(), sizeof value);
  return value;
}

template <class T> Value list_of(std::string_view data, auto make) {
  if (data.size() < sizeof(T)) return {};
  model::List list;
  for (; data.size() >= sizeof(T); data.remove_prefix(sizeof(T)))
    list.items.push_back(make(*front<T>(data)));
  list.length = list.items.size();
  return {std::move(list)};
}

Value structure(std::vector<Field> members) { return {model::Struct{std::move(members)}}; }

Value credentials(std::string_view data) {
  struct Credentials {
    std::int32_t pid;
    std::uint32_t uid, gid;
  };
  const auto who = front<Credentials>(data);
  if (!who) return {};
  return structure({{"pid", integer(who->pid), {}},
                    {"uid", integer(who->uid), {}},
                    {"gid", integer(who->gid), {}}});
}

// A stamp that was cut is shown as one: strace writes ??? for it.
Value unknown(std::string_view data) {
  return {model::Symbol{static_cast<std::int64_t>(data.size()), "???"}};
}

Value time_stamp(std::string_view data, const char* fraction, const Layout& layout) {
  const auto time = time_in(std::as_bytes(std::span(data)), layout);
  if (!time) return {};
  return structure(
      {{"tv_sec", integer(time->seconds), {}}, {fraction, integer(time->fraction), {}}});
}

Value one_stamp(std::string_view data, const char* fraction, const Layout& layout) {
  if (data.empty()) return {};
  Value stamp = time_stamp(data, fraction, layout);
  return stamp.empty() ? unknown(data) : stamp;
}

Value three_stamps(std::string_view data, const Layout& layout) {
  const std::size_t size = std::size_t{2} * layout.time;
  if (data.empty()) return {};
  if (data.size() < 3 * size) return unknown(data);
  model::List list{{}, 3};
  for (std::size_t i = 0; i < 3; ++i)
    list.items.push_back(time_stamp(data.substr(i * size, size), "tv_nsec", layout));
  return {std::move(list)};
}

Value packet_info(std::string_view data) {
  const auto info = front<in_pktinfo>(data);
  if (!info) return {};
  return structure(
      {{"ipi_ifindex", interface(info->ipi_ifindex), {}},
       {"ipi_spec_dst",
        numeric_address4(data.substr(offsetof(in_pktinfo, ipi_spec_dst), sizeof(in_addr))),
        {}},
       {"ipi_addr",
        numeric_address4(data.substr(offsetof(in_pktinfo, ipi_addr), sizeof(in_addr))),
        {}}});
}

Value packet_info6(std::string_view data) {
  const auto info = front<in6_pktinfo>(data);
  if (!info) return {};
  return structure({{"ipi6_addr", numeric_address6(data.substr(0, sizeof(in6_addr))), {}},
                    {"ipi6_ifindex", interface(info->ipi6_ifindex), {}}});
}

// The offender's address follows the error (SO_EE_OFFENDER of ip(7)).
Value error(std::string_view data, std::size_t offender_size) {
  const auto what = front<sock_extended_err>(data);
  if (!what || data.size() < sizeof *what + offender_size) return {};
  return structure({{"ee_errno", integer(what->ee_errno), {}},
                    {"ee_origin", integer(what->ee_origin), {}},
                    {"ee_type", integer(what->ee_type), {}},
                    {"ee_code", integer(what->ee_code), {}},
                    {"ee_info", integer(what->ee_info), {}},
                    {"ee_data", integer(what->ee_data), {}},
                    {"offender", socket_address(data.substr(sizeof *what, offender_size)), {}}});
}

Value stamp_info(std::string_view data) {
  const auto info = front<scm_ts_pktinfo>(data);
  if (!info) return {};
  return structure(
      {{"if_index", interface(info->if_index), {}}, {"pkt_length", integer(info->pkt_length), {}}});
}

Value aux_data(std::string_view data) {
  const auto aux = front<tpacket_auxdata>(data);
  if (!aux) return {};
  return structure({{"tp_status", hex(aux->tp_status), {}},
                    {"tp_len", integer(aux->tp_len), {}},
                    {"tp_snaplen", integer(aux->tp_snaplen), {}},
                    {"tp_mac", integer(aux->tp_mac), {}},
                    {"tp_net", integer(aux->tp_net), {}},
                    {"tp_vlan_tci", hex(aux->tp_vlan_tci), {}},
                    {"tp_vlan_tpid", hex(aux->tp_vlan_tpid), {}}});
}

Value address(std::string_view data) {
  return data.size() < sizeof(sockaddr) ? Value{} : socket_address(data);
}

} // namespace

Value control_data(Control kind, std::string_view data, const Layout& layout) {
  const auto as_integer = [](auto number) { return natural(number); };
  switch (kind) {
  case Control::raw: return data.empty() ? Value{} : raw(data);
  case Control::descriptors:
    return list_of<std::int32_t>(data, [](std::int32_t fd) { return Value{model::Fd{fd}}; });
  case Control::credentials: return credentials(data);
  case Control::label: return data.empty() ? Value{} : Value{model::Text{std::string(data)}};
  case Control::timeval: return one_stamp(data, "tv_usec", layout);
  case Control::timespec: return one_stamp(data, "tv_nsec", layout);
  case Control::timespecs: return three_stamps(data, layout);
  case Control::wide_timeval: return one_stamp(data, "tv_usec", layout_64);
  case Control::wide_timespec: return one_stamp(data, "tv_nsec", layout_64);
  case Control::wide_timespecs: return three_stamps(data, layout_64);
  case Control::ints:
    return list_of<std::int32_t>(data, [](std::int32_t number) { return integer(number); });
  case Control::octets: return list_of<std::uint8_t>(data, hex);
  case Control::uint16: return list_of<std::uint16_t>(data, as_integer);
  case Control::uint64: return list_of<std::uint64_t>(data, as_integer);
  case Control::packet_info: return packet_info(data);
  case Control::packet_info6: return packet_info6(data);
  case Control::error: return error(data, sizeof(sockaddr_in));
  case Control::error6: return error(data, sizeof(sockaddr_in6));
  case Control::address: return address(data);
  case Control::stamp_info: return stamp_info(data);
  case Control::aux_data: return aux_data(data);
  }
  return raw(data);
}

} // namespace socktale::decode
