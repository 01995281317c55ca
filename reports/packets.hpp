// The packets that a network could have shown of a run: what each recorded call and the bytes that
// it moved would have looked like between the two ends. Made, never captured; knows no file format
// and no header.
#pragma once

#include "reports/story.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace socktale::reports {

// RFC 9293, 3.1.
enum TcpFlag : std::uint8_t { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32 };

struct Packet {
  Instant at; // never earlier than the one before it of the same connection
  Index connection = 0;
  std::size_t from = 0;      // the end that sends it: 0 or 1
  std::uint8_t flags = 0;    // TcpFlag; 0: a datagram
  std::uint32_t seq = 0;     // of its first byte
  std::uint32_t acked = 0;   // the next byte that the sender of this packet waits for
  std::string data{};        // as much as was recorded
  std::uint32_t length = 0;  // of all its bytes
  std::uint64_t skipped = 0; // bytes that follow and are in no packet: none was recorded
  std::uint64_t cut = 0;     // bytes of a datagram that is longer than any network's
  // The calls that it comes from: the sender's, and the one that took the bytes. An absent one is
  // the kernel's own doing, or not in the trace.
  const model::Call* sent = nullptr;
  const model::Call* taken = nullptr;
};

// In order of time.
[[nodiscard]] std::vector<Packet> packets_of(const Story& story);

} // namespace socktale::reports
