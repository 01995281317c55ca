#include "tracer/decode/structure.hpp"

#include "tracer/decode/numbers.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace socktale::decode {
namespace {

using model::Field;
using model::Value;

std::int64_t sign_extended(std::uint64_t value, std::size_t size) {
  if (size >= sizeof value) return static_cast<std::int64_t>(value);
  const unsigned unused = 64 - 8 * static_cast<unsigned>(size);
  return static_cast<std::int64_t>(value << unused) >> unused;
}

Value shown(const Member& member, std::string_view bytes) {
  const auto number = load<std::uint64_t>(bytes);
  switch (member.shape) {
  case Shape::natural: return natural(number);
  case Shape::integer: return integer(sign_extended(number, member.size));
  case Shape::hex: return hex(number);
  case Shape::padded: return padded_hex(number, member.size);
  case Shape::symbol: return symbol(member.names(), static_cast<std::int64_t>(number));
  case Shape::flags: return flags(member.names(), number);
  case Shape::descriptor: return {model::Fd{static_cast<int>(number)}};
  case Shape::interface: return interface(sign_extended(number, member.size));
  case Shape::port: return made("htons", integer(ntohs(static_cast<std::uint16_t>(number))));
  case Shape::address4: return numeric_address4(bytes);
  case Shape::address6: return numeric_address6(bytes);
  case Shape::text: return text(bytes);
  case Shape::hardware: return hardware_address(bytes);
  case Shape::hex_list: return hex_list(bytes);
  case Shape::bytes: return raw(bytes);
  case Shape::escaped: return made("\\x", raw(bytes));
  }
  return raw(bytes);
}

} // namespace

void add_members(Members members, std::string_view bytes, std::vector<Field>& into) {
  for (const Member& member : members) {
    if (member.offset >= bytes.size()) continue;
    const std::string_view own = bytes.substr(member.offset, member.size);
    if (member.only_if_set && std::ranges::all_of(own, [](char c) { return c == '\0'; })) continue;
    into.push_back(
        {std::string(member.name), own.size() < member.size ? raw(own) : shown(member, own), {}});
  }
}

Value structure(Members members, std::string_view bytes) {
  std::vector<Field> fields;
  add_members(members, bytes, fields);
  return {model::Struct{std::move(fields)}};
}

Value raw(std::string_view bytes) { return {model::Bytes{std::string(bytes), bytes.size()}}; }

Value text(std::string_view bytes) {
  const std::size_t end = bytes.find('\0');
  if (end != std::string_view::npos || bytes.empty())
    return {model::Text{std::string(bytes.substr(0, end))}};
  return {model::Bytes{std::string(bytes.substr(0, bytes.size() - 1)), bytes.size()}};
}

Value made(const char* by, Value of) { return {model::Made{by, {std::move(of)}}}; }

Value numeric_address4(std::string_view bytes) {
  std::array<char, INET_ADDRSTRLEN> shown{};
  const auto address = load<in_addr>(bytes);
  return made("inet_addr", {model::Text{inet_ntop(AF_INET, &address, shown.data(), shown.size())}});
}

Value numeric_address6(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> shown{};
  const auto address = load<in6_addr>(bytes);
  return {model::Made{"inet_pton",
                      {symbol(tables::families(), AF_INET6),
                       {model::Text{inet_ntop(AF_INET6, &address, shown.data(), shown.size())}}}}};
}

Value hardware_address(std::string_view bytes) {
  std::string shown;
  std::uint64_t number = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    shown += fmt::format("{}{:02x}", shown.empty() ? "" : ":", byte);
    number = number << 8 | byte;
  }
  return {model::Symbol{static_cast<std::int64_t>(number), shown}};
}

std::string hex_quoted(std::string_view bytes) {
  std::string out = "\"";
  for (const char c : bytes) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return out + "\"";
}

Value hex_list(std::string_view bytes) {
  model::List list{{}, bytes.size()};
  for (const char c : bytes) list.items.push_back(padded_hex(static_cast<unsigned char>(c), 1));
  return {std::move(list)};
}

Value interface(std::int64_t index) {
  if (index == 1) return made("if_nametoindex", {model::Text{"lo"}});
  return integer(index);
}

} // namespace socktale::decode
