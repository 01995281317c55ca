#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include <sys/syscall.h>

namespace socktale::tables {
namespace {

using enum Kind;
constexpr auto status = Returns::status;
constexpr auto count = Returns::count;
constexpr auto value = Returns::value;
constexpr auto always = Scope::always;
constexpr auto sockets = Scope::sockets;
constexpr auto in = Dir::in;
constexpr auto out = Dir::out;
constexpr auto inout = Dir::inout;

// Shorthands for arguments that many rows share.
constexpr Arg sockfd{"sockfd", Kind::fd};
constexpr Arg any_fd{"fd", Kind::fd};
constexpr Arg msg_flags{"flags", message_flags};
constexpr Arg len{"len", uint};
constexpr Arg timeout_ms{"timeout", sint};
constexpr Arg socklen{"addrlen", length, inout};

// clang-format off
constexpr std::array rows = {
  Syscall{SYS_socket, "socket", Effect::creates, Returns::fd, always,
    {{{"domain", family}, {"type", socket_type}, {"protocol", protocol}}}},
  Syscall{SYS_socketpair, "socketpair", Effect::creates_pair, status, always,
    {{{"domain", family}, {"type", socket_type}, {"protocol", uint}, {"sv", fd_pair, out}}}},
  Syscall{SYS_bind, "bind", Effect::binds, status, always,
    {{sockfd, {"addr", address, in, arg(2)}, {"addrlen", sint}}}},
  Syscall{SYS_listen, "listen", Effect::listens, status, always,
    {{sockfd, {"backlog", sint}}}},
  Syscall{SYS_accept, "accept", Effect::accepts, Returns::fd, always,
    {{sockfd, {"addr", address, out, pointee(2)}, socklen}}},
  Syscall{SYS_accept4, "accept4", Effect::accepts, Returns::fd, always,
    {{sockfd, {"addr", address, out, pointee(2)}, socklen, {"flags", accept_flags}}}},
  Syscall{SYS_connect, "connect", Effect::connects, status, always,
    {{sockfd, {"addr", address, in, arg(2)}, {"addrlen", sint}}}},
  Syscall{SYS_getsockname, "getsockname", Effect::names, status, always,
    {{sockfd, {"addr", address, out, pointee(2)}, socklen}}},
  Syscall{SYS_getpeername, "getpeername", Effect::names, status, always,
    {{sockfd, {"addr", address, out, pointee(2)}, socklen}}},
  Syscall{SYS_getsockopt, "getsockopt", Effect::options, status, always,
    {{sockfd, {"level", option_level}, {"optname", option_name},
      {"optval", option_value, out, pointee(4)}, {"optlen", length, inout}}}},
  Syscall{SYS_setsockopt, "setsockopt", Effect::options, status, always,
    {{sockfd, {"level", option_level}, {"optname", option_name},
      {"optval", option_value, in, arg(4)}, {"optlen", sint}}}},
  Syscall{SYS_sendto, "sendto", Effect::sends, count, always,
    {{sockfd, {"buf", data, in, arg(2)}, len, msg_flags, {"dest_addr", address, in, arg(5)},
      {"addrlen", uint}}}},
  Syscall{SYS_recvfrom, "recvfrom", Effect::receives, count, always,
    {{sockfd, {"buf", data, out, result(2)}, len, msg_flags, {"src_addr", address, out, pointee(5)},
      socklen}}},
  Syscall{SYS_sendmsg, "sendmsg", Effect::sends, count, always,
    {{sockfd, {"msg", message, in}, msg_flags}}},
  Syscall{SYS_recvmsg, "recvmsg", Effect::receives, count, always,
    {{sockfd, {"msg", message, inout}, msg_flags}}},
  Syscall{SYS_sendmmsg, "sendmmsg", Effect::sends, count, always,
    {{sockfd, {"msgvec", messages, inout, arg(2)}, {"vlen", uint}, msg_flags}}},
  Syscall{SYS_recvmmsg, "recvmmsg", Effect::receives, count, always,
    {{sockfd, {"msgvec", messages, inout, arg(2)}, {"vlen", uint}, msg_flags,
      {"timeout", timespec, inout}}}},
  Syscall{SYS_shutdown, "shutdown", Effect::shuts_down, status, always,
    {{sockfd, {"how", shutdown_how}}}},
  Syscall{SYS_close, "close", Effect::closes, status, sockets, {{any_fd}}},
  Syscall{SYS_close_range, "close_range", Effect::closes_range, status, sockets,
    {{{"first", uint}, {"last", uint}, {"flags", range_flags}}}},
  Syscall{SYS_read, "read", Effect::receives, count, sockets,
    {{any_fd, {"buf", data, out, result(2)}, {"count", uint}}}},
  Syscall{SYS_write, "write", Effect::sends, count, sockets,
    {{any_fd, {"buf", data, in, arg(2)}, {"count", uint}}}},
  Syscall{SYS_readv, "readv", Effect::receives, count, sockets,
    {{any_fd, {"iov", iovec, inout, arg(2)}, {"iovcnt", sint}}}},
  Syscall{SYS_writev, "writev", Effect::sends, count, sockets,
    {{any_fd, {"iov", iovec, in, arg(2)}, {"iovcnt", sint}}}},
#ifdef SYS_poll
  Syscall{SYS_poll, "poll", Effect::waits_poll, count, sockets,
    {{{"fds", poll_fds, inout, arg(1)}, {"nfds", uint}, timeout_ms}}},
#endif
  Syscall{SYS_ppoll, "ppoll", Effect::waits_poll, count, sockets,
    {{{"fds", poll_fds, inout, arg(1)}, {"nfds", uint}, {"tmo_p", timespec, inout},
      {"sigmask", sigset}, {"sigsetsize", uint}}}},
#ifdef SYS_select
  Syscall{SYS_select, "select", Effect::waits_select, count, sockets,
    {{{"nfds", sint}, {"readfds", fd_set, inout, arg(0)}, {"writefds", fd_set, inout, arg(0)},
      {"exceptfds", fd_set, inout, arg(0)}, {"timeout", timeval, inout}}}},
#endif
  Syscall{SYS_pselect6, "pselect6", Effect::waits_select, count, sockets,
    {{{"nfds", sint}, {"readfds", fd_set, inout, arg(0)}, {"writefds", fd_set, inout, arg(0)},
      {"exceptfds", fd_set, inout, arg(0)}, {"timeout", timespec, inout}, {"sigmask", sigset}}}},
  Syscall{SYS_epoll_ctl, "epoll_ctl", Effect::controls_epoll, status, sockets,
    {{{"epfd", Kind::fd}, {"op", epoll_op}, any_fd, {"event", epoll_event, in}}}},
#ifdef SYS_epoll_wait
  Syscall{SYS_epoll_wait, "epoll_wait", Effect::waits_epoll, count, sockets,
    {{{"epfd", Kind::fd}, {"events", epoll_events, out, result(2)}, {"maxevents", sint}, timeout_ms}}},
#endif
  Syscall{SYS_epoll_pwait, "epoll_pwait", Effect::waits_epoll, count, sockets,
    {{{"epfd", Kind::fd}, {"events", epoll_events, out, result(2)}, {"maxevents", sint}, timeout_ms,
      {"sigmask", sigset}, {"sigsetsize", uint}}}},
#ifdef SYS_epoll_pwait2
  Syscall{SYS_epoll_pwait2, "epoll_pwait2", Effect::waits_epoll, count, sockets,
    {{{"epfd", Kind::fd}, {"events", epoll_events, out, result(2)}, {"maxevents", sint},
      {"timeout", timespec, in}, {"sigmask", sigset}, {"sigsetsize", uint}}}},
#endif
  Syscall{SYS_dup, "dup", Effect::duplicates, Returns::fd, sockets, {{{"oldfd", Kind::fd}}}},
#ifdef SYS_dup2
  Syscall{SYS_dup2, "dup2", Effect::duplicates, Returns::fd, sockets,
    {{{"oldfd", Kind::fd}, {"newfd", Kind::fd}}}},
#endif
  Syscall{SYS_dup3, "dup3", Effect::duplicates, Returns::fd, sockets,
    {{{"oldfd", Kind::fd}, {"newfd", Kind::fd}, {"flags", dup_flags}}}},
  Syscall{SYS_fcntl, "fcntl", Effect::controls_fd, value, sockets,
    {{any_fd, {"cmd", fcntl_command}, {"arg", fcntl_value}}}},
  Syscall{SYS_ioctl, "ioctl", Effect::controls_io, value, sockets,
    {{any_fd, {"request", ioctl_request}, {"argp", ioctl_value, inout}}}},
  Syscall{SYS_sendfile, "sendfile", Effect::moves, count, sockets,
    {{{"out_fd", Kind::fd}, {"in_fd", Kind::fd}, {"offset", offset, inout}, {"count", uint}}}},
  Syscall{SYS_splice, "splice", Effect::moves, count, sockets,
    {{{"fd_in", Kind::fd}, {"off_in", wide_offset, inout}, {"fd_out", Kind::fd},
      {"off_out", wide_offset, inout}, len, {"flags", splice_flags}}}},
};
// clang-format on

constexpr auto sorted_by(auto key) {
  std::array<const Syscall*, rows.size()> index{};
  for (std::size_t i = 0; i < rows.size(); ++i) index[i] = &rows[i];
  std::ranges::sort(index, {}, key);
  return index;
}
constexpr auto number_index = sorted_by(&Syscall::number);
// By length first: reports ask for every call's row, and few names are as long as another.
constexpr auto length_and_text = [](std::string_view name) { return std::pair(name.size(), name); };
constexpr auto by_spelling = [](const Syscall* row) { return length_and_text(row->name); };
constexpr auto name_index = sorted_by(by_spelling);

// A row's arguments have no holes, and every length is an argument that can hold it.
constexpr bool length_is_sound(const Syscall& row, const Arg& a) {
  if (a.length.from == Length::From::fixed) return true;
  if (a.length.index >= row.arity()) return false;
  const Arg& source = row.args.at(a.length.index);
  switch (a.length.from) {
  case Length::From::pointee: return source.kind == length && source.dir == inout;
  case Length::From::result: return a.dir == out && row.returns == count;
  case Length::From::arg: return source.kind == uint || source.kind == sint;
  case Length::From::fixed: return true;
  }
  return false;
}
constexpr bool sound(const Syscall& row) {
  if (row.name.empty() || row.number < 0) return false;
  for (std::size_t i = 0; i < row.args.size(); ++i) {
    const Arg& a = row.args.at(i);
    if (i >= row.arity()) {
      if (!a.name.empty()) return false;
      continue;
    }
    const bool needs_length = a.kind == address || a.kind == data || a.kind == Kind::iovec ||
                              a.kind == messages || a.kind == poll_fds || a.kind == Kind::fd_set ||
                              a.kind == epoll_events || a.kind == option_value;
    if (needs_length != (a.length != fixed)) return false;
    if (!is_pointer(a.kind) && a.kind != option_value && a.kind != ioctl_value && a.dir != in)
      return false;
    if (!length_is_sound(row, a)) return false;
  }
  return true;
}
static_assert(std::ranges::all_of(rows, sound));
static_assert(std::ranges::adjacent_find(number_index, {}, [](auto* r) { return r->number; }) ==
              number_index.end());
static_assert(std::ranges::adjacent_find(name_index, {}, [](auto* r) { return r->name; }) ==
              name_index.end());

const Syscall* find(const auto& index, auto key, auto wanted) {
  const auto at = std::ranges::lower_bound(index, wanted, {}, key);
  return at != index.end() && std::invoke(key, *at) == wanted ? *at : nullptr;
}

} // namespace

std::span<const Syscall> syscalls() { return rows; }

const Syscall* by_number(long number) { return find(number_index, &Syscall::number, number); }

const Syscall* by_name(std::string_view name) {
  return find(name_index, by_spelling, length_and_text(name));
}

std::string_view to_string(Returns returns) {
  switch (returns) {
  case Returns::status: return "status";
  case Returns::fd: return "fd";
  case Returns::count: return "count";
  case Returns::value: return "value";
  }
  return "";
}

} // namespace socktale::tables
