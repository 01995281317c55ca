// What netlink's replies say, from made-up bytes: whole, cut, lying about lengths, with attributes
// that nobody knows. And the kernel's own answers about sockets of this test.
#include "tests/support/catch.hpp"
#include "tracer/base/unique_fd.hpp"
#include "tracer/recorder/socket_diag.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <vector>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace socktale;
using namespace socktale::recorder;

namespace {

using Bytes = std::vector<std::byte>;

void append(Bytes& bytes, const void* from, std::size_t size) {
  const auto* start = static_cast<const std::byte*>(from);
  bytes.insert(bytes.end(), start, start + size);
  bytes.resize((bytes.size() + 3) / 4 * 4);
}

Bytes attribute(std::uint16_t type, const void* content, std::size_t size) {
  const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + size), type};
  Bytes bytes;
  append(bytes, &header, sizeof header);
  append(bytes, content, size);
  return bytes;
}

template <class Body>
Bytes message(const Body& body, const Bytes& attributes = {},
              std::uint16_t type = SOCK_DIAG_BY_FAMILY, std::uint32_t sequence = 7) {
  nlmsghdr header{};
  header.nlmsg_len =
      static_cast<std::uint32_t>(NLMSG_HDRLEN + NLMSG_ALIGN(sizeof body) + attributes.size());
  header.nlmsg_type = type;
  header.nlmsg_seq = sequence;
  Bytes bytes;
  append(bytes, &header, sizeof header);
  append(bytes, &body, sizeof body);
  bytes.insert(bytes.end(), attributes.begin(), attributes.end());
  return bytes;
}

inet_diag_msg connection() {
  inet_diag_msg told{};
  told.idiag_family = AF_INET;
  told.idiag_state = 1;
  told.idiag_timer = 2;
  told.idiag_retrans = 3;
  told.id.idiag_sport = htons(12345);
  told.id.idiag_dport = htons(40000);
  told.id.idiag_src[0] = htonl(INADDR_LOOPBACK);
  told.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
  told.idiag_expires = 7200;
  told.idiag_rqueue = 5;
  told.idiag_wqueue = 6;
  told.idiag_inode = 4711;
  return told;
}

} // namespace

TEST_CASE("a reply about a connection is read whole") {
  const std::uint8_t yes = 1;
  const auto replies =
      parse_replies(message(connection(), attribute(INET_DIAG_SKV6ONLY, &yes, sizeof yes)));
  REQUIRE(replies.size() == 1);
  const model::SocketState& state = replies[0].state;
  CHECK(replies[0].sequence == 7);
  CHECK(replies[0].error == 0);
  CHECK(state.family == "AF_INET");
  CHECK(state.state == "ESTABLISHED");
  CHECK(state.local == model::Endpoint{"AF_INET", "127.0.0.1", 12345, "", ""});
  CHECK(state.peer == model::Endpoint{"AF_INET", "127.0.0.1", 40000, "", ""});
  CHECK(state.recv_queue == 5);
  CHECK(state.send_queue == 6);
  CHECK(state.inode == 4711);
  CHECK(state.timer == "keepalive");
  CHECK(state.timer_ms == 7200);
  CHECK(state.retransmits == 3);
  CHECK(state.v6only);
}

TEST_CASE("a reply about an AF_UNIX socket is read whole") {
  unix_diag_msg told{};
  told.udiag_family = AF_UNIX;
  told.udiag_type = SOCK_DGRAM;
  told.udiag_state = 7;
  told.udiag_ino = 9;
  const std::uint32_t peer = 10;
  const unix_diag_rqlen queues{5, 768};
  Bytes attributes = attribute(UNIX_DIAG_PEER, &peer, sizeof peer);
  for (const Bytes& each : {attribute(UNIX_DIAG_RQLEN, &queues, sizeof queues),
                            attribute(UNIX_DIAG_NAME, "\0name", 5), attribute(999, "?", 1)})
    attributes.insert(attributes.end(), each.begin(), each.end());
  const auto replies = parse_replies(message(told, attributes));
  REQUIRE(replies.size() == 1);
  const model::SocketState& state = replies[0].state;
  CHECK(state.type == "SOCK_DGRAM");
  CHECK(state.state == "CLOSE");
  CHECK(state.inode == 9);
  CHECK(state.peer_inode == 10);
  CHECK(state.recv_queue == 5);
  CHECK(state.send_queue == 768);
  CHECK(state.local->path == "@name");
}

TEST_CASE("an error is the errno of its request") {
  const auto replies = parse_replies(message(nlmsgerr{-ENOENT, {}}, {}, NLMSG_ERROR, 8));
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].sequence == 8);
  CHECK(replies[0].error == ENOENT);
  for (const int nonsense : {0, 5, -5000, std::numeric_limits<int>::min()}) {
    const auto odd = parse_replies(message(nlmsgerr{nonsense, {}}, {}, NLMSG_ERROR));
    REQUIRE(odd.size() == 1);
    CHECK(odd[0].error == EPROTO);
  }
}

TEST_CASE("cut replies are passed over, wherever they are cut") {
  const std::uint8_t yes = 1;
  const Bytes whole = message(connection(), attribute(INET_DIAG_SKV6ONLY, &yes, sizeof yes));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(parse_replies(cut).empty());
  }
}

TEST_CASE("a message that lies about its length ends the reading") {
  for (const std::uint32_t length :
       {0U, 1U, 15U, 16U, 20U, 71U, 1000U, 0x7fffffffU, 0x80000000U, 0xffffffffU}) {
    Bytes bytes = message(connection());
    std::memcpy(bytes.data(), &length, sizeof length);
    for (const DiagReply& reply : parse_replies(bytes)) CHECK(reply.state.inode == 4711);
    if (length != 0xffffffffU && length >= NLMSG_HDRLEN && length < bytes.size()) continue;
    CHECK(parse_replies(bytes).empty());
  }
}

TEST_CASE("an attribute that lies about its length ends the attributes") {
  constexpr std::array<std::uint16_t, 8> lengths = {0, 1, 3, 4, 6, 9, 1000, 0xffff};
  for (const std::uint16_t length : lengths) {
    const std::uint8_t yes = 1;
    Bytes attributes = attribute(INET_DIAG_SKV6ONLY, &yes, sizeof yes);
    std::memcpy(attributes.data(), &length, sizeof length);
    const auto replies = parse_replies(message(connection(), attributes));
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].state.inode == 4711);
  }
}

TEST_CASE("families, states and types that nobody knows are passed over") {
  inet_diag_msg told = connection();
  told.idiag_family = 99;
  CHECK(parse_replies(message(told)).empty());
  told = connection();
  told.idiag_state = 200;
  CHECK(parse_replies(message(told)).empty());
  CHECK(parse_replies(message(connection(), {}, 99)).empty());
  CHECK(parse_replies({}).empty());
}

TEST_CASE("ends compare over families, and a listening socket is no connection") {
  const model::Endpoint four{"AF_INET", "127.0.0.1", 80, "", ""};
  const model::Endpoint mapped{"AF_INET6", "::ffff:127.0.0.1", 80, "", ""};
  CHECK(inet_end(four) == inet_end(mapped));
  CHECK(inet_end({"AF_INET", "not an address", 80, "", ""}) == std::nullopt);
  CHECK(inet_end({"AF_UNIX", "", 0, "/x", ""}) == std::nullopt);
  SocketName name;
  name.local = *inet_end(four);
  model::SocketState state;
  state.local = mapped;
  CHECK(names(name, state));
  name.peer = *inet_end({"AF_INET", "127.0.0.1", 40000, "", ""});
  CHECK_FALSE(names(name, state));
}

TEST_CASE("the kernel answers several questions at once, in their order") {
  auto diag = open_socket_diag();
  if (!diag) {
    WARN("no sock_diag here: " + diag.error().text());
    return;
  }
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener.get(), 3) == 0);
  REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::send(client.get(), "hello", 5, 0) == 5);
  sockaddr_in own{};
  REQUIRE(::getsockname(client.get(), reinterpret_cast<sockaddr*>(&own), &size) == 0);

  const auto end = [](const sockaddr_in& from) {
    return *inet_end({"AF_INET", "127.0.0.1", ntohs(from.sin_port), "", ""});
  };
  const SocketName connected{DiagKind::tcp, false, end(own), end(address), 0};
  const SocketName listening{DiagKind::tcp, false, end(address), {}, 0};
  SocketName nobody = connected;
  nobody.peer.port = 1;
  const std::vector<SocketName> asked = {connected, nobody, connected.reversed(), listening};
  REQUIRE((*diag)->ask(asked));
  const auto replies = (*diag)->replies();
  REQUIRE(replies.size() == 4);
  CHECK(replies[0].state.state == "ESTABLISHED");
  CHECK(replies[1].error == ENOENT);
  CHECK(names(connected.reversed(), replies[2].state)); // that nobody has accepted
  CHECK(replies[2].state.inode == 0);
  CHECK(replies[2].state.recv_queue == 5);
  CHECK(replies[3].state.state == "LISTEN");
  CHECK(replies[3].state.recv_queue == 1);
  CHECK(replies[3].state.send_queue == 3);
  CHECK((*diag)->replies().empty()); // each answer once
}
