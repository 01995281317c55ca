// Which call a stop is, in each ABI's way of asking for it.
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/decode/entry.hpp"
#include "tracer/tables/syscalls.hpp"

#include <linux/net.h>
#include <sys/syscall.h>

using namespace socktale;
using namespace socktale::decode;
using tables::Abi;
using test::FakeMemory;

namespace {

using Words = std::array<std::uint64_t, 6>;

void put_words(FakeMemory& memory, std::uint64_t at, std::initializer_list<std::uint32_t> words) {
  memory.put(at, {reinterpret_cast<const char*>(words.begin()), words.size() * 4});
}

} // namespace

TEST_CASE("x86-64's arguments are the registers") {
  FakeMemory memory;
  const Words words{3, ~0ULL, 16, 0, 0, 0};
  const auto call = entered(Abi::x86_64, SYS_bind, words, memory);
  REQUIRE(call);
  CHECK(call->row->name == "bind");
  CHECK(std::equal(words.begin(), words.end(), call->args.begin()));
  CHECK(call->args.layout == layout_64);
  CHECK(call->via.empty());
  CHECK(memory.reads == 0);
  CHECK_FALSE(entered(Abi::x86_64, SYS_getpid, words, memory));
}

TEST_CASE("socketcall is the call that it stands for, with the arguments from memory") {
  FakeMemory memory;
  put_words(memory, 0x1000, {3, 0x2000, 5, 0x4000});
  const auto call = entered(Abi::i386, 102, {SYS_SEND, 0x1000}, memory);
  REQUIRE(call);
  CHECK(call->row->name == "sendto");
  CHECK(call->via == "socketcall(SYS_SEND)");
  CHECK(call->args.layout == layout_32);
  CHECK(std::equal(call->args.begin(), call->args.end(), Words{3, 0x2000, 5, 0x4000}.begin()));

  SECTION("one word too few: nothing is made up") {
    CHECK_FALSE(entered(Abi::i386, 102, {SYS_SENDTO, 0x1000}, memory));
    CHECK_FALSE(entered(Abi::i386, 102, {SYS_SEND, 0}, memory));
  }
  SECTION("no such call") {
    CHECK_FALSE(entered(Abi::i386, 102, {0, 0x1000}, memory));
    CHECK_FALSE(entered(Abi::i386, 102, {21, 0x1000}, memory));
    CHECK_FALSE(entered(Abi::i386, 102, {~0ULL, 0x1000}, memory));
  }
  SECTION("the number is i386's alone") { // 102 is getuid(2) on x86-64
    CHECK_FALSE(entered(Abi::x86_64, 102, {SYS_SEND, 0x1000}, memory));
    CHECK_FALSE(entered(Abi::x32, 102, {SYS_SEND, 0x1000}, memory));
  }
}

TEST_CASE("variants of a call differ in their layout") {
  FakeMemory memory;
  put_words(memory, 0x1000, {7, 1, 2, 3, 4});
  const auto old = entered(Abi::i386, 82, {0x1000}, memory);
  REQUIRE(old);
  CHECK(old->row->name == "select");
  CHECK(old->args[0] == 7);
  CHECK(old->args[4] == 4);
  CHECK(entered(Abi::i386, 142, {7}, memory)->args[0] == 7);
  CHECK(entered(Abi::i386, 414, {}, memory)->args.layout == Layout{4, 8, 4});
  CHECK(entered(Abi::i386, 309, {}, memory)->args.layout == layout_32);
  CHECK(entered(Abi::i386, 239, {}, memory)->args.layout == Layout{4, 4, 8});
  CHECK(entered(Abi::i386, 441, {}, memory)->args.layout == Layout{4, 8, 4});
}
