#include "reports/pcapng.hpp"

#include "reports/call_origin.hpp"
#include "reports/packet_headers.hpp"
#include "reports/packets.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <arpa/inet.h>

namespace socktale::reports {
namespace {

// Block types and options of draft-ietf-opsawg-pcapng.
constexpr std::uint32_t section_header = 0x0a0d0d0a, interface_description = 1, enhanced_packet = 6;
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint16_t opt_end = 0, opt_comment = 1;
constexpr std::uint16_t shb_hardware = 2, shb_os = 3, shb_userappl = 4;
constexpr std::uint16_t if_name = 2, if_description = 3, if_tsresol = 9;
constexpr std::uint16_t linktype_raw = 101; // a packet begins with its IP header

// Little-endian, as the byte-order magic says.
class Block {
 public:
  explicit Block(std::uint32_t type) {
    put_32(type);
    put_32(0); // its length: set at the end
  }
  void put_16(std::uint16_t number) {
    for (int shift = 0; shift < 16; shift += 8) out_ += static_cast<char>(number >> shift & 0xff);
  }
  void put_32(std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) out_ += static_cast<char>(number >> shift & 0xff);
  }
  void bytes(std::string_view bytes) {
    out_ += bytes;
    out_.append((4 - bytes.size() % 4) % 4, '\0');
  }
  void option(std::uint16_t code, std::string_view value) {
    put_16(code);
    put_16(static_cast<std::uint16_t>(value.size()));
    bytes(value);
  }
  std::string finish() {
    option(opt_end, "");
    const auto length = static_cast<std::uint32_t>(out_.size() + 4);
    put_32(length);
    for (std::size_t i = 0; i < 4; ++i) out_[4 + i] = static_cast<char>(length >> 8 * i & 0xff);
    return std::move(out_);
  }

 private:
  std::string out_;
};

enum Link : std::uint32_t { network, local }; // the interfaces, in order

// The two ends of a connection on the wire.
struct Ends {
  Link link = network;
  std::array<WireEnd, 2> at;
  std::array<bool, 2> made_up{};
};

WireEnd ipv4(std::array<std::uint8_t, 4> host, std::uint16_t port) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, host[0], host[1], host[2], host[3]}, port};
}

// Nothing: no address of the Internet families.
std::optional<WireEnd> wire_end(const std::optional<model::Endpoint>& endpoint) {
  if (!endpoint) return std::nullopt;
  WireEnd out;
  out.port = endpoint->port;
  std::array<std::uint8_t, 4> four{};
  // A socket that is bound to every address is reached at this machine's own.
  if (endpoint->host == "0.0.0.0") return ipv4({127, 0, 0, 1}, out.port);
  if (inet_pton(AF_INET, endpoint->host.text().c_str(), four.data()) == 1)
    return ipv4(four, out.port);
  if (inet_pton(AF_INET6, endpoint->host.text().c_str(), out.host.data()) != 1) return std::nullopt;
  if (endpoint->host == "::") out.host.back() = 1;
  return out;
}

bool is_local(const Story& story, const Connection& connection) {
  for (const std::size_t end : {0UZ, 1UZ}) {
    const auto& address = connection.addresses.at(end);
    if (address && address->family == "AF_UNIX") return true;
    const auto& socket = connection.ends.at(end);
    if (socket && story.sockets.at(*socket).last->family == "AF_UNIX") return true;
  }
  return false;
}

// Addresses that nobody told are of those kept for documentation (RFC 5737, RFC 3849); a port of
// its own keeps connections apart. AF_UNIX gets addresses of the loopback network.
Ends ends_of(const Story& story, Index index) {
  const Connection& connection = story.connections[index];
  const auto port = static_cast<std::uint16_t>(50'000 + index % 10'000);
  const auto high = static_cast<std::uint8_t>(index >> 8), low = static_cast<std::uint8_t>(index);
  if (is_local(story, connection))
    return {
        local, {ipv4({127, 85, high, low}, port), ipv4({127, 86, high, low}, port)}, {true, true}};
  Ends out;
  std::array<std::optional<WireEnd>, 2> known = {wire_end(connection.addresses[0]),
                                                 wire_end(connection.addresses[1])};
  for (const std::size_t end : {0UZ, 1UZ}) {
    const auto& other = known.at(1 - end);
    const auto host = static_cast<std::uint8_t>(1 + end);
    WireEnd made = ipv4({192, 0, 2, host}, port);
    if (other && !other->is_ipv4())
      made.host = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host};
    out.made_up.at(end) = !known.at(end);
    out.at.at(end) = known.at(end).value_or(made);
  }
  // ::1 that an IPv4 socket reached by ::ffff:127.0.0.1 is bound to every address.
  if (out.at[0].is_ipv4() != out.at[1].is_ipv4())
    for (WireEnd& end : out.at)
      if (!end.is_ipv4() && end.host.back() == 1) end = ipv4({127, 0, 0, 1}, end.port);
  return out;
}

class Capture {
 public:
  Capture(const Story& story, const Options& options)
      : story_(story), options_(options), origins_(story, options) {}

  std::string run() {
    std::string out =
        section() +
        interface("socktale", tr("Internet sockets, made from recorded calls; addresses of "
                                 "documentation (192.0.2.0/24, 2001:db8::/32) were unknown")) +
        interface("socktale-unix", tr("AF_UNIX sockets as if they were of the Internet: addresses "
                                      "127.85.x.x and 127.86.x.x and all ports are made up"));
    for (Index i = 0; i < story_.connections.size(); ++i) ends_.push_back(ends_of(story_, i));
    for (const Packet& packet : packets_of(story_)) out += block_of(packet);
    return out;
  }

 private:
  [[nodiscard]] std::string told(const Said& said) const {
    return printable(say(options_.language, said)).substr(0, 4096);
  }

  [[nodiscard]] std::string section() const {
    const model::Header& header = story_.trace->header;
    Block block(section_header);
    block.put_32(byte_order_magic);
    block.put_16(1); // version 1.0
    block.put_16(0);
    block.put_32(0xffffffff); // the section's length is not told
    block.put_32(0xffffffff);
    block.option(opt_comment,
                 told(tr("Synthetic: made from recorded calls, not captured. Bytes are "
                         "those of the calls; handshakes, acknowledgements, "
                         "endings, sequence numbers and windows are made up, and times "
                         "are those of the calls.")));
    block.option(shb_hardware, column(header.machine));
    block.option(shb_os, column(header.system + ", Linux " + header.kernel));
    block.option(shb_userappl,
                 column(header.tool) + ", synthetic: made from recorded calls, not captured");
    return block.finish();
  }

  // Text of the trace's header, as short as a name.
  static std::string column(std::string_view text) { return printable(text.substr(0, 100)); }

  [[nodiscard]] std::string interface(std::string_view name, const Said& about) const {
    Block block(interface_description);
    block.put_16(linktype_raw);
    block.put_16(0);
    block.put_32(0); // no limit
    block.option(if_name, name);
    block.option(if_description, told(about));
    block.option(if_tsresol, "\x09"); // nanoseconds
    return block.finish();
  }

  [[nodiscard]] std::uint64_t time_of(Instant at) const {
    std::int64_t ns = 0;
    if (__builtin_add_overflow(story_.trace->header.began_at, at.ns, &ns) || ns < 0) return 0;
    return static_cast<std::uint64_t>(ns);
  }

  [[nodiscard]] std::string block_of(const Packet& packet) const {
    const Ends& ends = ends_[packet.connection];
    WirePacket wire{ends.at.at(packet.from),
                    ends.at.at(1 - packet.from),
                    packet.flags,
                    packet.seq,
                    packet.acked,
                    packet.length};
    const std::string bytes = wire_packet(wire, packet.data);
    const std::uint64_t time = time_of(packet.at);
    const std::size_t missing = packet.length - packet.data.size();
    Block block(enhanced_packet);
    block.put_32(ends.link);
    block.put_32(static_cast<std::uint32_t>(time >> 32));
    block.put_32(static_cast<std::uint32_t>(time));
    block.put_32(static_cast<std::uint32_t>(bytes.size()));
    block.put_32(static_cast<std::uint32_t>(bytes.size() + missing));
    block.bytes(bytes);
    for (const std::string& comment : comments(packet, ends, missing))
      block.option(opt_comment, comment);
    return block.finish();
  }

  [[nodiscard]] std::vector<std::string> comments(const Packet& packet, const Ends& ends,
                                                  std::size_t missing) const {
    std::vector<std::string> out;
    for (const model::Call* call : {packet.sent, packet.taken})
      if (call) out.push_back(origins_.of(*call));
    if (!packet.sent && (packet.taken || packet.flags == 0))
      out.push_back(told(tr("what sent these bytes is not in the trace")));
    if (!packet.sent && !packet.taken)
      out.push_back(told(tr("made by the kernel: no call of its own")));
    if (missing > 0)
      out.push_back(
          told({tr("{count} byte was not recorded", "{count} bytes were not recorded", "count"),
                {{"count", missing}}}));
    if (packet.skipped > 0)
      out.push_back(
          told({tr("{count} further byte was not recorded and is in no packet",
                   "{count} further bytes were not recorded and are in no packet", "count"),
                {{"count", packet.skipped}}}));
    if (packet.cut > 0)
      out.push_back(
          told({tr("{count} byte of this message is left out: it is longer than UDP allows",
                   "{count} bytes of this message are left out: it is longer than UDP "
                   "allows",
                   "count"),
                {{"count", packet.cut}}}));
    if (ends.link == local)
      out.push_back(told(tr("AF_UNIX: addresses and ports are made up")));
    else if (ends.made_up[0] || ends.made_up[1])
      out.push_back(told(tr("an address of documentation stands for one that is unknown")));
    return out;
  }

  const Story& story_;
  const Options& options_;
  CallOrigins origins_;
  std::vector<Ends> ends_;
};

} // namespace

std::string render_pcapng(const Story& story, const Options& options) {
  return Capture(story, options).run();
}

} // namespace socktale::reports
