// A packet's headers as they are on the wire: IPv4 or IPv6, TCP or UDP, with correct checksums.
// Knows no story and no file.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace socktale::reports {

// An address and a port; IPv4 is ::ffff:1.2.3.4 (RFC 4291, 2.5.5.2).
struct WireEnd {
  std::array<std::uint8_t, 16> host{};
  std::uint16_t port = 0;
  [[nodiscard]] bool is_ipv4() const;
};

struct WirePacket {
  WireEnd from, to;
  std::uint8_t flags = 0; // of TCP; 0: UDP
  std::uint32_t seq = 0, acked = 0;
  std::uint32_t length = 0; // of the data, of which only the first bytes may be known
};

// Headers and data. Unknown bytes count as 0 in the checksum; who reads a packet that is not whole
// does not check it.
[[nodiscard]] std::string wire_packet(const WirePacket& packet, std::string_view data);

} // namespace socktale::reports
