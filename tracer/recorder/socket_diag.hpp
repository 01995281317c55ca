// Asks the kernel for the state of sockets that are named exactly (NETLINK_SOCK_DIAG, as ss does),
// several in one go. libmnl stays behind socket_diag.cpp. Never lists whole tables, and knows no
// book: who is asked for is the sampler's business.
#pragma once

#include "tracer/base/result.hpp"
#include "tracer/model/event.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace socktale::recorder {

// An address and a port, host byte order. IPv4 is kept as v4-mapped IPv6, so that both ends of a
// connection between the two compare equal.
struct InetEnd {
  std::array<std::uint8_t, 16> address{};
  std::uint16_t port = 0;
  auto operator<=>(const InetEnd&) const = default;
};
// Nothing for other families.
[[nodiscard]] std::optional<InetEnd> inet_end(const model::Endpoint& endpoint);

enum class DiagKind : std::uint8_t { tcp, udp, unix_socket };

// Which socket: TCP by both ends, a listening one by its own, UDP likewise, AF_UNIX by its inode.
struct SocketName {
  DiagKind kind = DiagKind::tcp;
  bool inet6 = false; // AF_INET6 is asked; needed where an end is a wildcard
  InetEnd local, peer;
  std::uint32_t inode = 0;
  auto operator<=>(const SocketName&) const = default;
  // The other end of the connection.
  [[nodiscard]] SocketName reversed() const { return {kind, inet6, peer, local, 0}; }
  [[nodiscard]] bool has_peer() const { return peer.port != 0; }
};

// Whether `state` is of the socket that `name` names; a look-up for a connection that is no more
// may find the listening socket in its place.
[[nodiscard]] bool names(const SocketName& name, const model::SocketState& state);

// One reply. `sequence` is that of the request.
struct DiagReply {
  std::uint32_t sequence = 0;
  int error = 0; // errno; ENOENT: there is no such socket
  model::SocketState state;
};
// Replies in a buffer that was received from netlink; what is cut, lies about its length or is
// unknown is passed over. `bytes` begins at a multiple of 4.
[[nodiscard]] std::vector<DiagReply> parse_replies(std::span<const std::byte> bytes);

class SocketDiag {
 public:
  SocketDiag() = default;
  SocketDiag(const SocketDiag&) = delete;
  SocketDiag& operator=(const SocketDiag&) = delete;
  virtual ~SocketDiag() = default;
  // Puts the question: when this returns, the kernel has looked. At most `most_names` at once.
  static constexpr std::size_t most_names = 64;
  virtual Result<> ask(std::span<const SocketName> names) = 0;
  // What it said to the last question, one for each name in its order. Never waits.
  virtual std::vector<DiagReply> replies() = 0;
};

// The kernel's own, in the network namespace of the tracer. An Error when it offers none: no
// netlink, not permitted, or no module for TCP.
[[nodiscard]] Result<std::unique_ptr<SocketDiag>> open_socket_diag();

} // namespace socktale::recorder
