// What an open file begins with, as far as it is asked for.
#pragma once

#include "tracer/base/ids.hpp"

#include <cstddef>
#include <string>

namespace socktale {

// From where `fd` stands, at most that many bytes; fewer where the file ends or cannot be read.
[[nodiscard]] std::string read_start(int fd, std::size_t most);

// The arguments of a process, each ended by NUL, at most 64 KiB of them (/proc/PID/cmdline, which
// the process itself can change: proc(5)). Empty: it is gone.
[[nodiscard]] std::string command_line(Pid pid);

} // namespace socktale
