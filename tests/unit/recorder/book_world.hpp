// A socket book, a made-up kernel and the calls of made-up processes, for the tests of the book.
#pragma once

#include "tests/support/fake_memory.hpp"
#include "tracer/decode/gather.hpp"
#include "tracer/recorder/socket_book.hpp"
#include "tracer/tables/syscalls.hpp"

#include <cerrno>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace socktale::test {

using model::SocketId;
using recorder::Deed;
using recorder::Interest;
using recorder::OpenDescriptor;
using recorder::Peeked;
using recorder::Touched;

constexpr Pid one{100};
constexpr Pid two{200};

// A kernel whose sockets are what the test says.
class FakePeek final : public recorder::Peek {
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

struct BookWorld {
  FakePeek peek;
  recorder::SocketBook book{peek};
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

} // namespace socktale::test
