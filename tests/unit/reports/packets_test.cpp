#include "reports/call_origin.hpp"
#include "reports/packet_headers.hpp"
#include "reports/packets.hpp"
#include "reports/pcapng.hpp"
#include "reports/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace socktale;
using namespace socktale::test;
using reports::Packet;

namespace {

std::string bytes_from(const std::vector<Packet>& packets, std::size_t end) {
  std::string out;
  for (const Packet& packet : packets)
    if (packet.from == end) out += packet.data;
  return out;
}

// All big-endian 16-bit words added up with their carries.
std::uint32_t sum_of(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a chat as packets", "[packets]") {
  for (const char* family : {"inet", "inet6", "unix"}) {
    INFO(family);
    const model::Trace trace = cpp_chat(family);
    const std::vector<Packet> packets = reports::packets_of(reports::build_story(trace));
    CHECK(bytes_from(packets, 0) == "hello");
    CHECK(bytes_from(packets, 1) == "hi");
    REQUIRE(packets.size() >= 9);
    CHECK(packets[0].flags == reports::syn);
    CHECK(packets[1].flags == (reports::syn | reports::ack));
    CHECK(packets[2].flags == reports::ack);
    CHECK(std::ranges::is_sorted(packets, {}, &Packet::at));
    CHECK(std::ranges::count(packets, reports::fin | reports::ack, &Packet::flags) == 2);
  }
}

TEST_CASE("every byte of a packet has its number", "[packets]") {
  const model::Trace trace = python_chat();
  std::array<std::uint32_t, 2> next{};
  for (const Packet& packet : reports::packets_of(reports::build_story(trace))) {
    std::uint32_t& mine = next.at(packet.from);
    if ((packet.flags & reports::syn) != 0) mine = packet.seq;
    CHECK(packet.seq == mine);
    const std::uint32_t others = next.at(1 - packet.from);
    if ((packet.flags & reports::ack) != 0) CHECK(packet.acked <= others);
    mine += packet.length + ((packet.flags & (reports::syn | reports::fin)) != 0 ? 1 : 0);
  }
}

TEST_CASE("checksums", "[packets]") {
  reports::WirePacket packet;
  packet.from.host = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1};
  packet.to = packet.from;
  packet.from.port = 40'000;
  packet.to.port = 80;
  packet.flags = reports::psh | reports::ack;
  packet.length = 5;
  const std::string bytes = reports::wire_packet(packet, "hello");
  REQUIRE(bytes.size() == 45);
  CHECK(sum_of(bytes.substr(0, 20)) == 0xffff);
  // The addresses, the protocol, the length, and everything from the TCP header on.
  CHECK(sum_of(bytes.substr(12, 8) + std::string("\0\x06\0\x19", 4) + bytes.substr(20)) == 0xffff);
}

TEST_CASE("lengths that a trace only claims make few packets", "[packets]") {
  TraceBuilder builder;
  builder.program("one", {"one"}).born(7, "one").exec(7, {"one"});
  model::Socket socket;
  socket.id = {1};
  socket.family = "AF_INET";
  socket.type = "SOCK_STREAM";
  socket.role = "connected";
  socket.origin = "inherited";
  builder.socket(socket);
  builder.call(7, "sendto", 44, {in("sockfd", fd(3)), in("buf", bytes("abc"))}, INT64_MAX,
               line("one.c", 1, "send()", "send"));
  builder.about(1).kind("count");
  const model::Trace trace = builder.finish();
  const reports::Story story = reports::build_story(trace);
  const std::vector<Packet> packets = reports::packets_of(story);
  REQUIRE_FALSE(packets.empty());
  CHECK(packets.size() < 40);
  CHECK(packets.back().skipped > 0);
  CHECK(bytes_from(packets, 0) == "abc");
}

TEST_CASE("a made capture says that it is made", "[packets]") {
  const model::Trace trace = cpp_chat("unix");
  const std::string file = reports::render_pcapng(reports::build_story(trace), {});
  CHECK(file.substr(0, 4) == "\x0a\x0d\x0d\x0a");
  CHECK(file.size() % 4 == 0);
  CHECK(holds(file, "Synthetic: made from recorded calls, not captured."));
  CHECK(holds(file, "socktale 0.1.0, synthetic"));
  CHECK(holds(file, "AF_UNIX: addresses and ports are made up"));
  CHECK(reports::format("pcapng")->binary);
}

TEST_CASE("a hostile trace stays text in comments", "[packets]") {
  const model::Trace trace = hostile();
  const reports::Story story = reports::build_story(trace);
  const std::string file = reports::render_pcapng(story, {});
  CHECK_FALSE(holds(file, "\x1b["));
  CHECK(file == reports::render_pcapng(story, {}));
}

TEST_CASE("a text of marks without a width does not outgrow a comment", "[packets]") {
  std::string marks;
  for (int i = 0; i < 50'000; ++i) marks += "\u0301";
  TraceBuilder builder;
  builder.program("one", {"one"}).born(7, "one").exec(7, {"one"});
  builder.call(7, "socket", 41, {}, 3, line("one.c", 1, marks, "socket"));
  const model::Trace trace = builder.finish();
  const reports::Story story = reports::build_story(trace);
  const reports::Options options;
  const std::string text = reports::CallOrigins(story, options).of(story.steps.at(0).main());
  CHECK(text.size() < 1100);
  CHECK(is_utf8(text));
}
