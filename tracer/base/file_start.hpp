// What a file begins with, as far as it is asked for.
#pragma once

#include <cstddef>
#include <string>

namespace socktale {

// From where `fd` stands, at most that many bytes; fewer where the file ends or cannot be read.
[[nodiscard]] std::string read_start(int fd, std::size_t most);
// The same of a file by name; empty where it cannot be opened. Serves for what /proc says of a
// process, whose end between the open and the read (ESRCH) is no more than an end of the file.
[[nodiscard]] std::string read_start(const std::string& path, std::size_t most);

} // namespace socktale
