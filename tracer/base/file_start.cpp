#include "tracer/base/file_start.hpp"

#include "tracer/base/unique_fd.hpp"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

namespace socktale {

std::string read_start(int fd, std::size_t most) {
  constexpr std::size_t first = std::size_t{64} << 10;
  std::string text;
  std::size_t have = 0;
  while (have < most) {
    if (have == text.size()) text.resize(std::min(most, std::max(first, 2 * have)));
    const ssize_t got = ::read(fd, text.data() + have, text.size() - have);
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

std::string read_start(const std::string& path, std::size_t most) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file ? read_start(file.get(), most) : std::string{};
}

} // namespace socktale
