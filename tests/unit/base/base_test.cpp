// Clock, Error, UniqueFd and the ids.
#include "tests/support/catch.hpp"
#include "tracer/base/clock.hpp"
#include "tracer/base/ids.hpp"
#include "tracer/base/result.hpp"
#include "tracer/base/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <type_traits>
#include <unordered_set>

#include <fcntl.h>

using namespace socktale;

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  return ends;
}

} // namespace

TEST_CASE("a clock counts from its making and never back", "[clock]") {
  const Clock clock;
  const Instant first = clock.now();
  const Instant second = clock.now();
  CHECK(first.ns >= 0);
  CHECK(second >= first);
  CHECK(clock.began_at() > 1'700'000'000'000'000'000);
}

TEST_CASE("dates are written in UTC", "[clock]") {
  CHECK(utc_date(0) == "1970-01-01T00:00:00Z");
  CHECK(utc_date(1'769'860'800'999'999'999) == "2026-01-31T12:00:00Z");
  CHECK(utc_date(951'782'400'000'000'000) == "2000-02-29T00:00:00Z");
}

TEST_CASE("an error says what, why and more", "[result]") {
  CHECK(Error{"open a", ENOENT, ""}.text() == "open a: No such file or directory");
  CHECK(Error{"open a", 0, "by hand"}.text() == "open a (by hand)");
  CHECK(Error{"open a", EACCES, "by hand"}.text() == "open a: Permission denied (by hand)");
}

TEST_CASE("a descriptor is closed once, by its last owner", "[unique_fd]") {
  const auto ends = make_pipe();
  UniqueFd read_end(ends[0]);
  {
    UniqueFd write_end(ends[1]);
    CHECK(write_end);
    CHECK(is_open(ends[1]));
  }
  CHECK_FALSE(is_open(ends[1]));

  UniqueFd moved = std::move(read_end);
  CHECK_FALSE(read_end); // NOLINT(bugprone-use-after-move): that it is empty is the point
  CHECK(moved.get() == ends[0]);
  UniqueFd& same = moved;
  moved = std::move(same);
  CHECK(is_open(ends[0]));
  CHECK(moved.release() == ends[0]);
  CHECK_FALSE(moved);
  CHECK(is_open(ends[0]));
  moved.reset(ends[0]);
  moved.reset();
  CHECK_FALSE(is_open(ends[0]));
}

TEST_CASE("ids of different kinds do not mix", "[ids]") {
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Pid, Tid>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Remote<int>, Remote<char>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Remote<>, std::uint64_t>);
  CHECK(Pid{1} < Pid{2});
  CHECK(std::unordered_set<Pid>{{1}, {2}, {1}}.size() == 2);
  CHECK(Remote<>{8}.plus(8) == Remote<>{16});
  CHECK_FALSE(Remote<>{});
  CHECK(Remote<>{1});
}
