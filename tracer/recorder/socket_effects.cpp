// What each kind of call changes in the socket book, one function an effect.
#include "tracer/decode/message.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/model/endpoint.hpp"
#include "tracer/recorder/socket_book.hpp"

#include <algorithm>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace socktale::recorder {
namespace {

using model::SocketId;
using tables::Kind;

std::string type_name(std::uint64_t type) {
  return std::string(
      tables::name_of(tables::socket_types(), static_cast<std::int64_t>(type & 0xf)));
}

// The address that argument `i` points at, as the row says how long it is.
std::optional<model::Endpoint> address(const Deed& deed, std::size_t i, decode::Capture& memory) {
  const std::size_t size = decode::size_of(deed.row, i, deed.args, 0, {}, memory);
  return decode::endpoint(memory.read_bytes({deed.args.at(i)}, size));
}

bool has_port(const model::Endpoint& end) { return end.port != 0 || model::netlink_port(end) != 0; }

// Bound to "any": the kernel filled in the port, or the whole address at connect or accept.
bool is_wildcard(const std::optional<model::Endpoint>& end) {
  if (!end) return true;
  if (end->family == "AF_INET") return end->port == 0 || end->host == "0.0.0.0";
  if (end->family == "AF_INET6") return end->port == 0 || end->host == "::";
  if (end->family == "AF_NETLINK") return !has_port(*end);
  return end->family == "AF_UNIX" && end->path.empty();
}

} // namespace

void SocketBook::peek_names(SocketId id, Pid pid, int fd) {
  const auto peeked = peek_.look(pid, fd);
  if (!peeked) return;
  model::Socket& socket = entry(id).socket;
  socket.inode = peeked->inode;
  if (is_wildcard(socket.local) && peeked->local) socket.local = peeked->local;
  if (!socket.peer && peeked->peer) socket.peer = peeked->peer;
  changed(id);
}

void SocketBook::created(const Deed& deed, std::int64_t fd, Touched& touched) {
  const SocketId id = make("socket");
  model::Socket& socket = entry(id).socket;
  const int family = deed.fd();
  socket.family = decode::symbol_name(decode::symbol(tables::families(), family));
  socket.type = type_name(deed.args[1]);
  socket.protocol = decode::symbol_name(decode::protocol(family, deed.fd(2)));
  descriptors_.open(deed.pid, static_cast<int>(fd), id, (deed.args[1] & SOCK_CLOEXEC) != 0);
  identify(id, deed.pid, static_cast<int>(fd));
  touched.about = id;
}

void SocketBook::created_pair(const Deed& deed, decode::Capture& after, Touched& touched) {
  const auto fds = decode::read_array<std::int32_t>(after, {deed.args[3]}, 2);
  if (fds.size() < 2) return;
  const SocketId one = make("socketpair");
  const SocketId two = make("socketpair");
  for (const auto& [id, other, fd] : {std::tuple{one, two, fds[0]}, std::tuple{two, one, fds[1]}}) {
    model::Socket& socket = entry(id).socket;
    socket.family = decode::symbol_name(decode::symbol(tables::families(), deed.fd()));
    socket.type = type_name(deed.args[1]);
    socket.role = "connected";
    socket.parent = other;
    descriptors_.open(deed.pid, fd, id, (deed.args[1] & SOCK_CLOEXEC) != 0);
    identify(id, deed.pid, fd);
  }
  touched.about = one;
  touched.others.push_back(two);
}

void SocketBook::bound(const Deed& deed, SocketId id) {
  entry(id).socket.local = address(deed, 1, deed.before);
  entry(id).socket.role = "bound";
  changed(id);
  const auto& local = entry(id).socket.local;
  const bool chosen_by_kernel = local && !has_port(*local) && local->path.empty();
  if (chosen_by_kernel) peek_names(id, deed.pid, deed.fd());
}

void SocketBook::listening(const Deed& deed, SocketId id) {
  entry(id).socket.role = "listening";
  changed(id);
  if (!entry(id).socket.local) peek_names(id, deed.pid, deed.fd());
}

void SocketBook::accepted(const Deed& deed, decode::Capture& after, std::int64_t fd,
                          std::optional<SocketId> listener, Touched& touched) {
  const SocketId id = make("accept");
  model::Socket& socket = entry(id).socket;
  socket.role = "connected";
  if (listener) {
    const model::Socket& parent = entry(*listener).socket;
    socket.parent = parent.id;
    socket.family = parent.family;
    socket.type = parent.type;
    socket.protocol = parent.protocol;
    if (!is_wildcard(parent.local)) socket.local = parent.local;
  }
  const bool close_on_exec = deed.row.name == "accept4" && (deed.args[3] & SOCK_CLOEXEC) != 0;
  descriptors_.open(deed.pid, static_cast<int>(fd), id, close_on_exec);
  identify(id, deed.pid, static_cast<int>(fd));
  const std::size_t size = decode::size_of(deed.row, 1, deed.args, 0, {}, after);
  socket.peer = decode::endpoint(after.read_bytes({deed.args[1]}, size));
  if (!socket.peer || !socket.local) peek_names(id, deed.pid, static_cast<int>(fd));
  touched.others.push_back(id);
}

void SocketBook::connected(const Deed& deed, SocketId id, std::int64_t result) {
  model::Socket& socket = entry(id).socket;
  socket.peer = address(deed, 1, deed.before);
  const bool dissolved = socket.peer && socket.peer->family == "AF_UNSPEC"; // connect(2)
  if (dissolved) socket.peer.reset();
  socket.role = dissolved ? "fresh" : result == 0 ? "connected" : "connecting";
  if (is_wildcard(socket.local)) peek_names(id, deed.pid, deed.fd());
  changed(id);
}

void SocketBook::named(const Deed& deed, decode::Capture& after, SocketId id) {
  const auto end = address(deed, 1, after);
  model::Socket& socket = entry(id).socket;
  const bool peer = deed.row.name == "getpeername";
  auto& known = peer ? socket.peer : socket.local;
  const bool proved = peer && socket.role == "connecting"; // getpeername(2): else ENOTCONN
  if (proved) socket.role = "connected";
  if (end && known != end)
    known = end;
  else if (!proved)
    return;
  changed(id);
}

// udp(7), netlink(7): the first send gives the socket a port, also one that fails afterwards.
void SocketBook::bound_by_sending(const Deed& deed, SocketId id) {
  model::Socket& socket = entry(id).socket;
  const bool given = (socket.type == "SOCK_DGRAM" && socket.family.starts_with("AF_INET")) ||
                     socket.family == "AF_NETLINK";
  if (socket.local || !given) return;
  peek_names(id, deed.pid, deed.fd());
  if (socket.local && !has_port(*socket.local)) socket.local.reset(); // it failed before that
}

void SocketBook::sent(const Deed& deed, Touched& touched) {
  if (deed.row.args[1].kind != Kind::message) return;
  for (const int fd : decode::passed_fds(deed.before, {deed.args[1]}, deed.args.layout)) {
    const auto id = descriptors_.socket(deed.pid, fd);
    if (!id) continue;
    ++entry(*id).in_flight;
    entry(*id).socket.inode = peek_.inode(deed.pid, fd); // the receiver's copy is known by it
    touched.others.push_back(*id);
  }
}

void SocketBook::received(const Deed& deed, decode::Capture& after, Touched& touched) {
  if (deed.row.args[1].kind != Kind::message) return;
  for (const int fd : decode::passed_fds(after, {deed.args[1]}, deed.args.layout)) {
    if (peek_.inode(deed.pid, fd) == 0) continue;
    const SocketId id = learn(deed.pid, fd, "received");
    entry(id).in_flight = std::max(0, entry(id).in_flight - 1);
    descriptors_.set_close_on_exec(deed.pid, fd, (deed.args[2] & MSG_CMSG_CLOEXEC) != 0);
    touched.others.push_back(id);
  }
}

void SocketBook::closed(const Deed& deed, const Touched& touched) {
  // Another thread may have been given the number already: only what was there at entry is closed.
  if (touched.about && descriptors_.socket(deed.pid, deed.fd()) != touched.about) return;
  descriptors_.close(deed.pid, deed.fd());
}

void SocketBook::closed_range(const Deed& deed) {
  if ((deed.args[2] & CLOSE_RANGE_UNSHARE) != 0) descriptors_.unshare(deed.pid);
  for (const int fd : descriptors_.range(deed.pid, deed.args[0], deed.args[1])) {
    if ((deed.args[2] & CLOSE_RANGE_CLOEXEC) != 0)
      descriptors_.set_close_on_exec(deed.pid, fd, true);
    else
      descriptors_.close(deed.pid, fd);
  }
}

void SocketBook::duplicated(const Deed& deed, std::int64_t fd) {
  const bool close_on_exec = deed.row.name == "dup3" && (deed.args[2] & O_CLOEXEC) != 0;
  const int from = deed.fd();
  if (from == fd) return; // dup2(2) onto itself does nothing
  closing_ = deed.row.name;
  descriptors_.duplicate(deed.pid, from, static_cast<int>(fd), close_on_exec);
  closing_ = "close";
}

void SocketBook::controlled_fd(const Deed& deed, std::int64_t result) {
  const int command = deed.fd(1);
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
    descriptors_.duplicate(deed.pid, deed.fd(), static_cast<int>(result),
                           command == F_DUPFD_CLOEXEC);
  if (command == F_SETFD)
    descriptors_.set_close_on_exec(deed.pid, deed.fd(), (deed.args[2] & FD_CLOEXEC) != 0);
}

void SocketBook::controlled_epoll(const Deed& deed) {
  const int epfd = deed.fd();
  const auto socket = descriptors_.socket(deed.pid, deed.fd(2));
  if (!socket) return;
  if (!descriptors_.epoll(deed.pid, epfd))
    descriptors_.open(deed.pid, epfd, EpollId{++epolls_}, false); // its making is no socket call
  const EpollId epoll = *descriptors_.epoll(deed.pid, epfd);
  if (deed.fd(1) == EPOLL_CTL_DEL)
    watched_[epoll].erase(*socket);
  else
    watched_[epoll].insert(*socket);
}

} // namespace socktale::recorder
