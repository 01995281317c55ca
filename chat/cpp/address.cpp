// Fills in and reads back sockaddr_in, sockaddr_in6 and sockaddr_un.
#include "address.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace chat {
namespace {

// The kernel's structures are copied in and out, never aliased. One type holds all three.
template <typename Sockaddr> Sockaddr copy_of(const sockaddr_storage& storage) {
  static_assert(sizeof(Sockaddr) <= sizeof(storage));
  Sockaddr copy;
  std::memcpy(&copy, &storage, sizeof(copy));
  return copy;
}

template <typename Number> std::string numeric_host(int family, const Number& number) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, &number, text.data(), text.size()) != nullptr ? text.data() : "?";
}

} // namespace

std::optional<Address> Address::internet(int family, const std::string& host, std::uint16_t port) {
  Address address;
  if (family == AF_INET) {
    sockaddr_in inet{};
    inet.sin_family = AF_INET;
    inet.sin_port = htons(port);
    if (inet_pton(family, host.c_str(), &inet.sin_addr) != 1) return std::nullopt;
    address.assign(inet, sizeof(inet));
  } else {
    sockaddr_in6 inet6{};
    inet6.sin6_family = AF_INET6;
    inet6.sin6_port = htons(port);
    if (inet_pton(family, host.c_str(), &inet6.sin6_addr) != 1) return std::nullopt;
    address.assign(inet6, sizeof(inet6));
  }
  return address;
}

std::optional<Address> Address::local(const std::string& path) {
  sockaddr_un local{};
  // One byte stays for the NUL at the end.
  if (path.empty() || path.size() >= sizeof(local.sun_path)) return std::nullopt;
  local.sun_family = AF_UNIX;
  std::ranges::copy(path, local.sun_path);
  Address address;
  address.assign(local, offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

const sockaddr* Address::data() const { return reinterpret_cast<const sockaddr*>(&storage_); }

sockaddr* Address::data() { return reinterpret_cast<sockaddr*>(&storage_); }

std::string Address::text() const {
  if (family() == AF_INET) {
    const auto inet = copy_of<sockaddr_in>(storage_);
    return numeric_host(AF_INET, inet.sin_addr) + ":" + std::to_string(ntohs(inet.sin_port));
  }
  if (family() == AF_INET6) {
    const auto inet6 = copy_of<sockaddr_in6>(storage_);
    return "[" + numeric_host(AF_INET6, inet6.sin6_addr) +
           "]:" + std::to_string(ntohs(inet6.sin6_port));
  }
  const auto local = copy_of<sockaddr_un>(storage_);
  const std::string path(local.sun_path, strnlen(local.sun_path, sizeof(local.sun_path)));
  return path.empty() ? "(unnamed)" : path;
}

} // namespace chat
