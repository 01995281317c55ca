// Addresses of the Internet and of AF_UNIX.
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr_families.hpp"
#include "tracer/decode/structure.hpp"

#include <array>
#include <cstddef>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace socktale::decode {
namespace {

using model::Value;

constexpr std::array inet_members = {
    Member{SOCKTALE_MEMBER(sockaddr_in, sin_port), Shape::port},
    Member{SOCKTALE_MEMBER(sockaddr_in, sin_addr), Shape::address4},
};

// unix(7): a path ends at its NUL, if it has one; an abstract name begins with NUL and has no end
// but the address's own; nothing at all is an unnamed socket. More than sun_path is not looked at.
struct UnixName {
  bool abstract;
  std::string name;
};
UnixName unix_name_of(std::string_view bytes) {
  const std::string_view path =
      bytes.substr(offsetof(sockaddr_un, sun_path)).substr(0, sizeof(sockaddr_un::sun_path));
  if (!path.empty() && path.front() == '\0') return {true, std::string(path.substr(1))};
  return {false, std::string(path.substr(0, path.find('\0')))};
}

} // namespace

void add_inet(std::string_view bytes, Fields& into) { add_members(inet_members, bytes, into); }

void add_inet6(std::string_view bytes, Fields& into) {
  const auto address = load<sockaddr_in6>(bytes);
  into.push_back({"sin6_port", made("htons", integer(ntohs(address.sin6_port))), {}});
  into.push_back({"sin6_flowinfo", made("htonl", integer(ntohl(address.sin6_flowinfo))), {}});
  into.push_back(
      {"sin6_addr",
       numeric_address6(bytes.substr(offsetof(sockaddr_in6, sin6_addr), sizeof address.sin6_addr)),
       {}});
  // RFC 2133 had no scope; the kernel still takes addresses without it.
  if (bytes.size() <= offsetof(sockaddr_in6, sin6_scope_id)) return;
  const bool of_a_link =
      IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&address.sin6_addr);
  into.push_back({"sin6_scope_id",
                  of_a_link ? interface(address.sin6_scope_id) : integer(address.sin6_scope_id),
                  {}});
}

void add_unix(std::string_view bytes, Fields& into) {
  if (bytes.size() <= offsetof(sockaddr_un, sun_path)) return;
  UnixName name = unix_name_of(bytes);
  Value text{model::Text{std::move(name.name)}};
  into.push_back({"sun_path", name.abstract ? made("@", std::move(text)) : std::move(text), {}});
}

std::string unix_name(std::string_view bytes) {
  const UnixName name = unix_name_of(bytes);
  return name.abstract ? "@" + name.name : name.name;
}

std::string inet_host(std::string_view bytes) {
  std::array<char, INET_ADDRSTRLEN> text{};
  const auto address = load<sockaddr_in>(bytes);
  return inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
}

std::string inet6_host(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto address = load<sockaddr_in6>(bytes);
  return inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
}

} // namespace socktale::decode
