// What a further filter has to stop at, as descriptors come to matter.
#include "tests/support/catch.hpp"
#include "tracer/engine/seccomp.hpp"
#include "tracer/engine/watch_list.hpp"

#include <array>

#include <sys/syscall.h>

using namespace socktale::engine;

TEST_CASE("the first descriptors are watched one by one, and each only once") {
  WatchList list;
  const auto first = list.add(std::array{3, 4});
  REQUIRE(first);
  CHECK(first->any_watched);
  CHECK_FALSE(first->base);
  REQUIRE(first->blocks.size() == 2);
  CHECK(first->blocks[0].has(3));
  CHECK_FALSE(first->blocks[0].has(4));
  CHECK_FALSE(list.add(std::array{4, 3, -1}));
  const auto second = list.add(std::array{4, 7});
  REQUIRE(second);
  CHECK_FALSE(second->any_watched);
  REQUIRE(second->blocks.size() == 1);
  CHECK(second->blocks[0].has(7));
  CHECK_FALSE(second->blocks[0].has(6));
}

TEST_CASE("a program with many descriptors gets few filters, and none is missed") {
  WatchList list;
  int filters = 0;
  for (int fd = 3; fd < 100000; ++fd)
    if (const auto addition = list.add(std::array{fd})) {
      ++filters;
      const bool covered = addition->everything || addition->blocks.front().has(fd);
      CHECK(covered);
    }
  CHECK(filters <= 23);
  CHECK(list.everything());
  CHECK_FALSE(list.add_everything());
  CHECK_FALSE(list.add(std::array{5}));
}

TEST_CASE("filters are programs of the kernel's size") {
  const std::array wanted = {Wanted{SYS_socket}, Wanted{SYS_poll, Wanted::On::any_watched},
                             Wanted{SYS_read, Wanted::On::watched, 0b1},
                             Wanted{SYS_sendfile, Wanted::On::watched, 0b11}};
  WatchList list;
  for (const int fd : {3, 60, 17}) {
    const auto filter = build_filter(wanted, *list.add(std::array{fd}));
    REQUIRE(filter);
    CHECK(filter->size() > 5);
    CHECK(filter->size() < 200);
  }
}
