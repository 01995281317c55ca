// Names of the numbers in netlink messages (netlink(7), rtnetlink(7)): types and their flags by
// protocol, the members of route messages, their attributes. Data and look-up only.
#pragma once

#include "tracer/tables/names.hpp"

#include <optional>

namespace socktale::tables {

// nlmsg_type below NLMSG_MIN_TYPE, the same in every protocol.
[[nodiscard]] Names netlink_control_types();
// nlmsg_type of one protocol (NETLINK_*).
[[nodiscard]] Names netlink_types(int protocol);

// What a message asks for decides what its upper flags are called.
enum class NetlinkVerb : std::uint8_t { other, make, remove, get, answer };
[[nodiscard]] NetlinkVerb netlink_verb(int protocol, int type);
[[nodiscard]] Names netlink_flags(); // those of every verb
[[nodiscard]] Names netlink_flags_of(NetlinkVerb verb);

[[nodiscard]] Names error_attributes(); // NLMSGERR_ATTR_*
[[nodiscard]] Names attribute_flags();  // NLA_F_*
[[nodiscard]] Names address_flags();    // IFA_F_*
[[nodiscard]] Names route_scopes();     // RT_SCOPE_*
[[nodiscard]] Names route_tables();     // RT_TABLE_*
[[nodiscard]] Names route_protocols();  // RTPROT_*
[[nodiscard]] Names route_types();      // RTN_*
[[nodiscard]] Names route_flags();      // RTM_F_*
[[nodiscard]] Names link_filters();     // RTEXT_FILTER_*

// What an attribute of a route message holds.
enum class Attribute : std::uint8_t {
  raw,
  text,
  number,        // u32
  octet,         // u8
  hardware,      // a hardware address
  link_filter,   // u32 of RTEXT_FILTER_*
  link_stats,    // struct rtnl_link_stats, or what an older kernel has of it
  link_stats64,  // struct rtnl_link_stats64
  link_map,      // struct rtnl_link_ifmap
  interface,     // u32, an interface's index
  address,       // of the message's family
  address_flags, // u32 of IFA_F_*
  address_cache, // struct ifa_cacheinfo
  table,         // u32 of RT_TABLE_*
};
struct AttributeRow {
  int type;
  std::string_view name;
  Attribute kind;
};
struct Attributes {
  std::span<const AttributeRow> rows;
  std::string_view unknown; // "IFLA_???"
};
[[nodiscard]] Attributes link_attributes();    // IFLA_*
[[nodiscard]] Attributes address_attributes(); // IFA_*
[[nodiscard]] Attributes route_attributes();   // RTA_*

} // namespace socktale::tables
