#include "tracer/recorder/peek.hpp"

#include "tracer/base/numbers_in.hpp"
#include "tracer/base/unique_fd.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"

#include <array>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/syscall.h>

namespace socktale::recorder {
namespace {

std::optional<int> int_option(int fd, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  if (getsockopt(fd, SOL_SOCKET, option, &value, &size) != 0) return std::nullopt;
  return value;
}

using NameCall = int (*)(int, sockaddr*, socklen_t*);

std::optional<model::Endpoint> name_of(int fd, NameCall call) {
  std::array<char, sizeof(sockaddr_storage)> bytes{};
  socklen_t size = bytes.size();
  if (call(fd, reinterpret_cast<sockaddr*>(bytes.data()), &size) != 0) return std::nullopt;
  return decode::endpoint({bytes.data(), std::min<std::size_t>(size, bytes.size())});
}

UniqueFd copy_of(Pid pid, int fd) {
  const UniqueFd process{static_cast<int>(syscall(SYS_pidfd_open, pid.value, 0))};
  if (!process) return {};
  return UniqueFd{static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), fd, 0))};
}

// A number that no two network namespaces share; 0: the kernel does not tell (before Linux 5.14).
std::uint64_t network_of(int fd) {
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

} // namespace

std::uint64_t inode_in(std::string_view link) {
  constexpr std::string_view prefix = "socket:[";
  std::uint64_t inode = 0;
  if (link.starts_with(prefix))
    std::from_chars(link.data() + prefix.size(), link.data() + link.size(), inode);
  return inode;
}

bool KernelPeek::in_our_network(Pid pid, int fd) {
  static const std::uint64_t ours =
      network_of(UniqueFd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)}.get());
  const UniqueFd copy = copy_of(pid, fd);
  return copy && ours != 0 && network_of(copy.get()) == ours;
}

std::uint64_t KernelPeek::inode(Pid pid, int fd) {
  std::error_code error;
  const auto link =
      std::filesystem::read_symlink(fmt::format("/proc/{}/fd/{}", pid.value, fd), error);
  return error ? 0 : inode_in(link.string());
}

std::vector<int> KernelPeek::sockets(Pid pid) {
  std::vector<int> fds = numbers_in(fmt::format("/proc/{}/fd", pid.value));
  std::erase_if(fds, [&](int fd) { return inode(pid, fd) == 0; });
  return fds;
}

std::optional<Peeked> KernelPeek::look(Pid pid, int fd) {
  Peeked peeked;
  peeked.inode = inode(pid, fd);
  if (peeked.inode == 0) return std::nullopt;
  const UniqueFd copy = copy_of(pid, fd);
  if (!copy) return peeked;
  const auto family = int_option(copy.get(), SO_DOMAIN);
  if (family) peeked.family = decode::symbol_name(decode::symbol(tables::families(), *family));
  if (const auto type = int_option(copy.get(), SO_TYPE))
    peeked.type = decode::symbol_name(decode::symbol(tables::socket_types(), *type));
  if (const auto protocol = int_option(copy.get(), SO_PROTOCOL); family && protocol)
    peeked.protocol = decode::symbol_name(decode::protocol(*family, *protocol));
  peeked.listening = int_option(copy.get(), SO_ACCEPTCONN).value_or(0) != 0;
  peeked.local = name_of(copy.get(), getsockname);
  peeked.peer = name_of(copy.get(), getpeername);
  return peeked;
}

} // namespace socktale::recorder
