// What the readers of netlink messages share: bytes in hex, runs of headers with a body each.
// Internal to decode/netlink*.cpp.
#pragma once

#include "tracer/model/value.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace socktale::decode::netlink {

template <class T> [[nodiscard]] std::optional<T> front(std::string_view bytes) {
  T value{};
  if (bytes.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// Bytes that are written in hex throughout.
[[nodiscard]] model::Value hex_bytes(std::string_view bytes);
[[nodiscard]] model::Value structure(std::vector<model::Field> members);
// {ifa_family=AF_INET, ...}: the structure's other members are not there.
[[nodiscard]] model::Value cut_structure(model::Field first);
[[nodiscard]] model::Value some_of(std::vector<model::Value> items);

constexpr std::size_t aligned(std::size_t size) { return (size + 3) / 4 * 4; } // NLMSG_ALIGN
constexpr std::size_t max_parts = 512; // messages of one call, attributes of one message

// Headers with a length, each followed by a body and aligned to four: messages and attributes are
// both laid out so. `one(header, body)` makes the value of one. A length without room for its own
// header ends the walk; one that is larger than what is there is cut.
template <class Header>
[[nodiscard]] model::Value run_of(std::string_view bytes, auto length_of, auto header_value,
                                  auto body_value) {
  std::vector<model::Value> items;
  while (!bytes.empty() && items.size() < max_parts) {
    const auto header = front<Header>(bytes);
    if (!header) {
      items.push_back(hex_bytes(bytes));
      break;
    }
    const std::size_t stated = length_of(*header);
    const std::size_t size = std::min(stated, bytes.size());
    model::Value shown = header_value(*header);
    if (size > sizeof(Header)) {
      const std::string_view body = bytes.substr(sizeof(Header), size - sizeof(Header));
      shown = {model::List{{std::move(shown)}, 1}};
      auto& list = *shown.get<model::List>();
      for (model::Value& part : body_value(*header, body)) list.items.push_back(std::move(part));
      list.length = list.items.size();
    }
    items.push_back(std::move(shown));
    if (stated < sizeof(Header)) break;
    bytes.remove_prefix(std::min(aligned(size), bytes.size()));
  }
  return some_of(std::move(items));
}

struct AttributeHeader { // struct nlattr
  std::uint16_t length, type;
};
// No name: `unknown` says of what it is none.
[[nodiscard]] model::Value attribute_header(const AttributeHeader& header, std::string_view name,
                                            std::string_view unknown);
[[nodiscard]] int attribute_number(std::uint16_t type); // without its NLA_F_ flags

// The attributes of a message; `name_of(number)` and `value_of(number, body)` tell what one is.
[[nodiscard]] model::Value attributes(std::string_view bytes, std::string_view unknown,
                                      auto name_of, auto value_of) {
  return run_of<AttributeHeader>(
      bytes, [](const AttributeHeader& header) { return std::size_t{header.length}; },
      [&](const AttributeHeader& header) {
        return attribute_header(header, name_of(attribute_number(header.type)), unknown);
      },
      [&](const AttributeHeader& header, std::string_view body) {
        return std::vector{value_of(attribute_number(header.type), body)};
      });
}

// The body of a message of NETLINK_ROUTE: its structure, then its attributes.
[[nodiscard]] std::vector<model::Value> route_body(int type, std::string_view body);

} // namespace socktale::decode::netlink
