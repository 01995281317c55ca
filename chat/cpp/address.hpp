// A socket address of any of the three families, from the command line or from the kernel. Only
// numeric hosts: looking up a name may open sockets of its own, which would be seen in a trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include <sys/socket.h>

namespace chat {

class Address {
 public:
  /// Room for an address that accept() fills in.
  Address() = default;

  /// AF_INET or AF_INET6; nothing when `host` is no numeric address of that family.
  static std::optional<Address> internet(int family, const std::string& host, std::uint16_t port);
  /// AF_UNIX; nothing when `path` is empty or longer than the kernel takes.
  static std::optional<Address> local(const std::string& path);

  [[nodiscard]] int family() const { return storage_.ss_family; }
  [[nodiscard]] const sockaddr* data() const;
  [[nodiscard]] sockaddr* data();
  [[nodiscard]] socklen_t size() const { return size_; }
  /// Where accept() reads the room there is and writes the size there was.
  [[nodiscard]] socklen_t* size_in_out() { return &size_; }

  /// "127.0.0.1:12345", "[::1]:12345", a path, or "(unnamed)".
  [[nodiscard]] std::string text() const;

 private:
  template <typename Sockaddr> void assign(const Sockaddr& from, std::size_t size) {
    static_assert(sizeof(Sockaddr) <= sizeof(storage_));
    std::memcpy(&storage_, &from, sizeof(from));
    size_ = static_cast<socklen_t>(size);
  }

  sockaddr_storage storage_{};
  socklen_t size_ = sizeof(storage_);
};

} // namespace chat
