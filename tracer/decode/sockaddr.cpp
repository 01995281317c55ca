#include "tracer/decode/sockaddr.hpp"

#include "tracer/decode/numbers.hpp"

#include <array>
#include <cstddef>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace socktale::decode {
namespace {

using model::Field;
using model::Value;

template <class T> T as(std::string_view bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return value;
}

std::string dotted(const in_addr& address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET, &address, text.data(), text.size());
}

std::string coloned(const in6_addr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET6, &address, text.data(), text.size());
}

Value made(const char* by, Value of) { return {model::Made{by, {std::move(of)}}}; }

Value port(std::uint16_t big_endian) { return made("htons", integer(ntohs(big_endian))); }

void add_inet(std::string_view bytes, std::vector<Field>& members) {
  const auto address = as<sockaddr_in>(bytes);
  members.push_back({"sin_port", port(address.sin_port), {}});
  members.push_back({"sin_addr", made("inet_addr", {model::Text{dotted(address.sin_addr)}}), {}});
}

void add_inet6(std::string_view bytes, std::vector<Field>& members) {
  const auto address = as<sockaddr_in6>(bytes);
  members.push_back({"sin6_port", port(address.sin6_port), {}});
  members.push_back({"sin6_flowinfo", made("htonl", integer(ntohl(address.sin6_flowinfo))), {}});
  members.push_back({"sin6_addr",
                     {model::Made{"inet_pton",
                                  {symbol(tables::families(), AF_INET6),
                                   {model::Text{coloned(address.sin6_addr)}}}}},
                     {}});
  members.push_back({"sin6_scope_id", integer(address.sin6_scope_id), {}});
}

// unix(7): a path ends at its NUL, if it has one; an abstract name begins with NUL and has no end
// but the address's own; nothing at all is an unnamed socket.
void add_unix(std::string_view bytes, std::vector<Field>& members) {
  const std::string_view path = bytes.substr(offsetof(sockaddr_un, sun_path));
  if (path.empty()) return;
  const bool abstract = path.front() == '\0';
  Value text{model::Text{std::string(abstract ? path.substr(1) : path.substr(0, path.find('\0')))}};
  members.push_back({"sun_path", abstract ? made("@", std::move(text)) : std::move(text), {}});
}

struct FamilyRow {
  int family;
  std::size_t smallest; // bytes that the kernel wants at least
  void (*add)(std::string_view, std::vector<Field>&);
};

// sockaddr_in6 without its scope, as RFC 2133 had it, is accepted too.
constexpr std::array family_rows = {
    FamilyRow{AF_INET, sizeof(sockaddr_in), add_inet},
    FamilyRow{AF_INET6, offsetof(sockaddr_in6, sin6_scope_id), add_inet6},
    FamilyRow{AF_UNIX, offsetof(sockaddr_un, sun_path), add_unix},
};

const FamilyRow* row_of(std::string_view bytes) {
  const int family = as<sa_family_t>(bytes);
  for (const FamilyRow& row : family_rows)
    if (row.family == family && bytes.size() >= row.smallest) return &row;
  return nullptr;
}

} // namespace

Value socket_address(std::string_view bytes) {
  if (bytes.size() < sizeof(sa_family_t)) return {model::Bytes{std::string(bytes), bytes.size()}};
  std::vector<Field> members;
  members.push_back({"sa_family", symbol(tables::families(), as<sa_family_t>(bytes)), {}});
  if (const FamilyRow* row = row_of(bytes)) {
    row->add(bytes, members);
  } else if (const auto rest = bytes.substr(sizeof(sa_family_t)); !rest.empty()) {
    members.push_back({"sa_data", {model::Bytes{std::string(rest), rest.size()}}, {}});
  }
  return {model::Struct{std::move(members)}};
}

std::optional<model::Endpoint> endpoint(std::string_view bytes) {
  if (bytes.size() < sizeof(sa_family_t)) return std::nullopt;
  const int family = as<sa_family_t>(bytes);
  model::Endpoint out;
  out.family = tables::name_of(tables::families(), family);
  const FamilyRow* row = row_of(bytes);
  if (row != nullptr && family == AF_INET) {
    const auto address = as<sockaddr_in>(bytes);
    out.host = dotted(address.sin_addr);
    out.port = ntohs(address.sin_port);
  } else if (row != nullptr && family == AF_INET6) {
    const auto address = as<sockaddr_in6>(bytes);
    out.host = coloned(address.sin6_addr);
    out.port = ntohs(address.sin6_port);
  } else if (row != nullptr && family == AF_UNIX) {
    const std::string_view path = bytes.substr(offsetof(sockaddr_un, sun_path));
    if (!path.empty())
      out.path = path.front() == '\0' ? "@" + std::string(path.substr(1))
                                      : std::string(path.substr(0, path.find('\0')));
  } else {
    out.raw = bytes.substr(sizeof(sa_family_t));
  }
  return out;
}

} // namespace socktale::decode
