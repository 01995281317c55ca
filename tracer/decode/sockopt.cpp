#include "tracer/decode/sockopt.hpp"

#include "tracer/decode/numbers.hpp"
#include "tracer/tables/sockopts.hpp"

#include <array>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace socktale::decode {
namespace {

using model::Value;
using tables::Option;

template <class T> std::optional<T> exactly(std::string_view bytes) {
  T value{};
  if (bytes.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

Value one(Value value) { return {model::List{{std::move(value)}, 1}}; }

Value numeric_address(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const Value shown{model::Text{inet_ntop(family, address, text.data(), text.size())}};
  if (family == AF_INET) return {model::Made{"inet_addr", {shown}}};
  return {model::Made{"inet_pton", {symbol(tables::families(), family), shown}}};
}

Value raw(std::string_view bytes) { return {model::Bytes{std::string(bytes), bytes.size()}}; }

Value number(Option kind, int value) {
  switch (kind) {
  case Option::error: return error_symbol(value);
  case Option::family: return symbol(tables::families(), value);
  case Option::type: return symbol(tables::socket_types(), value);
  case Option::protocol: return symbol(tables::inet_protocols(), value);
  default: return integer(value);
  }
}

Value structure(Option kind, std::string_view bytes, const Layout& layout) {
  if (kind == Option::linger) {
    if (const auto v = exactly<linger>(bytes))
      return {model::Struct{
          {{"l_onoff", integer(v->l_onoff), {}}, {"l_linger", integer(v->l_linger), {}}}}};
  } else if (kind == Option::timeval) {
    if (const auto v = time_in(std::as_bytes(std::span(bytes)), layout))
      return {model::Struct{
          {{"tv_sec", integer(v->seconds), {}}, {"tv_usec", integer(v->fraction), {}}}}};
  } else if (kind == Option::credentials) {
    struct Credentials {
      std::int32_t pid;
      std::uint32_t uid, gid;
    };
    if (const auto v = exactly<Credentials>(bytes))
      return {model::Struct{{{"pid", integer(v->pid), {}},
                             {"uid", integer(v->uid), {}},
                             {"gid", integer(v->gid), {}}}}};
  } else if (kind == Option::in_addr) {
    if (const auto v = exactly<in_addr>(bytes)) return numeric_address(AF_INET, &*v);
  } else if (kind == Option::membership) {
    if (const auto v = exactly<ip_mreq>(bytes))
      return {model::Struct{{{"imr_multiaddr", numeric_address(AF_INET, &v->imr_multiaddr), {}},
                             {"imr_interface", numeric_address(AF_INET, &v->imr_interface), {}}}}};
  } else if (kind == Option::membership6) {
    if (const auto v = exactly<ipv6_mreq>(bytes))
      return {
          model::Struct{{{"ipv6mr_multiaddr", numeric_address(AF_INET6, &v->ipv6mr_multiaddr), {}},
                         {"ipv6mr_interface", integer(v->ipv6mr_interface), {}}}}};
  }
  return raw(bytes);
}

} // namespace

Value option_level(int level) { return symbol(tables::option_levels(), level); }

Value option_name(int level, int number) {
  const auto* option = tables::socket_option(level, number);
  return {model::Symbol{number, option == nullptr ? std::string{} : std::string(option->name)}};
}

Value option_value(int level, int option_number, std::string_view bytes, const Layout& layout) {
  const auto* option = tables::socket_option(level, option_number);
  const Option kind = option == nullptr ? Option::integer : option->kind;
  switch (kind) {
  case Option::integer:
  case Option::error:
  case Option::family:
  case Option::type:
  case Option::protocol:
    // An unknown option is taken for an int only when it has an int's size.
    if (option == nullptr && bytes.size() != sizeof(int)) return raw(bytes);
    if (const auto value = exactly<int>(bytes)) return one(number(kind, *value));
    return raw(bytes);
  case Option::text: return {model::Text{std::string(bytes.substr(0, bytes.find('\0')))}};
  case Option::raw: return raw(bytes);
  default: return structure(kind, bytes, layout);
  }
}

} // namespace socktale::decode
