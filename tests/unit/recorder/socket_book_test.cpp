// The socket book on made-up calls: what becomes of a socket from its making to its end.
#include "tests/support/catch.hpp"
#include "tests/unit/recorder/book_world.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/model/endpoint.hpp"

#include <cerrno>

#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

using namespace socktale;
using namespace socktale::test;

TEST_CASE("a socket is made, bound, listens, accepts and is closed") {
  BookWorld world;
  world.put_address(0x1000, "127.0.0.1", 12345);
  world.put_address(0x1100, "127.0.0.1", 40000);
  world.memory.put_value<std::int32_t>(0x2000, 16);
  const SocketId listener = world.socket(one, 3);
  world.call("bind", one, {3, 0x1000, 16}, 0);
  CHECK(world.now[listener].local->port == 12345);
  world.call("listen", one, {3, 10}, 0);
  CHECK(world.now[listener].role == "listening");
  const auto accepted = world.call("accept4", one, {3, 0x1100, 0x2000, SOCK_CLOEXEC}, 4);
  CHECK(accepted->about == listener);
  const SocketId connection = accepted->others.at(0);
  CHECK(world.now[connection].peer->port == 40000);
  CHECK(world.now[connection].local->port == 12345);
  CHECK(world.now[connection].parent == listener);
  CHECK(world.call("close", one, {4}, 0)->about == connection);
  CHECK(world.now[connection].gone_by == "close");
  CHECK(world.who(one, 4) == std::nullopt);
  CHECK(world.who(one, 3) == listener);
}

TEST_CASE("failed calls change nothing, a connection under way is one") {
  BookWorld world;
  world.put_address(0x1000, "127.0.0.1", 1);
  const SocketId id = world.socket(one, 3);
  world.call("bind", one, {3, 0x1000, 16}, -EADDRINUSE);
  CHECK(world.now[id].role == "fresh");
  world.call("connect", one, {3, 0x1000, 16}, -EINPROGRESS);
  CHECK(world.now[id].role == "connecting");
  world.call("sendto", one, {3, 0x1000, 1, 0, 0, 0}, 1);
  CHECK(world.now[id].role == "connected");
}

TEST_CASE("the kernel gives a port with the first send, also with one that fails") {
  BookWorld world;
  const auto id = world.call("socket", one, {AF_INET, SOCK_DGRAM, 0}, 3)->about.value();
  Peeked& now = world.peek.sockets_[{one.value, 3}];
  now.inode = 7;
  now.local = model::Endpoint{"AF_INET", "0.0.0.0", 0, "", ""};
  world.call("sendto", one, {3, 0x1000, 1, 0, 0, 0}, -EFAULT);
  CHECK_FALSE(world.now[id].local);
  now.local->port = 40000;
  world.call("sendto", one, {3, 0x1000, 1, 0, 0, 0}, -EDESTADDRREQ);
  CHECK(world.now[id].local->port == 40000);
}

TEST_CASE("a netlink socket has the port that it was bound to or was given") {
  BookWorld world;
  const auto with_port = [](std::uint32_t port) {
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_pid = port;
    std::string bytes(sizeof address, 0);
    std::memcpy(bytes.data(), &address, sizeof address);
    return bytes;
  };
  world.memory.put(0x1000, with_port(0));
  world.memory.put(0x1100, with_port(99));
  for (const int fd : {3, 4, 5}) {
    Peeked& now = world.peek.sockets_[{one.value, fd}];
    now.inode = 7;
    now.local = decode::endpoint(with_port(1234));
  }
  const auto port = [&](std::uint64_t fd, const char* name, const decode::Args& args) {
    const auto made = world.call("socket", one, {AF_NETLINK, SOCK_RAW, 0}, static_cast<int>(fd));
    world.call(name, one, args, 0);
    return model::netlink_port(*world.now[*made->about].local);
  };
  CHECK(port(3, "bind", {3, 0x1000, sizeof(sockaddr_nl)}) == 1234);
  CHECK(port(4, "bind", {4, 0x1100, sizeof(sockaddr_nl)}) == 99);
  CHECK(port(5, "sendto", {5, 0x2000, 0, 0, 0, 0}) == 1234);
}

TEST_CASE("read and write and their like count on sockets only") {
  BookWorld world;
  CHECK_FALSE(world.call("read", one, {3, 0x1000, 10}, 10));
  const SocketId id = world.socket(one, 3);
  CHECK(world.call("read", one, {3, 0x1000, 10}, -EAGAIN)->about == id);
  CHECK_FALSE(world.call("read", one, {4, 0x1000, 10}, 10));
  CHECK_FALSE(world.call("read", two, {3, 0x1000, 10}, 10));
  CHECK(world.call("splice", one, {4, 0, 3, 0, 10, 0}, 10)->about == id);
}

TEST_CASE("socketpair makes two ends that know each other") {
  BookWorld world;
  const std::array<std::int32_t, 2> fds = {5, 6};
  world.memory.put_value(0x1000, fds);
  const auto touched = world.call("socketpair", one, {AF_UNIX, SOCK_STREAM, 0, 0x1000}, 0);
  const SocketId a = *touched->about;
  const SocketId b = touched->others.at(0);
  CHECK(world.now[a].parent == b);
  CHECK(world.now[b].parent == a);
  CHECK(world.who(one, 6) == b);
}

TEST_CASE("epoll sets are waited on when they hold a socket") {
  BookWorld world;
  const SocketId id = world.socket(one, 3);
  CHECK_FALSE(world.call("epoll_wait", one, {5, 0x1000, 8, 0}, 0));
  CHECK(world.call("epoll_ctl", one, {5, EPOLL_CTL_ADD, 3, 0}, 0)->about == id);
  CHECK(world.call("epoll_wait", one, {5, 0x1000, 8, 0}, 0)->about == id);
  CHECK_FALSE(world.call("epoll_ctl", one, {6, EPOLL_CTL_ADD, 9, 0}, 0));
  const auto pipe = world.call("epoll_ctl", one, {5, EPOLL_CTL_ADD, 9, 0}, 0);
  REQUIRE(pipe);
  CHECK((!pipe->about && pipe->others.empty()));
  world.call("close", one, {3}, 0);
  CHECK_FALSE(world.call("epoll_ctl", one, {5, EPOLL_CTL_DEL, 9, 0}, 0));
  CHECK_FALSE(world.call("epoll_wait", one, {5, 0x1000, 8, 0}, 0));
}
