// Bodies of route messages (rtnetlink(7)): links, addresses and routes by member, with those of
// their attributes that are plain; others by their family only.
#include "tracer/decode/netlink_parts.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/structure.hpp"
#include "tracer/tables/netlink_names.hpp"

#include <array>
#include <cstddef>

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

namespace socktale::decode::netlink {
namespace {

using model::Field;
using model::Value;
using tables::Attribute;
using tables::AttributeRow;

Value family(std::uint8_t number) { return symbol(tables::families(), number); }

Value text(std::string_view body) {
  return {model::Text{std::string(body.substr(0, body.find('\0')))}};
}

// An address in an attribute has the family of the message, and its size.
Value address(int of, std::string_view body) {
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (of == AF_INET && body.size() >= sizeof(in_addr)) {
    inet_ntop(of, body.data(), shown.data(), shown.size());
    return {model::Made{"inet_addr", {{model::Text{shown.data()}}}}};
  }
  if (of == AF_INET6 && body.size() >= sizeof(in6_addr)) {
    inet_ntop(of, body.data(), shown.data(), shown.size());
    return {
        model::Made{"inet_pton", {symbol(tables::families(), of), {model::Text{shown.data()}}}}};
  }
  return hex_bytes(body);
}

Value address_cache(std::string_view body) {
  const auto cache = front<ifa_cacheinfo>(body);
  if (!cache) return hex_bytes(body);
  return structure({{"ifa_prefered", integer(cache->ifa_prefered), {}},
                    {"ifa_valid", integer(cache->ifa_valid), {}},
                    {"cstamp", integer(cache->cstamp), {}},
                    {"tstamp", integer(cache->tstamp), {}}});
}

// struct rtnl_link_stats64 and, but for its last, struct rtnl_link_stats. Kernels have added to
// their ends, so there may be fewer and more.
constexpr std::array counters = {
    "rx_packets",
    "tx_packets",
    "rx_bytes",
    "tx_bytes",
    "rx_errors",
    "tx_errors",
    "rx_dropped",
    "tx_dropped",
    "multicast",
    "collisions",
    "rx_length_errors",
    "rx_over_errors",
    "rx_crc_errors",
    "rx_frame_errors",
    "rx_fifo_errors",
    "rx_missed_errors",
    "tx_aborted_errors",
    "tx_carrier_errors",
    "tx_fifo_errors",
    "tx_heartbeat_errors",
    "tx_window_errors",
    "rx_compressed",
    "tx_compressed",
    "rx_nohandler",
    "rx_otherhost_dropped",
};
constexpr std::size_t counters_32 = counters.size() - 1;
constexpr std::size_t least_counters = 23; // before rx_nohandler came

template <class T> Value link_stats(std::string_view body, std::size_t known) {
  std::vector<Field> members;
  for (std::size_t i = 0; i < known && (i + 1) * sizeof(T) <= body.size(); ++i)
    members.push_back({counters.at(i), natural(load<T>(body, i * sizeof(T))), {}});
  return members.size() < least_counters ? hex_bytes(body) : structure(std::move(members));
}

constexpr std::array map_members = {
    Member{SOCKTALE_MEMBER(rtnl_link_ifmap, mem_start), Shape::hex},
    Member{SOCKTALE_MEMBER(rtnl_link_ifmap, mem_end), Shape::hex},
    Member{SOCKTALE_MEMBER(rtnl_link_ifmap, base_addr), Shape::hex},
    Member{SOCKTALE_MEMBER(rtnl_link_ifmap, irq)},
    Member{SOCKTALE_MEMBER(rtnl_link_ifmap, dma)},
    Member{SOCKTALE_MEMBER(rtnl_link_ifmap, port)},
};

Value attribute_value(Attribute kind, int of, std::string_view body) {
  const auto number = front<std::uint32_t>(body);
  switch (kind) {
  case Attribute::raw: return hex_bytes(body);
  case Attribute::text: return text(body);
  case Attribute::number: return number ? integer(*number) : hex_bytes(body);
  case Attribute::octet:
    return body.empty() ? hex_bytes(body) : integer(static_cast<unsigned char>(body.front()));
  case Attribute::link_filter:
    return number ? flags(tables::link_filters(), *number) : hex_bytes(body);
  case Attribute::interface: return number ? interface(*number) : hex_bytes(body);
  case Attribute::hardware: return body.empty() ? hex_bytes(body) : hardware_address(body);
  case Attribute::link_stats: return link_stats<std::uint32_t>(body, counters_32);
  case Attribute::link_stats64: return link_stats<std::uint64_t>(body, counters.size());
  case Attribute::link_map:
    return body.size() < offsetof(rtnl_link_ifmap, port) + 1 ? hex_bytes(body)
                                                             : structure(map_members, body);
  case Attribute::address: return address(of, body);
  case Attribute::address_flags:
    return number ? flags(tables::address_flags(), *number) : hex_bytes(body);
  case Attribute::address_cache: return address_cache(body);
  case Attribute::table: return number ? symbol(tables::route_tables(), *number) : hex_bytes(body);
  }
  return hex_bytes(body);
}

Value route_attributes(const tables::Attributes& rows, int of, std::string_view bytes) {
  const auto row_of = [&rows](int number) {
    const auto found = std::ranges::find(rows.rows, number, &AttributeRow::type);
    return found == rows.rows.end() ? AttributeRow{} : *found;
  };
  return attributes(
      bytes, rows.unknown, [&](int number) { return row_of(number).name; },
      [&](int number, std::string_view body) {
        return attribute_value(row_of(number).kind, of, body);
      });
}

Value link(const ifinfomsg& m) {
  return structure({{"ifi_family", family(m.ifi_family), {}},
                    {"ifi_type", symbol(tables::hardware_types(), m.ifi_type), {}},
                    {"ifi_index", interface(m.ifi_index), {}},
                    {"ifi_flags", flags(tables::interface_flags(), m.ifi_flags), {}},
                    {"ifi_change", hex(m.ifi_change), {}}});
}

Value address(const ifaddrmsg& m) {
  return structure({{"ifa_family", family(m.ifa_family), {}},
                    {"ifa_prefixlen", integer(m.ifa_prefixlen), {}},
                    {"ifa_flags", flags(tables::address_flags(), m.ifa_flags), {}},
                    {"ifa_scope", symbol(tables::route_scopes(), m.ifa_scope), {}},
                    {"ifa_index", interface(m.ifa_index), {}}});
}

Value route(const rtmsg& m) {
  return structure({{"rtm_family", family(m.rtm_family), {}},
                    {"rtm_dst_len", integer(m.rtm_dst_len), {}},
                    {"rtm_src_len", integer(m.rtm_src_len), {}},
                    {"rtm_tos", hex(m.rtm_tos), {}},
                    {"rtm_table", symbol(tables::route_tables(), m.rtm_table), {}},
                    {"rtm_protocol", symbol(tables::route_protocols(), m.rtm_protocol), {}},
                    {"rtm_scope", symbol(tables::route_scopes(), m.rtm_scope), {}},
                    {"rtm_type", symbol(tables::route_types(), m.rtm_type), {}},
                    {"rtm_flags", flags(tables::route_flags(), m.rtm_flags), {}}});
}

template <class T>
std::vector<Value> body_with(std::string_view body, const char* first, auto make,
                             const tables::Attributes& rows) {
  const int of = static_cast<std::uint8_t>(body.front());
  const auto header = front<T>(body);
  if (!header) return {cut_structure({first, symbol(tables::families(), of), {}})};
  std::vector<Value> out{make(*header)};
  const std::string_view rest = body.substr(std::min(aligned(sizeof(T)), body.size()));
  if (!rest.empty()) out.push_back(route_attributes(rows, of, rest));
  return out;
}

} // namespace

std::vector<Value> route_body(int type, std::string_view body) {
  switch (type) {
  case RTM_NEWLINK:
  case RTM_DELLINK:
  case RTM_GETLINK:
  case RTM_SETLINK:
    return body_with<ifinfomsg>(body, "ifi_family", link, tables::link_attributes());
  case RTM_NEWADDR:
  case RTM_DELADDR:
  case RTM_GETADDR:
  case RTM_GETMULTICAST:
  case RTM_GETANYCAST:
    return body_with<ifaddrmsg>(
        body, "ifa_family", [](const ifaddrmsg& m) { return address(m); },
        tables::address_attributes());
  case RTM_NEWROUTE:
  case RTM_DELROUTE:
  case RTM_GETROUTE: return body_with<rtmsg>(body, "rtm_family", route, tables::route_attributes());
  default: break;
  }
  const auto of = static_cast<std::uint8_t>(body.front());
  std::vector<Field> members{{"family", family(of), {}}};
  if (body.size() > 1) members.push_back({"data", hex_bytes(body.substr(1)), {}});
  return {structure(std::move(members))};
}

} // namespace socktale::decode::netlink
