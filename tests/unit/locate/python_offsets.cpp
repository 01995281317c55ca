#include "tests/support/catch.hpp"
#include "tracer/locate/python/offsets.hpp"

#include <cstring>
#include <vector>

namespace socktale::locate::python {

TEST_CASE("published offsets are taken, forged ones refused", "[python][memory]") {
  // As 3.14 lays them out; each group begins with its structure's size.
  std::vector<std::uint64_t> numbers(published_size / 8, 8);
  const auto put = [&](std::size_t index, std::uint64_t value) { numbers.at(index) = value; };
  std::memcpy(numbers.data(), "xdebugpy", 8);
  put(1, 0x030e00f0), put(2, 0);
  put(4, 784), put(5, 808), put(8, 7272), put(9, 7344);
  put(24, 8), put(26, 72), put(27, 152), put(28, 160);
  put(32, 8), put(33, 0), put(34, 56), put(36, 74);
  put(40, 112), put(41, 120), put(42, 128), put(43, 136), put(44, 68), put(48, 208);
  const auto parse = [&] {
    return published_offsets(std::as_bytes(std::span(numbers)), {3, 14, 0});
  };
  REQUIRE(parse());
  CHECK(*parse() == *offsets_of({3, 14}));
  put(27, 1'000'000);
  CHECK(parse()->thread_pthread == 1'000'000);
  put(27, 1U << 20U);
  CHECK(parse().error() == "debug offsets out of range");
  put(27, 152), put(2, 1);
  CHECK(parse().error() == "free-threaded build");
  put(2, 0), put(1, 0x030d00f0);
  CHECK(parse().error() == "debug offsets of another version");
  CHECK(published_offsets({}, {3, 14, 0}).error() == "no debug offsets");
  CHECK_FALSE(published_offsets(std::as_bytes(std::span(numbers)), {3, 12, 0}));
  CHECK(offsets_of({3, 7}) == nullptr);
  CHECK(offsets_of({3, 15}) == nullptr);
  CHECK(offsets_of({2, 11}) == nullptr);
}

} // namespace socktale::locate::python
