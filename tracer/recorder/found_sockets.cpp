// Descriptors that a process had open before it was traced: what /proc/PID/fd and fdinfo say of
// them, and their way into the socket book. No call told of them, so all are marked as found.
#include "tracer/base/numbers_in.hpp"
#include "tracer/recorder/peek.hpp"
#include "tracer/recorder/socket_book.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <fcntl.h>

namespace socktale::recorder {
namespace {

template <class T> T number_in(std::string_view text, int base = 10) {
  T value{};
  const std::size_t from = text.find_first_not_of(" \t");
  if (from != std::string_view::npos)
    std::from_chars(text.data() + from, text.data() + text.size(), value, base);
  return value;
}

// "flags:	02000002" in octal; "tfd:        5 events: ..." for each that an epoll instance
// watches.
void read_fdinfo(const std::string& path, OpenDescriptor& descriptor) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::string_view text = line;
    if (text.starts_with("flags:"))
      descriptor.close_on_exec = (number_in<unsigned>(text.substr(6), 8) & O_CLOEXEC) != 0;
    if (text.starts_with("tfd:")) descriptor.watches.push_back(number_in<int>(text.substr(4)));
  }
}

} // namespace

std::vector<OpenDescriptor> KernelPeek::descriptors(Pid pid) {
  std::vector<OpenDescriptor> found;
  const std::string folder = fmt::format("/proc/{}/fd", pid.value);
  for (const int fd : numbers_in(folder)) {
    std::error_code gone;
    const std::string link =
        std::filesystem::read_symlink(fmt::format("{}/{}", folder, fd), gone).string();
    OpenDescriptor descriptor;
    descriptor.fd = fd;
    descriptor.epoll = link == "anon_inode:[eventpoll]";
    descriptor.inode = inode_in(link);
    if (!descriptor.epoll && descriptor.inode == 0) continue;
    read_fdinfo(fmt::format("/proc/{}/fdinfo/{}", pid.value, descriptor.fd), descriptor);
    found.push_back(std::move(descriptor));
  }
  return found;
}

void SocketBook::find(Pid pid) {
  const std::vector<OpenDescriptor> open = peek_.descriptors(pid);
  for (const int fd : descriptors_.range(pid, 0, INT32_MAX)) {
    const auto now = std::ranges::find(open, fd, &OpenDescriptor::fd);
    const auto socket = descriptors_.socket(pid, fd);
    const std::uint64_t inode = socket ? entry(*socket).socket.inode : 0;
    const bool same =
        now != open.end() && now->epoll == !socket && (inode == 0 || inode == now->inode);
    if (!same) descriptors_.close(pid, fd); // unseen
  }
  for (const OpenDescriptor& each : open) {
    if (each.epoll || descriptors_.find(pid, each.fd) != nullptr) continue;
    learn(pid, each.fd, "found");
    descriptors_.set_close_on_exec(pid, each.fd, each.close_on_exec);
  }
  for (const OpenDescriptor& each : open) {
    if (!each.epoll) continue;
    if (!descriptors_.epoll(pid, each.fd))
      descriptors_.open(pid, each.fd, EpollId{++epolls_}, each.close_on_exec);
    std::set<model::SocketId>& watched = watched_[*descriptors_.epoll(pid, each.fd)];
    for (const model::SocketId id : sockets_among(pid, each.watches)) watched.insert(id);
  }
}

} // namespace socktale::recorder
