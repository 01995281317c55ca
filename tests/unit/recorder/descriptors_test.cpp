// The socket book on made-up calls: what a number means, through dup, fork, exec, passing and
// close, and in processes that had sockets before.
#include "tests/support/catch.hpp"
#include "tests/unit/recorder/book_world.hpp"

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/epoll.h>
#include <sys/socket.h>

using namespace socktale;
using namespace socktale::test;

namespace {

// A message that passes one descriptor, for the call's second argument.
std::uint64_t message_with(BookWorld& world, int fd) {
  std::string control(24, '\0');
  const std::uint64_t length = 20;
  const std::array<int, 3> rest = {SOL_SOCKET, SCM_RIGHTS, fd};
  std::memcpy(control.data(), &length, 8);
  std::memcpy(control.data() + 8, rest.data(), 12);
  world.memory.put(0x3000, control);
  world.memory.put_value(0x4000, decode::MessageHeader{0, 0, 0, 0, 0, 0x3000, 24, 0, 0});
  return 0x4000;
}

} // namespace

TEST_CASE("duplicates are the same socket until the last one is closed") {
  BookWorld world;
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
  BookWorld world;
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
  BookWorld world;
  const SocketId id = world.socket(one, 3);
  world.book.born(one, two, false);
  world.call("close", one, {3}, 0);
  CHECK(world.who(two, 3) == id);
  CHECK(world.who(one, 3) == std::nullopt);
  world.book.gone(two);
  for (const auto& socket : world.book.take_changes()) world.now[socket.id] = socket;
  CHECK(world.now[id].gone_by == "exit");

  BookWorld shared;
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
  BookWorld world;
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
  BookWorld world;
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
  BookWorld world;
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
  BookWorld world;
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

TEST_CASE(
    "a descriptor that was passed is known again by its inode, even when the sender closed it") {
  BookWorld world;
  const SocketId id = world.socket(one, 7);
  world.peek.sockets_[{one.value, 7}].inode = 99;
  world.peek.sockets_[{two.value, 4}].inode = 99;
  world.socket(one, 3);
  world.socket(two, 3);
  CHECK(world.call("sendmsg", one, {3, message_with(world, 7), 0}, 1)->others.at(0) == id);
  world.call("close", one, {7}, 0);
  CHECK(world.now[id].gone_by.empty()); // it lives on in the message
  CHECK(world.call("recvmsg", two, {3, message_with(world, 4), 0}, 1)->others.at(0) == id);
  CHECK(world.who(two, 4) == id);
  world.call("close", two, {4}, 0);
  CHECK(world.now[id].gone_by == "close");
}

TEST_CASE("what is passed to somebody who is not traced is forgotten in the end") {
  BookWorld world;
  world.socket(one, 3);
  world.socket(two, 3);
  std::vector<SocketId> passed;
  std::uint64_t inode = 100;
  const auto pass = [&] {
    passed.push_back(world.socket(one, 7));
    world.peek.sockets_[{one.value, 7}].inode = ++inode;
    world.call("sendmsg", one, {3, message_with(world, 7), 0}, 1);
    world.call("close", one, {7}, 0);
  };
  for (int i = 0; i < 100; ++i) pass();
  CHECK(world.book.take_forgotten().empty());
  world.peek.sockets_[{two.value, 4}].inode = 101; // the first was meant for a traced one
  CHECK(world.call("recvmsg", two, {3, message_with(world, 4), 0}, 1)->others.at(0) == passed[0]);
  for (int i = 0; i < 900; ++i) pass();
  const auto forgotten = world.book.take_forgotten();
  CHECK(forgotten.size() > 700);
  CHECK(forgotten.front() == passed[1]);
  CHECK(world.now[passed[1]].gone_by.empty()); // for nobody saw it end
  CHECK(world.who(two, 4) == passed[0]);
  world.peek.sockets_[{two.value, 5}].inode = 102; // too late: it is as good as new
  const auto late = world.call("recvmsg", two, {3, message_with(world, 5), 0}, 1)->others.at(0);
  CHECK(world.now[late].origin == "received");
}

TEST_CASE("what a running process holds is found, and looked for once more") {
  BookWorld world;
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
  BookWorld world;
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
