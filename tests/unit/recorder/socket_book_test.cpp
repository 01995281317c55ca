// The socket book on made-up calls: what a number means, through dup, fork, exec, passing and
// close.
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/decode/gather.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/model/endpoint.hpp"
#include "tracer/recorder/socket_book.hpp"
#include "tracer/tables/syscalls.hpp"

#include <cerrno>
#include <cstring>
#include <functional>
#include <map>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

using namespace socktale;
using namespace socktale::recorder;
using model::SocketId;

namespace {

constexpr Pid one{100};
constexpr Pid two{200};

// A kernel whose sockets are what the test says.
class FakePeek final : public Peek {
 public:
  std::map<std::pair<pid_t, int>, Peeked> sockets_;
  std::optional<Peeked> look(Pid pid, int fd) override {
    const auto at = sockets_.find({pid.value, fd});
    return at == sockets_.end() ? std::nullopt : std::optional(at->second);
  }
  std::uint64_t inode(Pid pid, int fd) override { return look(pid, fd).value_or(Peeked{}).inode; }
  bool in_our_network(Pid /*pid*/, int /*fd*/) override { return true; }
  std::vector<OpenDescriptor> open_;
  std::vector<OpenDescriptor> descriptors(Pid /*pid*/) override { return open_; }
  std::vector<int> sockets(Pid pid) override {
    std::vector<int> fds;
    for (const auto& [key, peeked] : sockets_)
      if (key.first == pid.value) fds.push_back(key.second);
    return fds;
  }
};

struct World {
  FakePeek peek;
  SocketBook book{peek};
  test::FakeMemory memory;
  std::map<SocketId, model::Socket> now;

  // Runs one call from entry to exit, and what other threads do in between. Nothing: the book let
  // it pass.
  std::optional<Touched> call(
      const char* name, Pid pid, const decode::Args& args, std::int64_t result,
      const std::function<void()>& meanwhile = [] {}) {
    const tables::Syscall& row = *tables::by_name(name);
    decode::Capture before;
    decode::Capture after;
    decode::gather_entry(row, args, {}, memory, before);
    const Deed deed{row, pid, args, before};
    const Interest interest = book.interest(deed);
    if (interest == Interest::none) return std::nullopt;
    Touched touched = interest == Interest::record ? book.begin(deed) : Touched{};
    meanwhile();
    decode::gather_exit(row, args, result, {}, memory, before, after);
    book.end(deed, after, result, touched);
    for (const model::Socket& socket : book.take_changes()) now[socket.id] = socket;
    if (interest == Interest::follow) return std::nullopt;
    return touched;
  }
  SocketId socket(Pid pid, int fd, int flags = 0) {
    return *call("socket", pid, {AF_INET, static_cast<std::uint64_t>(SOCK_STREAM | flags), 0}, fd)
                ->about;
  }
  // Who the number means, as a call on it would say.
  std::optional<SocketId> who(Pid pid, std::uint64_t fd) {
    const auto touched = call("shutdown", pid, {fd, 2}, -ENOTCONN);
    return touched ? touched->about : std::nullopt;
  }
  void put_address(std::uint64_t at, const char* host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host, &address.sin_addr);
    memory.put_value(at, address);
  }
};

} // namespace

TEST_CASE("a socket is made, bound, listens, accepts and is closed") {
  World world;
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
  World world;
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
  World world;
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
  World world;
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
  World world;
  CHECK_FALSE(world.call("read", one, {3, 0x1000, 10}, 10));
  const SocketId id = world.socket(one, 3);
  CHECK(world.call("read", one, {3, 0x1000, 10}, -EAGAIN)->about == id);
  CHECK_FALSE(world.call("read", one, {4, 0x1000, 10}, 10));
  CHECK_FALSE(world.call("read", two, {3, 0x1000, 10}, 10));
  CHECK(world.call("splice", one, {4, 0, 3, 0, 10, 0}, 10)->about == id);
}

TEST_CASE("duplicates are the same socket until the last one is closed") {
  World world;
  const SocketId id = world.socket(one, 3);
  world.call("dup", one, {3}, 4);
  world.call("dup2", one, {3, 7}, 7);
  world.call("fcntl", one, {3, F_DUPFD_CLOEXEC, 10}, 10);
  for (const std::uint64_t fd : {3, 4, 7, 10}) CHECK(world.who(one, fd) == id);
  for (const std::uint64_t fd : {3, 4, 7}) world.call("close", one, {fd}, 0);
  CHECK(world.now[id].gone_by.empty());
  world.book.exec(one); // 10 was close-on-exec
  for (const auto& socket : world.book.take_changes()) world.now[socket.id] = socket;
  CHECK(world.now[id].gone_by == "exec");
}

TEST_CASE("dup2 over a socket closes it, onto itself does nothing") {
  World world;
  const SocketId old = world.socket(one, 3);
  const SocketId fresh = world.socket(one, 4);
  world.call("dup2", one, {3, 3}, 3);
  CHECK(world.now[old].gone_by.empty());
  world.call("dup2", one, {4, 3}, 3);
  CHECK(world.now[old].gone_by == "dup2");
  CHECK(world.who(one, 3) == fresh);
  world.call("dup2", one, {9, 3}, 3); // 9 is a file
  CHECK(world.who(one, 3) == std::nullopt);
  CHECK(world.now[fresh].gone_by.empty());
}

TEST_CASE("a fork has copies, a thread shares, exec unshares") {
  World world;
  const SocketId id = world.socket(one, 3);
  world.book.born(one, two, false);
  world.call("close", one, {3}, 0);
  CHECK(world.who(two, 3) == id);
  CHECK(world.who(one, 3) == std::nullopt);
  world.book.gone(two);
  for (const auto& socket : world.book.take_changes()) world.now[socket.id] = socket;
  CHECK(world.now[id].gone_by == "exit");

  World shared;
  const SocketId other = shared.socket(one, 3);
  shared.book.born(one, two, true);
  shared.call("close", two, {3}, 0);
  CHECK(shared.now[other].gone_by == "close");
  CHECK(shared.who(one, 3) == std::nullopt);
  const SocketId third = shared.socket(one, 5);
  CHECK(shared.who(two, 5) == third);
  shared.book.exec(two);
  shared.call("close", two, {5}, 0);
  CHECK(shared.who(one, 5) == third);
}

TEST_CASE("close-on-exec follows fcntl and ioctl") {
  World world;
  const SocketId kept = world.socket(one, 3, SOCK_CLOEXEC);
  const SocketId dropped = world.socket(one, 4);
  world.call("fcntl", one, {3, F_SETFD, 0}, 0);
  world.call("ioctl", one, {4, 0x5451 /* FIOCLEX */, 0}, 0);
  world.book.exec(one);
  for (const auto& socket : world.book.take_changes()) world.now[socket.id] = socket;
  CHECK(world.now[kept].gone_by.empty());
  CHECK(world.now[dropped].gone_by == "exec");
}

TEST_CASE("close_range closes, marks or unshares") {
  World world;
  const SocketId a = world.socket(one, 3);
  const SocketId b = world.socket(one, 8);
  world.book.born(one, two, true);
  CHECK(world.call("close_range", two, {4, 0xffffffff, CLOSE_RANGE_UNSHARE}, 0)->about == b);
  CHECK(world.who(one, 8) == b);
  CHECK(world.who(two, 8) == std::nullopt);
  CHECK(world.who(two, 3) == a);
  CHECK_FALSE(world.call("close_range", two, {100, 200, 0}, 0));
}

TEST_CASE("a close that another thread has overtaken does not close the new socket") {
  World world;
  const SocketId old = world.socket(one, 3);
  const tables::Syscall& row = *tables::by_name("close");
  const decode::Args args{3};
  decode::Capture before;
  decode::Capture after;
  const Deed deed{row, one, args, before};
  Touched touched = world.book.begin(deed);
  CHECK(touched.about == old);
  const SocketId fresh = world.socket(one, 3); // made before the close was seen to return
  world.book.end(deed, after, 0, touched);
  CHECK(world.who(one, 3) == fresh);
  CHECK(world.now[old].gone_by == "close");
}

TEST_CASE("calls that end long after their socket was closed change nothing of it") {
  World world;
  world.socket(one, 3);
  const auto thousand_come_and_go = [&] {
    world.call("close", one, {3}, 0);
    for (int i = 0; i < 1000; ++i) {
      world.socket(one, 3);
      world.call("close", one, {3}, 0);
    }
  };
  const auto accepted = world.call("accept4", one, {3, 0, 0, 0}, 4, thousand_come_and_go);
  CHECK(accepted->about == SocketId{1});
  const model::Socket& connection = world.now[accepted->others.at(0)];
  CHECK(connection.role == "connected");
  CHECK(connection.family.empty());
  CHECK_FALSE(connection.parent);
  world.socket(one, 3);
  const auto received = world.call("recvfrom", one, {3, 0, 0, 0, 0, 0}, 1, thousand_come_and_go);
  CHECK(received->about == SocketId{1003});
  world.socket(one, 3);
  CHECK(world.call("listen", one, {3, 5}, 0, thousand_come_and_go)->about == SocketId{2004});
  CHECK(world.now[SocketId{2004}].role == "fresh");
  CHECK(world.now[SocketId{2004}].gone_by == "close");
}

TEST_CASE("socketpair makes two ends that know each other") {
  World world;
  const std::array<std::int32_t, 2> fds = {5, 6};
  world.memory.put_value(0x1000, fds);
  const auto touched = world.call("socketpair", one, {AF_UNIX, SOCK_STREAM, 0, 0x1000}, 0);
  const SocketId a = *touched->about;
  const SocketId b = touched->others.at(0);
  CHECK(world.now[a].parent == b);
  CHECK(world.now[b].parent == a);
  CHECK(world.who(one, 6) == b);
}

TEST_CASE(
    "a descriptor that was passed is known again by its inode, even when the sender closed it") {
  World world;
  const SocketId id = world.socket(one, 7);
  world.peek.sockets_[{one.value, 7}].inode = 99;
  world.peek.sockets_[{two.value, 4}].inode = 99;
  world.socket(one, 3);
  world.socket(two, 3);
  std::string control(24, '\0');
  const auto put_fd = [&](int fd) {
    const std::uint64_t length = 20;
    const std::array<int, 3> rest = {SOL_SOCKET, SCM_RIGHTS, fd};
    std::memcpy(control.data(), &length, 8);
    std::memcpy(control.data() + 8, rest.data(), 12);
    world.memory.put(0x3000, control);
  };
  world.memory.put_value(0x4000, decode::MessageHeader{0, 0, 0, 0, 0, 0x3000, 24, 0, 0});
  put_fd(7);
  CHECK(world.call("sendmsg", one, {3, 0x4000, 0}, 1)->others.at(0) == id);
  world.call("close", one, {7}, 0);
  CHECK(world.now[id].gone_by.empty()); // it lives on in the message
  put_fd(4);
  CHECK(world.call("recvmsg", two, {3, 0x4000, 0}, 1)->others.at(0) == id);
  CHECK(world.who(two, 4) == id);
  world.call("close", two, {4}, 0);
  CHECK(world.now[id].gone_by == "close");
}

TEST_CASE("epoll sets are waited on when they hold a socket") {
  World world;
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

TEST_CASE("what a running process holds is found, and looked for once more") {
  World world;
  world.peek.sockets_[{one.value, 3}].inode = 5;
  world.peek.sockets_[{one.value, 4}].inode = 6;
  world.peek.open_ = {{3, 5, false, false, {}}, {4, 6, false, true, {}}, {7, 0, true, false, {4}}};
  world.book.find(one);
  const auto kept = world.who(one, 3);
  const auto watched = world.who(one, 4);
  REQUIRE(kept);
  REQUIRE(watched);
  CHECK(world.now[*kept].origin == "found");
  CHECK(world.call("epoll_wait", one, {7, 0x1000, 8, 0}, 0)->about == watched);

  world.peek.sockets_[{one.value, 4}].inode = 9; // another socket has got the number meanwhile
  world.peek.open_[1].inode = 9;
  world.book.find(one);
  CHECK(world.who(one, 3) == kept);
  CHECK(world.who(one, 4) != watched);
  world.book.exec(one); // close-on-exec
  CHECK(world.call("read", one, {3, 0x1000, 1}, 0));
  CHECK_FALSE(world.call("read", one, {4, 0x1000, 1}, 0));
}

TEST_CASE("sockets from before the trace are looked up, and a file is none") {
  World world;
  Peeked peeked;
  peeked.inode = 5;
  peeked.family = "AF_INET";
  peeked.listening = true;
  world.peek.sockets_[{one.value, 0}] = peeked;
  world.book.inherit(one);
  const auto id = world.who(one, 0);
  REQUIRE(id);
  CHECK(world.now[*id].origin == "inherited");
  CHECK(world.now[*id].role == "listening");
  CHECK(world.who(one, 1) == std::nullopt);
}
