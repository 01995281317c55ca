// What a process has mapped, from /proc/PID/maps. Owns the parsing, never the files themselves.
#pragma once

#include "tracer/base/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::locate {

struct Mapping {
  std::uint64_t low = 0, high = 0; // [low, high)
  std::uint64_t offset = 0;        // of `low` in the file
  bool executable = false;
  std::uint64_t inode = 0;
  std::string path; // empty: anonymous; "[stack]" and the like as the kernel writes them
  bool operator==(const Mapping&) const = default;
};

// In order of address. Lines that do not parse are left out; a process that is gone has none.
[[nodiscard]] std::vector<Mapping> parse_maps(std::string_view text);
[[nodiscard]] std::vector<Mapping> read_maps(Pid pid);

} // namespace socktale::locate
