// The decoder on bytes: what a program's memory held becomes the values that strace would show. The
// memory ends where the bytes end, so reading one byte too many is seen.
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/decode/arguments.hpp"
#include "tracer/decode/gather.hpp"
#include "tracer/decode/message.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/sockopt.hpp"
#include "tracer/tables/syscalls.hpp"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

using namespace socktale;
using namespace socktale::decode;
using namespace std::string_literals;
using model::Value;
using test::FakeMemory;

namespace {

template <class T> std::string bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string inet(const char* host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host, &address.sin_addr);
  return bytes_of(address);
}

const model::Field& member(const Value& value, std::size_t i) {
  return value.get<model::Struct>()->members.at(i);
}

// Decodes a call as the recorder does: gathered at entry and exit, then decoded from what was kept.
struct Decoded {
  std::vector<model::Field> args;
  const model::Field& operator[](const char* name) const {
    for (const model::Field& field : args)
      if (field.name == name) return field;
    FAIL("no argument " << name);
    throw 0;
  }
};
Decoded decode_call(const char* name, const Args& args, FakeMemory& at_entry, FakeMemory& at_exit,
                    std::optional<std::int64_t> result, const Limits& limits = {}) {
  const tables::Syscall& row = *tables::by_name(name);
  Capture before;
  Capture after;
  gather_entry(row, args, limits, at_entry, before);
  if (result) gather_exit(row, args, *result, limits, at_exit, before, after);
  return {decode_arguments(row, args, before, after, result, limits)};
}
Decoded decode_call(const char* name, const Args& args, FakeMemory& memory,
                    std::optional<std::int64_t> result, const Limits& limits = {}) {
  return decode_call(name, args, memory, memory, result, limits);
}

} // namespace

TEST_CASE("addresses of the three main families, whole") {
  const Value v4 = socket_address(inet("127.0.0.1", 12345));
  CHECK(member(v4, 0).before == symbol(tables::families(), AF_INET));
  CHECK(member(v4, 1).before == Value{model::Made{"htons", {integer(12345)}}});
  CHECK(member(v4, 2).before == Value{model::Made{"inet_addr", {Value{model::Text{"127.0.0.1"}}}}});

  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(80);
  six.sin6_scope_id = 7;
  six.sin6_addr = in6addr_loopback;
  const Value v6 = socket_address(bytes_of(six));
  CHECK(member(v6, 3).name == "sin6_addr");
  CHECK(member(v6, 3).before.get<model::Made>()->of.at(1) == Value{model::Text{"::1"}});
  CHECK(member(v6, 4).before == integer(7));
  const auto end6 = endpoint(bytes_of(six));
  CHECK(end6->host == "::1");
  CHECK(end6->port == 80);

  const std::string path = "\x01\0/tmp/chat"s;
  CHECK(member(socket_address(path), 1).before == Value{model::Text{"/tmp/chat"}});
  CHECK(endpoint(path)->path == "/tmp/chat");
  const std::string abstract = "\x01\0\0name"s;
  CHECK(endpoint(abstract)->path == "@name");
  CHECK(member(socket_address(abstract), 1).before.get<model::Made>()->by == "@");
  CHECK(endpoint("\x01\0"s)->path.empty());
}

TEST_CASE("addresses cut at every length keep what there is and never read on") {
  const std::string whole = inet("10.1.2.3", 80);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const Value value = socket_address(std::string_view(whole).substr(0, size));
    if (size < 2) {
      CHECK(value.get<model::Bytes>() != nullptr);
      CHECK_FALSE(endpoint(whole.substr(0, size)));
    } else {
      REQUIRE(value.get<model::Struct>() != nullptr);
      const auto& members = value.get<model::Struct>()->members;
      CHECK(members.size() == (size > 2 ? 2 : 1));
      if (size > 2) CHECK(members[1].name == "sa_data");
      CHECK(endpoint(whole.substr(0, size))->host.empty());
    }
  }
}

TEST_CASE("a family that is not known keeps its raw bytes") {
  const Value value = socket_address("\x2a\0abcd"s);
  CHECK(member(value, 1).before.get<model::Bytes>()->data == "abcd");
  CHECK(endpoint("\x2a\0abcd"s)->raw == "abcd");
}

TEST_CASE("socket types come apart into a type and its flags") {
  const Value value = socket_type(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK);
  CHECK(value.get<model::Flags>()->names ==
        std::vector<model::Name>{"SOCK_STREAM", "SOCK_CLOEXEC", "SOCK_NONBLOCK"});
  CHECK(value.get<model::Flags>()->rest == 0);
  CHECK(socket_type(0xf).get<model::Flags>()->rest == 0xf);
}

TEST_CASE("errors and signals have their names, the kernel's restart codes too") {
  CHECK(error_name(EADDRINUSE) == "EADDRINUSE");
  CHECK(error_name(512) == "ERESTARTSYS");
  CHECK(error_name(516) == "ERESTART_RESTARTBLOCK");
  CHECK(error_name(0).empty());
  CHECK(error_name(99999).empty());
  CHECK(signal_name(13) == "SIGPIPE");
  CHECK(signal_name(0).empty());
}

TEST_CASE("bind: the address is read as long as addrlen says and no longer") {
  FakeMemory memory;
  memory.put(0x1000, inet("127.0.0.1", 12345));
  const Decoded call = decode_call("bind", {3, 0x1000, 16}, memory, 0);
  CHECK(call["sockfd"].before == Value{model::Fd{3}});
  CHECK(member(call["addr"].before, 1).before == Value{model::Made{"htons", {integer(12345)}}});
  // One byte too long: the last one cannot be read, so nothing is claimed of the address.
  CHECK(decode_call("bind", {3, 0x1000, 17}, memory, 0)["addr"].before.get<model::Unreadable>() !=
        nullptr);
  CHECK(decode_call("bind", {3, 0, 16}, memory, -EFAULT)["addr"].before ==
        Value{model::Pointer{0}});
  // A negative or enormous length is the kernel's EINVAL, not our read.
  CHECK(decode_call("bind", {3, 0x1000, ~0ULL}, memory, -EINVAL)["addr"]
            .before.get<model::Pointer>() != nullptr);
}

TEST_CASE("accept4: the address comes out, and the length shows what it was and is") {
  FakeMemory entry;
  FakeMemory exit;
  entry.put_value<std::int32_t>(0x2000, 28);
  exit.put_value<std::int32_t>(0x2000, 16);
  exit.put(0x1000, inet("127.0.0.1", 40000) + std::string(12, 'x'));
  const Decoded call = decode_call("accept4", {3, 0x1000, 0x2000, SOCK_CLOEXEC}, entry, exit, 4);
  CHECK(member(call["addr"].after, 1).before == Value{model::Made{"htons", {integer(40000)}}});
  CHECK(call["addrlen"].before == Value{model::List{{integer(28)}, 1}});
  CHECK(call["addrlen"].after == Value{model::List{{integer(16)}, 1}});

  SECTION("room for less than there was: only what was written is read") {
    entry.put_value<std::int32_t>(0x2000, 4);
    const Decoded cut = decode_call("accept4", {3, 0x1000, 0x2000, 0}, entry, exit, 4);
    CHECK(member(cut["addr"].after, 1).name == "sa_data");
  }
  SECTION("a failed accept wrote nothing") {
    const Decoded failed = decode_call("accept4", {3, 0x1000, 0x2000, 0}, entry, exit, -EAGAIN);
    CHECK(failed["addr"].after.empty());
    CHECK(failed["addr"].before == Value{model::Pointer{0x1000}});
  }
  SECTION("in flight nothing is known of what will come out") {
    CHECK(decode_call("accept4", {3, 0x1000, 0x2000, 0}, entry, exit, std::nullopt)["addr"]
              .after.empty());
  }
}

TEST_CASE("an address that another thread changed during the call is kept twice") {
  FakeMemory entry;
  FakeMemory exit;
  entry.put(0x1000, inet("127.0.0.1", 80));
  exit.put(0x1000, inet("10.0.0.1", 80));
  const tables::Syscall& row = *tables::by_name("connect");
  const Args args{3, 0x1000, 16};
  const auto decoded = [&](FakeMemory& later, std::int64_t result) {
    Capture before;
    Capture after;
    gather_entry(row, args, {}, entry, before);
    gather_exit(row, args, result, {}, later, before, after);
    gather_again(row, args, later, before, after);
    return decode_arguments(row, args, before, after, result, {}).at(1);
  };
  for (const std::int64_t result : {0, -EINPROGRESS}) {
    CHECK(decoded(exit, result).before == socket_address(inet("127.0.0.1", 80)));
    CHECK(decoded(exit, result).after == socket_address(inet("10.0.0.1", 80)));
    CHECK(decoded(entry, result).after.empty());
  }
  FakeMemory unmapped; // meanwhile: nothing is claimed
  CHECK(decoded(unmapped, 0).after.empty());
}

TEST_CASE("where messages were sent to is kept twice when another thread changed it") {
  FakeMemory entry;
  FakeMemory exit;
  std::array<mmsghdr, 2> messages{};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::uint64_t name = 0x3000 + i * 0x100;
    messages.at(i).msg_hdr.msg_name = reinterpret_cast<void*>(name);
    messages.at(i).msg_hdr.msg_namelen = sizeof(sockaddr_in);
    entry.put(name, inet("127.0.0.1", 80));
    exit.put(name, inet(i == 1 ? "10.0.0.1" : "127.0.0.1", 80));
  }
  for (FakeMemory* memory : {&entry, &exit}) memory->put_value(0x2000, messages);
  const auto name_of = [&](const char* call, const Args& args) {
    Capture before;
    Capture after;
    const tables::Syscall& row = *tables::by_name(call);
    gather_entry(row, args, {}, entry, before);
    gather_again(row, args, exit, before, after);
    const auto fields = decode_arguments(row, args, before, after, 1, {});
    const model::Value& value = fields.at(1).before;
    const auto* list = value.get<model::List>();
    const auto* last = (list != nullptr ? list->items.back() : value).get<model::Struct>();
    REQUIRE(last != nullptr);
    const model::Field& first = last->members.front();
    return list == nullptr ? first : first.before.get<model::Struct>()->members.front();
  };
  const model::Field same = name_of("sendmsg", {3, 0x2000, 0});
  CHECK((same.name == "msg_name" && same.after.empty()));
  const model::Field changed = name_of("sendmmsg", {3, 0x2000, 2, 0});
  CHECK(changed.name == "msg_name");
  CHECK(changed.before == socket_address(inet("127.0.0.1", 80)));
  CHECK(changed.after == socket_address(inet("10.0.0.1", 80)));
}

TEST_CASE("vectors and control data are bounded for all messages of a call together") {
  FakeMemory memory;
  std::array<mmsghdr, 20> messages{};
  memory.put_value(0x8000, std::array<iovec, 1000>{});
  std::string control;
  for (int i = 0; i < 256; ++i) control += std::string("\x10\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0", 16);
  memory.put(0x10000, control);
  for (mmsghdr& message : messages) {
    message.msg_hdr.msg_iov = reinterpret_cast<iovec*>(0x8000);
    message.msg_hdr.msg_iovlen = 1000;
    message.msg_hdr.msg_control = reinterpret_cast<void*>(0x10000);
    message.msg_hdr.msg_controllen = control.size();
  }
  // What is unreadable counts as well: what comes behind it was not looked at, which is another
  // thing.
  std::array<mmsghdr, 2> unreadable{messages.at(0), messages.at(1)};
  unreadable.at(0).msg_hdr.msg_iov = reinterpret_cast<iovec*>(0x99000);
  unreadable.at(0).msg_hdr.msg_iovlen = 1024;
  memory.put_value(0x4000, unreadable);
  memory.put_value(0x2000, messages);
  const Decoded other = decode_call("sendmmsg", {3, 0x4000, 2, 0}, memory, 1);
  const Value second = other["msgvec"].before.get<model::List>()->items.at(1);
  const model::Field header = second.get<model::Struct>()->members.front();
  const auto& members = header.before.get<model::Struct>()->members;
  CHECK(std::ranges::find(members, "msg_iov", &model::Field::name)->before ==
        Value{model::List{{}, 1000}});
  const Decoded call = decode_call("sendmmsg", {3, 0x2000, messages.size(), 0}, memory, 1);
  const auto* list = call["msgvec"].before.get<model::List>();
  REQUIRE((list != nullptr && list->items.size() == messages.size()));
  const auto member = [&](std::size_t i, std::string_view name) {
    const auto* message = list->items.at(i).get<model::Struct>();
    const auto& fields = message->members.front().before.get<model::Struct>()->members;
    return std::ranges::find(fields, name, &model::Field::name)->before;
  };
  const std::array<std::size_t, 3> kept = {1000, 24, 0};
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CHECK(member(i, "msg_iov").get<model::List>()->items.size() == kept.at(i));
    CHECK(member(i, "msg_iov").get<model::List>()->length == 1000);
  }
  CHECK(member(15, "msg_control").get<model::List>() != nullptr);
  CHECK(member(16, "msg_control") == Value{model::Pointer{0x10000}});
}

TEST_CASE("payload is kept up to the limit, says how long it was, and can be withheld") {
  FakeMemory memory;
  memory.put(0x1000, "hello world");
  const Decoded call = decode_call("sendto", {3, 0x1000, 11, 0, 0, 0}, memory, 11);
  const auto* whole = call["buf"].before.get<model::Bytes>();
  REQUIRE(whole != nullptr);
  CHECK(whole->data == "hello world");
  const Decoded cut = decode_call("sendto", {3, 0x1000, 11, 0, 0, 0}, memory, 11, {.payload = 5});
  CHECK(cut["buf"].before == Value{model::Bytes{"hello", 11}});
  memory.reads = 0;
  const Decoded none = decode_call("write", {3, 0x1000, 11}, memory, 11, {.keep = Keep::lengths});
  CHECK(none["buf"].before == Value{model::Bytes{{}, 11, true}});
  CHECK(memory.reads == 0);
}

TEST_CASE("recvfrom: the buffer holds what was received, not what was asked for") {
  FakeMemory entry;
  FakeMemory exit;
  exit.put(0x1000, "hi");
  const Decoded call = decode_call("recvfrom", {4, 0x1000, 1024, 0, 0, 0}, entry, exit, 2);
  CHECK(call["buf"].after == Value{model::Bytes{"hi", 2}});
  CHECK(call["src_addr"].before == Value{model::Pointer{0}});
  CHECK(decode_call("recvfrom", {4, 0x1000, 1024, 0, 0, 0}, entry, exit, 0)["buf"].after ==
        Value{model::Bytes{"", 0}});
  CHECK(decode_call("recvfrom", {4, 0x9000, 1024, 0, 0, 0}, entry, exit, 2)["buf"]
            .after.get<model::Unreadable>() != nullptr);
}

TEST_CASE("sendmsg: buffers, name and passed descriptors") {
  FakeMemory memory;
  memory.put(0x1000, "hello ");
  memory.put(0x1100, "world");
  memory.put(0x2000, bytes_of(IoVector{0x1000, 6}) + bytes_of(IoVector{0x1100, 5}));
  std::string control(24, '\0'); // CMSG_SPACE(sizeof(int))
  const std::uint64_t length = 20;
  const int level = SOL_SOCKET;
  const int type = SCM_RIGHTS;
  const int fd = 7;
  std::memcpy(control.data(), &length, 8);
  std::memcpy(control.data() + 8, &level, 4);
  std::memcpy(control.data() + 12, &type, 4);
  std::memcpy(control.data() + 16, &fd, 4);
  memory.put(0x3000, control);
  memory.put_value(0x4000, MessageHeader{0, 0, 0, 0x2000, 2, 0x3000, 24, 0, 0});
  const Decoded call = decode_call("sendmsg", {3, 0x4000, MSG_NOSIGNAL}, memory, 11);
  const Value& message = call["msg"].before;
  const auto& vectors = member(message, 2).before.get<model::List>()->items;
  CHECK(member(vectors.at(0), 0).before == Value{model::Bytes{"hello ", 6}});
  CHECK(member(vectors.at(1), 0).before == Value{model::Bytes{"world", 5}});
  const Value& passed = member(message, 4).before.get<model::List>()->items.at(0);
  CHECK(member(passed, 2).before == Value{model::Symbol{SCM_RIGHTS, "SCM_RIGHTS"}});
  CHECK(member(passed, 3).before == Value{model::List{{Value{model::Fd{7}}}, 1}});
  CHECK(passed_fds(memory, {0x4000}, layout_64) == std::vector<int>{7});
}

TEST_CASE("control data that lie about their length end the walk") {
  FakeMemory memory;
  for (const std::uint64_t length :
       {std::uint64_t{0}, std::uint64_t{15}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    std::string control(64, '\0');
    std::memcpy(control.data(), &length, 8);
    memory.put(0x3000, control);
    memory.put_value(0x4000, MessageHeader{0, 0, 0, 0, 0, 0x3000, 64, 0, 0});
    CHECK(passed_fds(memory, {0x4000}, layout_64).size() <= 12);
    const Decoded call = decode_call("sendmsg", {3, 0x4000, 0}, memory, 0);
    CHECK(call["msg"].before.get<model::Struct>() != nullptr);
  }
}

TEST_CASE("hostile counts are capped and unreadable memory is a value") {
  FakeMemory memory;
  memory.put_value(0x4000, MessageHeader{0x10, -5, 0, 0x20, ~0ULL, 0x30, ~0ULL, 0, 0});
  const Decoded call = decode_call("sendmsg", {3, 0x4000, 0}, memory, -EINVAL);
  CHECK(member(call["msg"].before, 2).before.get<model::Unreadable>() != nullptr);
  CHECK(
      decode_call("sendmsg", {3, 0x1, 0}, memory, -EFAULT)["msg"].before.get<model::Unreadable>() !=
      nullptr);
  CHECK(decode_call("poll", {0x1, 1ULL << 40, 0}, memory, -EINVAL)["fds"]
            .before.get<model::Unreadable>() != nullptr);
  CHECK(decode_call("writev", {3, 0x1, 1ULL << 31}, memory, -EINVAL)["iov"]
            .before.get<model::Unreadable>() != nullptr);
  CHECK(decode_call("sendto", {3, ~0ULL - 2, 1ULL << 63, 0, 0, 0}, memory, -EFAULT)["buf"]
            .before.get<model::Unreadable>() != nullptr);
}

TEST_CASE("recvmsg: lengths before and after, buffers only as far as they were filled") {
  FakeMemory entry;
  FakeMemory exit;
  const std::string vectors = bytes_of(IoVector{0x1000, 4}) + bytes_of(IoVector{0x1100, 8});
  entry.put(0x2000, vectors);
  exit.put(0x2000, vectors);
  exit.put(0x1000, "abcd");
  exit.put(0x1100, "ef");
  exit.put(0x5000, inet("127.0.0.1", 9));
  entry.put_value(0x4000, MessageHeader{0x5000, 128, 0, 0x2000, 2, 0, 0, 0, 0});
  exit.put_value(0x4000, MessageHeader{0x5000, 16, 0, 0x2000, 2, 0, 0, MSG_TRUNC, 0});
  const Decoded call = decode_call("recvmsg", {3, 0x4000, 0}, entry, exit, 6);
  const Value& message = call["msg"].after;
  CHECK(member(message, 1).before == integer(128));
  CHECK(member(message, 1).after == integer(16));
  const auto& items = member(message, 2).before.get<model::List>()->items;
  CHECK(member(items.at(1), 0).before == Value{model::Bytes{"ef", 2}});
  CHECK(member(message, 5).before == flags(tables::message_flags(), MSG_TRUNC));
}

TEST_CASE("options show their type, and both sides of the length") {
  FakeMemory entry;
  FakeMemory exit;
  entry.put_value<std::int32_t>(0x2000, 4);
  exit.put_value<std::int32_t>(0x2000, 4);
  exit.put_value<std::int32_t>(0x1000, ECONNREFUSED);
  const Decoded call =
      decode_call("getsockopt", {3, SOL_SOCKET, SO_ERROR, 0x1000, 0x2000}, entry, exit, 0);
  CHECK(call["optname"].before == Value{model::Symbol{SO_ERROR, "SO_ERROR"}});
  CHECK(call["optval"].after ==
        Value{model::List{{Value{model::Symbol{ECONNREFUSED, "ECONNREFUSED"}}}, 1}});
  CHECK(option_value(SOL_SOCKET, SO_REUSEADDR, bytes_of(1), layout_64) ==
        Value{model::List{{integer(1)}, 1}});
  CHECK(option_value(SOL_SOCKET, SO_REUSEADDR, "ab", layout_64).get<model::Bytes>() != nullptr);
  CHECK(
      option_value(SOL_SOCKET, SO_LINGER, bytes_of(linger{1, 5}), layout_64).get<model::Struct>() !=
      nullptr);
  CHECK(option_value(SOL_SOCKET, 9999, "abc", layout_64).get<model::Bytes>()->data == "abc");
  CHECK(option_value(IPPROTO_TCP, 13, "cubic\0rest"s, layout_64) == Value{model::Text{"cubic"}});
}

TEST_CASE("poll, select and epoll show what was asked and what happened") {
  FakeMemory entry;
  FakeMemory exit;
  entry.put(0x1000, bytes_of(PollFd{3, 1, 0}) + bytes_of(PollFd{4, 4, 0}));
  exit.put(0x1000, bytes_of(PollFd{3, 1, 0}) + bytes_of(PollFd{4, 4, 4}));
  const Decoded call = decode_call("poll", {0x1000, 2, 1000}, entry, exit, 1);
  CHECK(call["fds"].before.get<model::List>()->items.size() == 2);
  CHECK(call["fds"].after.get<model::List>()->items.size() == 1);
  CHECK(member(call["fds"].after.get<model::List>()->items.at(0), 0).before == Value{model::Fd{4}});

  entry.put_value<std::uint64_t>(0x2000, 0b101000);
  exit.put_value<std::uint64_t>(0x2000, 0b100000);
  const Decoded select = decode_call("select", {6, 0x2000, 0, 0, 0}, entry, exit, 1);
  CHECK(select["readfds"].before ==
        Value{model::List{{Value{model::Fd{3}}, Value{model::Fd{5}}}, 2}});
  CHECK(select["readfds"].after == Value{model::List{{Value{model::Fd{5}}}, 1}});

  exit.put(0x3000, bytes_of(EpollEvent{EPOLLIN, 42}));
  const Decoded wait = decode_call("epoll_wait", {5, 0x3000, 8, -1ULL}, entry, exit, 1);
  CHECK(member(wait["events"].after.get<model::List>()->items.at(0), 0).before ==
        flags(tables::epoll_events(), EPOLLIN));
}

TEST_CASE("outcomes name the error; a large address-like result is no error") {
  const tables::Syscall& row = *tables::by_name("bind");
  CHECK(decode_outcome(row, {}, -EADDRINUSE, {}).error_name == "EADDRINUSE");
  CHECK(decode_outcome(row, {}, 0, {}).error == 0);
  CHECK(decode_outcome(row, {}, -5000, {}).error == 0);
  CHECK(decode_outcome(*tables::by_name("socket"), {}, 3, {}).result_kind == "fd");
}

TEST_CASE("whatever the arguments, decoding ends and invents nothing") {
  FakeMemory memory;
  memory.put(0x1000, std::string(4096, '\xff'));
  std::uint64_t state = 42; // a fixed seed: every run is the same
  const auto random = [&] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return state >> 16;
  };
  constexpr std::array<std::uint64_t, 9> choices = {
      0, 1, 16, 0x1000, 0x1ff0, 0x7fffffff, 1ULL << 40, ~0ULL, ~0ULL - 15};
  for (int round = 0; round < 200; ++round)
    for (const tables::Syscall& row : tables::syscalls()) {
      Args args{};
      for (auto& arg : args) arg = choices.at(random() % choices.size());
      const std::int64_t result = static_cast<std::int64_t>(choices.at(random() % choices.size()));
      CHECK(decode_call(std::string(row.name).c_str(), args, memory, result).args.size() <=
            row.arity());
    }
}
