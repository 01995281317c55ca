// Reading a program's memory: whole, short and not at all. FakeMemory faults one byte past a block,
// as the last page of a mapping does.
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"

#include <array>

using namespace socktale;
using namespace std::string_literals;
using test::FakeMemory;

namespace {
constexpr std::uint64_t page = 0x1000;
} // namespace

TEST_CASE("bytes are read up to where memory ends", "[memory]") {
  FakeMemory memory;
  memory.put(page, "0123456789");
  CHECK(memory.read_bytes({page}, 4) == "0123");
  CHECK(memory.read_bytes({page + 8}, 4) == "89");
  CHECK(memory.read_bytes({page + 10}, 4).empty());
  CHECK(memory.read_bytes({page - 1}, 4).empty());
  CHECK(memory.read_bytes({0}, 4).empty());
  CHECK(memory.read_bytes({~std::uint64_t{0}}, 4).empty());
  CHECK(memory.read_bytes({page}, 0).empty());
}

TEST_CASE("a span across two blocks is one span", "[memory]") {
  FakeMemory memory;
  memory.put(page, "abcd");
  memory.put(page + 4, "efgh");
  CHECK(memory.read_bytes({page + 2}, 4) == "cdef");
}

TEST_CASE("several spans take one read", "[memory]") {
  FakeMemory memory;
  memory.put(page, "abcd");
  std::array<std::byte, 2> first{};
  std::array<std::byte, 8> second{};
  std::array spans{Memory::Span{{page}, first}, Memory::Span{{page + 2}, second}};
  memory.read_spans(spans);
  CHECK(spans[0].got == 2);
  CHECK(spans[1].got == 2);
  CHECK(memory.reads == 1);
}

TEST_CASE("a value is read whole or not", "[memory]") {
  FakeMemory memory;
  memory.put_value(page, std::uint32_t{0x01020304});
  CHECK(memory.read_value(Remote<std::uint32_t>{page}) == 0x01020304U);
  CHECK_FALSE(memory.read_value(Remote<std::uint32_t>{page + 1}));
  CHECK_FALSE(memory.read_value(Remote<std::uint64_t>{page}));
}

TEST_CASE("a string ends at its NUL", "[memory]") {
  FakeMemory memory;
  memory.put(page, "lo\0rest"s);
  CHECK(memory.read_c_string({page}, 100) == "lo");
  CHECK(memory.read_c_string({page + 2}, 100) == "");
}

TEST_CASE("a string may end right where memory does", "[memory]") {
  // 256 bytes are read at a time: lengths around that, with the NUL as the last readable byte.
  for (const std::size_t size : {0U, 1U, 254U, 255U, 256U, 257U, 511U, 512U, 513U}) {
    FakeMemory memory;
    const std::string text(size, 'x');
    memory.put(page, text + '\0');
    INFO(size);
    CHECK(memory.read_c_string({page}, 4096) == text);
  }
}

TEST_CASE("a string whose NUL cannot be read is none", "[memory]") {
  for (const std::size_t size : {1U, 255U, 256U, 257U, 512U}) {
    FakeMemory memory;
    memory.put(page, std::string(size, 'x'));
    INFO(size);
    CHECK_FALSE(memory.read_c_string({page}, 4096));
  }
  FakeMemory memory;
  CHECK_FALSE(memory.read_c_string({page}, 4096));
  CHECK_FALSE(memory.read_c_string({0}, 1));
}

TEST_CASE("a long string is cut at the limit", "[memory]") {
  FakeMemory memory;
  memory.put(page, std::string(1000, 'x'));
  for (const std::size_t limit : {1U, 255U, 256U, 257U, 1000U}) {
    INFO(limit);
    CHECK(memory.read_c_string({page}, limit) == std::string(limit, 'x'));
  }
  CHECK_FALSE(memory.read_c_string({page}, 1001));
}

TEST_CASE("a span beside is fetched with the first read, and served from its copy") {
  // Counts the reads.
  struct Live final : Memory {
    void read_spans(std::span<Span> spans) override {
      ++reads;
      for (Span& span : spans) {
        span.got = 0;
        for (std::byte& byte : span.into) {
          const std::uint64_t at = span.at.address + span.got;
          if (at >= 0x2000) break; // nothing there
          byte = static_cast<std::byte>(at & 0xff);
          ++span.got;
        }
      }
    }
    int reads = 0;
  };
  Live live;
  std::array<std::byte, 64> copy{};
  SECTION("something else is read first") {
    MemoryBeside memory(live, {0x1fe0}, copy);
    CHECK(memory.read_value(Remote<std::uint8_t>{0x1005}) == 5);
    CHECK(memory.read_value(Remote<std::uint8_t>{0x1fe8}) == 0xe8);
    CHECK(memory.read_value(Remote<std::uint8_t>{0x1fff}) == 0xff);
    CHECK(live.reads == 1);
    CHECK_FALSE(memory.read_value(Remote<std::uint8_t>{0x2000})); // where the copy ends, and memory
    CHECK_FALSE(memory.read_value(Remote<std::uint16_t>{0x1fff}));
    CHECK(memory.read_value(Remote<std::uint8_t>{0x1fdf}) == 0xdf); // just below it
    CHECK(live.reads == 4);
  }
  SECTION("that span itself is") {
    MemoryBeside memory(live, {0x1fe0}, copy);
    CHECK(memory.read_value(Remote<std::uint8_t>{0x1fe0}) == 0xe0);
    CHECK(memory.read_value(Remote<std::uint8_t>{0x1fe1}) == 0xe1);
    CHECK(live.reads == 2);
  }
}
