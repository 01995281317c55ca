#include "reports/packet_headers.hpp"

#include <algorithm>

namespace socktale::reports {
namespace {

constexpr std::uint8_t tcp_protocol = 6, udp_protocol = 17; // IANA's protocol numbers
constexpr std::uint8_t syn_flag = 2, urgent_flag = 32;

void put_8(std::string& out, std::uint32_t number) { out += static_cast<char>(number & 0xff); }
void put_16(std::string& out, std::uint32_t number) {
  put_8(out, number >> 8);
  put_8(out, number);
}
void put_32(std::string& out, std::uint32_t number) {
  put_16(out, number >> 16);
  put_16(out, number);
}
void set_16(std::string& out, std::size_t at, std::uint32_t number) {
  out[at] = static_cast<char>(number >> 8 & 0xff);
  out[at + 1] = static_cast<char>(number & 0xff);
}

// The sum of RFC 1071, over pieces of an even length but for the last.
std::uint64_t add(std::uint64_t sum, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    sum += static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
  return sum;
}
std::uint32_t folded(std::uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint32_t>(~sum & 0xffff);
}

void put_host(std::string& out, const WireEnd& end, bool ipv4) {
  for (std::size_t i = ipv4 ? 12 : 0; i < end.host.size(); ++i) put_8(out, end.host.at(i));
}

std::string ip_header(const WirePacket& packet, bool ipv4, std::uint8_t protocol,
                      std::uint32_t length) {
  std::string out;
  if (ipv4) { // RFC 791, 3.1
    put_16(out, 0x4500);
    put_16(out, 20 + length);
    put_32(out, 0x00004000); // not to be fragmented
    put_8(out, 64);
    put_8(out, protocol);
    put_16(out, 0);
  } else { // RFC 8200, 3
    put_32(out, 0x60000000);
    put_16(out, length);
    put_8(out, protocol);
    put_8(out, 64);
  }
  put_host(out, packet.from, ipv4);
  put_host(out, packet.to, ipv4);
  if (ipv4) set_16(out, 10, folded(add(0, out)));
  return out;
}

// RFC 9293, 3.1. A SYN offers the largest segment and window, so that none is ever full.
std::string tcp_header(const WirePacket& packet) {
  const bool syn = (packet.flags & syn_flag) != 0;
  std::string out;
  put_16(out, packet.from.port);
  put_16(out, packet.to.port);
  put_32(out, packet.seq);
  put_32(out, packet.acked);
  put_8(out, syn ? 0x70 : 0x50);
  put_8(out, packet.flags);
  put_16(out, 0xffff);
  put_16(out, 0);
  put_16(out, (packet.flags & urgent_flag) != 0 ? 1 : 0);
  if (syn) {
    put_32(out, 0x0204ffd7); // segments of 65,495 bytes
    put_32(out, 0x0103030e); // window scale 14 (RFC 7323)
  }
  return out;
}

std::string udp_header(const WirePacket& packet) { // RFC 768
  std::string out;
  put_16(out, packet.from.port);
  put_16(out, packet.to.port);
  put_16(out, 8 + packet.length);
  put_16(out, 0);
  return out;
}

} // namespace

bool WireEnd::is_ipv4() const {
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(mapped.begin(), mapped.end(), host.begin());
}

std::string wire_packet(const WirePacket& packet, std::string_view data) {
  const bool ipv4 = packet.from.is_ipv4() && packet.to.is_ipv4();
  const bool tcp = packet.flags != 0;
  const std::uint8_t protocol = tcp ? tcp_protocol : udp_protocol;
  std::string transport = tcp ? tcp_header(packet) : udp_header(packet);
  const auto length = static_cast<std::uint32_t>(transport.size()) + packet.length;

  std::string pseudo_header; // RFC 9293, 3.1; RFC 8200, 8.1
  put_host(pseudo_header, packet.from, ipv4);
  put_host(pseudo_header, packet.to, ipv4);
  put_32(pseudo_header, length);
  put_32(pseudo_header, protocol);
  std::uint32_t sum = folded(add(add(add(0, pseudo_header), transport), data));
  if (!tcp && sum == 0) sum = 0xffff; // 0 would say that there is none
  set_16(transport, tcp ? 16 : 6, sum);

  return ip_header(packet, ipv4, protocol, length) + transport + std::string(data);
}

} // namespace socktale::reports
