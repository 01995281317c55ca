#include "tracer/locate/maps.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>

#include <unistd.h>

namespace socktale::test {

using locate::Mapping;
using locate::parse_maps;
using locate::read_maps;

TEST_CASE("lines of /proc/PID/maps", "[locate][maps]") {
  const auto maps =
      parse_maps("7f00c000-7f00d000 rw-p 00000000 00:00 0 \n"
                 "00400000-00452000 r-xp 00001000 08:02 173521      /usr/bin/with space\n"
                 "7ffd0000-7ffd2000 r-xp 00000000 00:00 0           [vdso]\n"
                 "7f00e000-7f00f000 r--p 00000000 08:02 7           /tmp/a\\012b (deleted)\n");
  REQUIRE(maps.size() == 4);
  CHECK(maps[0] == Mapping{0x400000, 0x452000, 0x1000, true, 173521, "/usr/bin/with space"});
  CHECK(maps[1] == Mapping{0x7f00c000, 0x7f00d000, 0, false, 0, ""});
  CHECK(maps[2] == Mapping{0x7f00e000, 0x7f00f000, 0, false, 7, "/tmp/a\nb (deleted)"});
  CHECK(maps[3] == Mapping{0x7ffd0000, 0x7ffd2000, 0, true, 0, "[vdso]"});
}

TEST_CASE("lines that are none are left out", "[locate][maps]") {
  for (const char* text :
       {"", "\n", "x", "1-2", "1-2 r-xp", "1-2 r-xp 0 0:0", "2-1 r-xp 0 0:0 0 /a",
        "1-1 r-xp 0 0:0 0 /a", "1-2 rx 0 0:0 0 /a", "1-2 r-xp zz 0:0 0 /a", "1-2 r-xp 0 00 0 /a",
        "1-2 r-xp 0 0:0 -1 /a", "11111111111111111-2 r-xp 0 0:0 0 /a"})
    CHECK(parse_maps(text).empty());
}

TEST_CASE("our own maps hold our own code", "[locate][maps]") {
  const auto maps = read_maps(Pid{getpid()});
  const auto here = reinterpret_cast<std::uint64_t>(&parse_maps);
  CHECK(std::ranges::any_of(maps, [&](const Mapping& m) {
    return m.executable && m.low <= here && here < m.high && m.path.starts_with("/");
  }));
  CHECK(read_maps(Pid{-1}).empty());
}

} // namespace socktale::test
