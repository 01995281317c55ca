// The copies of stack bytes by themselves: how much is read, and how often.
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/locate/unwind.hpp"

#include <string>

namespace socktale::test {

using locate::StackReader;

namespace {
constexpr std::uint64_t stack = 0x7000'0000;
} // namespace

TEST_CASE("stack is read to the end of its mapping and no further", "[locate][unwind]") {
  FakeMemory memory;
  memory.put(stack, std::string(64, '\0'));
  StackReader reader;
  reader.start(memory, stack, stack + 64);
  CHECK(reader.word(stack + 56) == 0U);
  CHECK(memory.reads == 1);
  CHECK_FALSE(reader.word(stack + 57));
  CHECK_FALSE(reader.word(~std::uint64_t{0}));
}

TEST_CASE("walks of several depths read once each", "[locate][unwind]") {
  FakeMemory memory;
  memory.put(stack, std::string(4096, '\0'));
  StackReader reader;
  const auto read_at = [&](std::uint64_t depth) {
    reader.start(memory, stack, stack + 4096);
    CHECK(reader.word(stack) == 0U);
    CHECK(reader.word(stack + depth) == 0U);
  };
  read_at(1000); // which nobody could know
  memory.reads = 0;
  for (int i = 0; i < 100; ++i) read_at(i % 2 == 0 ? 100 : 1000);
  CHECK(memory.reads == 100);
  for (int i = 0; i < 100; ++i) read_at(100);
  CHECK(reader.usual() == 512); // what is not needed any more is not read either
}

} // namespace socktale::test
