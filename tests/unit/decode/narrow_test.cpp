// The decoder on the bytes of a 32-bit program: the same values come out, although pointers, sizes
// and times have half the size. The bytes are laid out by hand, as the kernel's compat.h has them.
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/decode/arguments.hpp"
#include "tracer/decode/gather.hpp"
#include "tracer/decode/message.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockopt.hpp"
#include "tracer/tables/syscalls.hpp"

#include <string>

#include <sys/socket.h>
#include <sys/uio.h>

using namespace socktale;
using namespace socktale::decode;
using model::Value;
using test::FakeMemory;

namespace {

std::string words(std::initializer_list<std::uint32_t> values) {
  std::string bytes;
  for (const std::uint32_t value : values)
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

const model::Field& member(const Value& value, const char* name) {
  for (const model::Field& field : value.get<model::Struct>()->members)
    if (field.name == name) return field;
  FAIL("no member " << name);
  throw 0;
}

const Value& item(const Value& value, std::size_t i) {
  return value.get<model::List>()->items.at(i);
}

model::Field decode_argument(const char* call, const char* argument, const Args& args,
                             FakeMemory& at_entry, FakeMemory& at_exit, std::int64_t result) {
  const tables::Syscall& row = *tables::by_name(call);
  Capture before;
  Capture after;
  gather_entry(row, args, {}, at_entry, before);
  gather_exit(row, args, result, {}, at_exit, before, after);
  for (const model::Field& field : decode_arguments(row, args, before, after, result, {}))
    if (field.name == argument) return field;
  FAIL("no argument " << argument);
  throw 0;
}

// Two buffers, "hello " and "world", a name and one passed descriptor.
void put_message(FakeMemory& memory, std::uint32_t flags) {
  memory.put(0x1000, "hello ");
  memory.put(0x1100, "world");
  memory.put(0x2000, words({0x1000, 6, 0x1100, 5}));
  memory.put(0x3000, words({16, SOL_SOCKET, SCM_RIGHTS, 7}));
  memory.put(0x4000, words({0, 0, 0x2000, 2, 0x3000, 16, flags}));
}

} // namespace

TEST_CASE("a 32-bit msghdr: buffers, and control messages with a header of 12 bytes") {
  FakeMemory memory;
  put_message(memory, 0);
  const Args args{{3, 0x4000, 0}, layout_32};
  const Value message = decode_argument("sendmsg", "msg", args, memory, memory, 11).before;
  const Value& vectors = member(message, "msg_iov").before;
  CHECK(member(item(vectors, 0), "iov_base").before == Value{model::Bytes{"hello ", 6}});
  CHECK(member(item(vectors, 1), "iov_base").before == Value{model::Bytes{"world", 5}});
  const Value& control = item(member(message, "msg_control").before, 0);
  CHECK(member(control, "cmsg_len").before == integer(16));
  CHECK(member(control, "cmsg_data").before == Value{model::List{{Value{model::Fd{7}}}, 1}});
  CHECK(passed_fds(memory, {0x4000}, layout_32) == std::vector<int>{7});
}

TEST_CASE("the next 32-bit control message begins at a multiple of four") {
  FakeMemory memory;
  // 13 bytes of data need 3 of padding; with 8-byte alignment the second one would be missed.
  memory.put(0x3000, words({13, SOL_SOCKET, 99, 'x', 16, SOL_SOCKET, SCM_RIGHTS, 8}));
  memory.put(0x4000, words({0, 0, 0, 0, 0x3000, 32, 0}));
  CHECK(passed_fds(memory, {0x4000}, layout_32) == std::vector<int>{8});
}

TEST_CASE("a 32-bit recvmsg: lengths before and after, buffers as far as they were filled") {
  FakeMemory entry;
  FakeMemory exit;
  put_message(entry, 0);
  put_message(exit, MSG_TRUNC);
  const Args args{{3, 0x4000, 0}, layout_32};
  const Value message = decode_argument("recvmsg", "msg", args, entry, exit, 8).after;
  const Value& vectors = member(message, "msg_iov").before;
  CHECK(member(item(vectors, 1), "iov_base").before == Value{model::Bytes{"wo", 2}});
  CHECK(member(message, "msg_flags").before == flags(tables::message_flags(), MSG_TRUNC));
}

TEST_CASE("32-bit mmsghdr elements are 32 bytes apart") {
  FakeMemory memory;
  memory.put(0x1000, "ab");
  memory.put(0x2000, words({0x1000, 1, 0x1001, 1}));
  memory.put(0x4000, words({0, 0, 0x2000, 1, 0, 0, 0, 1}) + words({0, 0, 0x2008, 1, 0, 0, 0, 1}));
  const Args args{{3, 0x4000, 2, 0}, layout_32};
  const Value list = decode_argument("sendmmsg", "msgvec", args, memory, memory, 2).before;
  const Value& second = member(item(list, 1), "msg_hdr").before;
  CHECK(member(item(member(second, "msg_iov").before, 0), "iov_base").before ==
        Value{model::Bytes{"b", 1}});
  CHECK(member(item(list, 1), "msg_len").after == integer(1));
}

TEST_CASE("32-bit vectors of readv and writev") {
  FakeMemory memory;
  memory.put(0x1000, "hello");
  memory.put(0x2000, words({0x1000, 5}));
  const Args args{{3, 0x2000, 1}, layout_32};
  const Value list = decode_argument("writev", "iov", args, memory, memory, 5).before;
  CHECK(member(item(list, 0), "iov_base").before == Value{model::Bytes{"hello", 5}});
  const Value read = decode_argument("readv", "iov", args, memory, memory, 3).after;
  CHECK(member(item(read, 0), "iov_base").before == Value{model::Bytes{"hel", 3}});
}

TEST_CASE("times have the width that the call's number says") {
  FakeMemory memory;
  memory.put(0x1000, words({5, static_cast<std::uint32_t>(-1), 7, 0}));
  const auto seconds = [&](const Layout& layout, const char* fraction) {
    const Args args{{0, 0, 0, 0, 0x1000}, layout};
    const Value time = decode_argument("select", "timeout", args, memory, memory, 0).before;
    return std::pair{member(time, "tv_sec").before, member(time, fraction).before};
  };
  CHECK(seconds(layout_32, "tv_usec") == std::pair{integer(5), integer(-1)});
  const Layout time64{4, 8, 4};
  CHECK(seconds(time64, "tv_usec") == std::pair{integer(5 - (std::int64_t{1} << 32)), integer(7)});
  CHECK(option_value(SOL_SOCKET, SO_RCVTIMEO, words({5, 6}), layout_32) ==
        Value{model::Struct{{{"tv_sec", integer(5), {}}, {"tv_usec", integer(6), {}}}}});
  CHECK(option_value(SOL_SOCKET, SO_RCVTIMEO, words({5, 6}), layout_64).get<model::Bytes>());
}

TEST_CASE("sendfile's offset is an off_t, splice's is always wide") {
  FakeMemory memory;
  memory.put(0x1000, words({5, 1}));
  const auto offset = [&](const char* call, const char* argument, const Args& args) {
    return decode_argument(call, argument, args, memory, memory, 1).before;
  };
  const Value wide{model::List{{integer(5 + (std::int64_t{1} << 32))}, 1}};
  CHECK(offset("sendfile", "offset", {{4, 3, 0x1000, 9}, layout_32}) ==
        Value{model::List{{integer(5)}, 1}});
  CHECK(offset("sendfile", "offset", {{4, 3, 0x1000, 9}, {4, 4, 8}}) == wide);
  CHECK(offset("splice", "off_in", {{4, 0x1000, 3, 0, 9, 0}, layout_32}) == wide);
}

TEST_CASE("select's sets end with the last byte that they need, in both layouts") {
  FakeMemory memory;
  memory.put(0x1000, words({0b101000, 1})); // 3, 5 and 32
  for (const Layout& layout : {layout_32, layout_64}) {
    const Args args{{33, 0x1000, 0, 0, 0}, layout};
    const Value set = decode_argument("select", "readfds", args, memory, memory, 1).before;
    CHECK(set ==
          Value{model::List{{Value{model::Fd{3}}, Value{model::Fd{5}}, Value{model::Fd{32}}}, 3}});
  }
}

TEST_CASE("narrow structures cut at every length are unreadable, and nothing is read on") {
  const std::string whole = words({0, 0, 0x2000, 1, 0, 0, 0});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    FakeMemory memory;
    memory.put(0x4000, whole.substr(0, size));
    const Args args{{3, 0x4000, 0}, layout_32};
    CHECK(decode_argument("sendmsg", "msg", args, memory, memory, 0)
              .before.get<model::Unreadable>() != nullptr);
  }
}
