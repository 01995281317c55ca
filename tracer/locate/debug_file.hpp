// Finds the separate file that holds the debug information of a stripped one: by build id, then by
// its .gnu_debuglink. Only files on this machine; never asks a server.
#pragma once

#include "tracer/base/regular_file.hpp"
#include "tracer/locate/elf_file.hpp"

#include <string>

namespace socktale::locate {

// Empty: there is none. `path` is the stripped file's, `maker` who could have written its link.
[[nodiscard]] UniqueFd find_debug_file(const ElfFile& file, const std::string& path,
                                       const FileUser& maker);

} // namespace socktale::locate
