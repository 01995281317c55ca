#include "tests/support/catch.hpp"
#include "tracer/base/file_start.hpp"
#include "tracer/base/unique_fd.hpp"

#include <array>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace socktale::test {

TEST_CASE("no more of a file is read than was asked for, and less where it ends", "[file]") {
  const UniqueFd program(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  CHECK(read_start(program.get(), 4) == "\x7f"
                                        "ELF");
  const UniqueFd empty(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  CHECK(read_start(empty.get(), 100).empty());
  CHECK(read_start(-1, 100).empty());
  CHECK(read_start("/proc/self/exe", 4) ==
        read_start(UniqueFd(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC)).get(), 4));
  CHECK(read_start("/proc/self/none", 4).empty());
}

TEST_CASE("what comes piece by piece is waited for", "[file]") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const UniqueFd from(ends[0]);
  std::thread writer([to = ends[1]] {
    for (const char c : {'a', 'b', 'c'})
      if (::write(to, &c, 1) != 1) break;
    ::close(to);
  });
  CHECK(read_start(from.get(), 10) == "abc");
  writer.join();
}

} // namespace socktale::test
