#include "tracer/recorder/socket_book.hpp"

#include "tracer/decode/message.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/waiting.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace socktale::recorder {
namespace {

using model::SocketId;
using tables::Effect;
using tables::Kind;

int fd_argument(const Deed& deed, std::size_t i = 0) { return static_cast<int>(deed.args.at(i)); }

std::string symbol_name(const model::Value& value) {
  const auto* symbol = value.get<model::Symbol>();
  return symbol == nullptr ? "" : symbol->name;
}

std::string type_name(std::uint64_t type) {
  return std::string(
      tables::name_of(tables::socket_types(), static_cast<std::int64_t>(type & 0xf)));
}

// The address that argument `i` points at, as the row says how long it is.
std::optional<model::Endpoint> address(const Deed& deed, std::size_t i, decode::Capture& memory) {
  const std::size_t size = decode::size_of(deed.row, i, deed.args, 0, {}, memory);
  return decode::endpoint(memory.read_bytes({deed.args.at(i)}, size));
}

// Bound to "any": the kernel filled in the port, or the whole address at connect or accept.
bool is_wildcard(const std::optional<model::Endpoint>& end) {
  if (!end) return true;
  if (end->family == "AF_INET") return end->port == 0 || end->host == "0.0.0.0";
  if (end->family == "AF_INET6") return end->port == 0 || end->host == "::";
  return end->family == "AF_UNIX" && end->path.empty();
}

} // namespace

SocketBook::SocketBook(Peek& peek)
    : peek_(peek), descriptors_([this](SocketId id) { on_last(id); }) {}

SocketId SocketBook::make(std::string_view origin) {
  const SocketId id{static_cast<std::uint32_t>(entries_.size() + 1)};
  entries_[id].socket.id = id;
  entries_[id].socket.origin = origin;
  entries_[id].socket.role = "fresh";
  changed(id);
  return id;
}

void SocketBook::on_last(SocketId id) {
  if (entry(id).in_flight > 0) return;
  entry(id).socket.gone_by = closing_;
  for (auto& [epoll, sockets] : watched_)
    sockets.erase(id); // epoll(7): a closed socket leaves the set
  changed(id);
}

void SocketBook::exec(Pid pid) {
  closing_ = "exec";
  descriptors_.exec(pid);
  closing_ = "close";
}

void SocketBook::gone(Pid pid) {
  closing_ = "exit";
  descriptors_.gone(pid);
  closing_ = "close";
}

void SocketBook::inherit(Pid pid) {
  for (const int fd : peek_.sockets(pid))
    if (descriptors_.find(pid, fd) == nullptr) learn(pid, fd, "inherited");
}

// A socket that came without a call that was seen: another descriptor of one that is known (by its
// inode), or a new one.
SocketId SocketBook::learn(Pid pid, int fd, std::string_view origin) {
  const std::optional<Peeked> peeked = peek_.look(pid, fd);
  const std::uint64_t inode = peeked ? peeked->inode : 0;
  for (auto& [id, known] : entries_) {
    if (inode == 0 || known.socket.inode != inode || !known.socket.gone_by.empty()) continue;
    descriptors_.open(pid, fd, id, false);
    return id;
  }
  const SocketId id = make(origin);
  model::Socket& socket = entry(id).socket;
  if (peeked) {
    socket.inode = inode;
    socket.family = peeked->family;
    socket.type = peeked->type;
    socket.protocol = peeked->protocol;
    socket.local = peeked->local;
    socket.peer = peeked->peer;
    socket.role = peeked->listening ? "listening" : peeked->peer ? "connected" : "fresh";
  }
  descriptors_.open(pid, fd, id, false);
  return id;
}

void SocketBook::peek_names(SocketId id, Pid pid, int fd) {
  const auto peeked = peek_.look(pid, fd);
  if (!peeked) return;
  model::Socket& socket = entry(id).socket;
  socket.inode = peeked->inode;
  if (is_wildcard(socket.local) && peeked->local) socket.local = peeked->local;
  if (!socket.peer && peeked->peer) socket.peer = peeked->peer;
  changed(id);
}

std::vector<model::Socket> SocketBook::take_changes() {
  std::vector<model::Socket> out;
  for (const SocketId id : changed_) out.push_back(entry(id).socket);
  changed_.clear();
  return out;
}

std::vector<int> SocketBook::waited_fds(const Deed& deed, decode::Capture& memory) const {
  if (deed.row.effect == Effect::waits_poll)
    return decode::polled_fds(memory, {deed.args[0]}, deed.args[1]);
  std::vector<int> fds;
  for (std::size_t i = 1; i <= 3; ++i) { // select(2): three sets
    const auto some = decode::fds_in_set(memory, {deed.args.at(i)}, deed.args[0] & 0x7fffffff);
    fds.insert(fds.end(), some.begin(), some.end());
  }
  std::ranges::sort(fds);
  fds.erase(std::ranges::unique(fds).begin(), fds.end());
  return fds;
}

std::vector<SocketId> SocketBook::sockets_among(Pid pid, const std::vector<int>& fds) const {
  std::vector<SocketId> out;
  for (const int fd : fds)
    if (const auto id = descriptors_.socket(pid, fd)) out.push_back(*id);
  return out;
}

Interest SocketBook::interest(const Deed& deed) const {
  if (deed.row.scope == tables::Scope::always) return Interest::record;
  const auto record_if = [](bool yes) { return yes ? Interest::record : Interest::none; };
  switch (deed.row.effect) {
  case Effect::waits_poll:
  case Effect::waits_select:
    return record_if(!sockets_among(deed.pid, waited_fds(deed, deed.before)).empty());
  case Effect::waits_epoll: {
    const auto epoll = descriptors_.epoll(deed.pid, fd_argument(deed));
    return record_if(epoll && watched_.contains(*epoll) && !watched_.at(*epoll).empty());
  }
  case Effect::closes_range: {
    const auto fds = descriptors_.range(deed.pid, deed.args[0], deed.args[1]);
    if (!sockets_among(deed.pid, fds).empty()) return Interest::record;
    return fds.empty() ? Interest::none : Interest::follow;
  }
  default: break;
  }
  bool epoll = false;
  for (std::size_t i = 0; i < deed.row.arity(); ++i) {
    if (deed.row.args.at(i).kind != Kind::fd) continue;
    if (descriptors_.socket(deed.pid, fd_argument(deed, i))) return Interest::record;
    epoll |= descriptors_.epoll(deed.pid, fd_argument(deed, i)).has_value();
  }
  return epoll ? Interest::follow : Interest::none;
}

Touched SocketBook::begin(const Deed& deed) {
  Touched touched;
  const Effect effect = deed.row.effect;
  if (effect == Effect::creates || effect == Effect::creates_pair) return touched;
  if (effect == Effect::waits_poll || effect == Effect::waits_select) {
    touched.others = sockets_among(deed.pid, waited_fds(deed, deed.before));
  } else if (effect == Effect::waits_epoll) {
    const auto epoll = descriptors_.epoll(deed.pid, fd_argument(deed));
    if (epoll && watched_.contains(*epoll))
      touched.others.assign(watched_.at(*epoll).begin(), watched_.at(*epoll).end());
  } else if (effect == Effect::closes_range) {
    touched.others =
        sockets_among(deed.pid, descriptors_.range(deed.pid, deed.args[0], deed.args[1]));
  } else {
    std::vector<int> fds;
    for (std::size_t i = 0; i < deed.row.arity(); ++i)
      if (deed.row.args.at(i).kind == Kind::fd) fds.push_back(fd_argument(deed, i));
    if (deed.row.scope == tables::Scope::always && !descriptors_.find(deed.pid, fds.front()) &&
        peek_.inode(deed.pid, fds.front()) != 0)
      learn(deed.pid, fds.front(), "unknown");
    touched.others = sockets_among(deed.pid, fds);
  }
  const bool waits = effect == Effect::waits_poll || effect == Effect::waits_select ||
                     effect == Effect::waits_epoll || effect == Effect::closes_range;
  if (touched.others.size() == 1 || (!waits && !touched.others.empty())) {
    touched.about = touched.others.front();
    touched.others.erase(touched.others.begin());
  }
  return touched;
}

void SocketBook::end(const Deed& deed, decode::Capture& after, std::int64_t result,
                     Touched& touched) {
  const Effect effect = deed.row.effect;
  if (effect == Effect::connects && touched.about && (result == 0 || result == -EINPROGRESS))
    return connected(deed, *touched.about, result);
  if (effect == Effect::closes && result != -EBADF)
    return closed(deed, touched); // close(2): EINTR closes too
  if (result < 0) return;
  const bool moved = effect == Effect::sends || effect == Effect::receives;
  if (moved && touched.about && entry(*touched.about).socket.role == "connecting") {
    entry(*touched.about).socket.role = "connected"; // bytes pass only once it is
    changed(*touched.about);
  }
  switch (effect) {
  case Effect::creates: return created(deed, result, touched);
  case Effect::creates_pair: return created_pair(deed, after, touched);
  case Effect::accepts: return accepted(deed, after, result, touched);
  case Effect::sends: return sent(deed, touched);
  case Effect::receives: return received(deed, after, touched);
  case Effect::closes_range: return closed_range(deed);
  case Effect::duplicates: return duplicated(deed, result);
  case Effect::controls_fd: return controlled_fd(deed, result);
  case Effect::controls_io:
    if (deed.args[1] == FIOCLEX || deed.args[1] == FIONCLEX)
      descriptors_.set_close_on_exec(deed.pid, fd_argument(deed), deed.args[1] == FIOCLEX);
    return;
  case Effect::controls_epoll: return controlled_epoll(deed);
  default: break;
  }
  if (!touched.about) return;
  if (effect == Effect::binds) bound(deed, *touched.about);
  if (effect == Effect::listens) listening(deed, *touched.about);
  if (effect == Effect::names) named(deed, after, *touched.about);
}

void SocketBook::created(const Deed& deed, std::int64_t fd, Touched& touched) {
  const SocketId id = make("socket");
  model::Socket& socket = entry(id).socket;
  const int family = fd_argument(deed);
  socket.family = symbol_name(decode::symbol(tables::families(), family));
  socket.type = type_name(deed.args[1]);
  socket.protocol = symbol_name(decode::protocol(family, fd_argument(deed, 2)));
  descriptors_.open(deed.pid, static_cast<int>(fd), id, (deed.args[1] & SOCK_CLOEXEC) != 0);
  touched.about = id;
}

void SocketBook::created_pair(const Deed& deed, decode::Capture& after, Touched& touched) {
  const auto fds = decode::read_array<std::int32_t>(after, {deed.args[3]}, 2);
  if (fds.size() < 2) return;
  const SocketId one = make("socketpair");
  const SocketId two = make("socketpair");
  for (const auto& [id, other, fd] : {std::tuple{one, two, fds[0]}, std::tuple{two, one, fds[1]}}) {
    model::Socket& socket = entry(id).socket;
    socket.family = symbol_name(decode::symbol(tables::families(), fd_argument(deed)));
    socket.type = type_name(deed.args[1]);
    socket.role = "connected";
    socket.parent = other;
    descriptors_.open(deed.pid, fd, id, (deed.args[1] & SOCK_CLOEXEC) != 0);
  }
  touched.about = one;
  touched.others.push_back(two);
}

void SocketBook::bound(const Deed& deed, SocketId id) {
  entry(id).socket.local = address(deed, 1, deed.before);
  entry(id).socket.role = "bound";
  changed(id);
  const auto& local = entry(id).socket.local;
  const bool chosen_by_kernel = local && local->port == 0 && local->path.empty();
  if (chosen_by_kernel) peek_names(id, deed.pid, fd_argument(deed));
}

void SocketBook::listening(const Deed& deed, SocketId id) {
  entry(id).socket.role = "listening";
  changed(id);
  if (!entry(id).socket.local) peek_names(id, deed.pid, fd_argument(deed));
}

void SocketBook::accepted(const Deed& deed, decode::Capture& after, std::int64_t fd,
                          Touched& touched) {
  const SocketId id = make("accept");
  model::Socket& socket = entry(id).socket;
  socket.role = "connected";
  if (touched.about) {
    const model::Socket& parent = entry(*touched.about).socket;
    socket.parent = parent.id;
    socket.family = parent.family;
    socket.type = parent.type;
    socket.protocol = parent.protocol;
    if (!is_wildcard(parent.local)) socket.local = parent.local;
  }
  const bool close_on_exec = deed.row.name == "accept4" && (deed.args[3] & SOCK_CLOEXEC) != 0;
  descriptors_.open(deed.pid, static_cast<int>(fd), id, close_on_exec);
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
  if (is_wildcard(socket.local)) peek_names(id, deed.pid, fd_argument(deed));
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

void SocketBook::sent(const Deed& deed, Touched& touched) {
  if (deed.row.args[1].kind != Kind::message) return;
  for (const int fd : decode::passed_fds(deed.before, {deed.args[1]})) {
    const auto id = descriptors_.socket(deed.pid, fd);
    if (!id) continue;
    ++entry(*id).in_flight;
    entry(*id).socket.inode = peek_.inode(deed.pid, fd); // the receiver's copy is known by it
    touched.others.push_back(*id);
  }
}

void SocketBook::received(const Deed& deed, decode::Capture& after, Touched& touched) {
  if (deed.row.args[1].kind != Kind::message) return;
  for (const int fd : decode::passed_fds(after, {deed.args[1]})) {
    if (peek_.inode(deed.pid, fd) == 0) continue;
    const SocketId id = learn(deed.pid, fd, "received");
    entry(id).in_flight = std::max(0, entry(id).in_flight - 1);
    descriptors_.set_close_on_exec(deed.pid, fd, (deed.args[2] & MSG_CMSG_CLOEXEC) != 0);
    touched.others.push_back(id);
  }
}

void SocketBook::closed(const Deed& deed, const Touched& touched) {
  // Another thread may have been given the number already: only what was there at entry is closed.
  if (touched.about && descriptors_.socket(deed.pid, fd_argument(deed)) != touched.about) return;
  descriptors_.close(deed.pid, fd_argument(deed));
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
  const int from = fd_argument(deed);
  if (from == fd) return; // dup2(2) onto itself does nothing
  closing_ = deed.row.name;
  descriptors_.duplicate(deed.pid, from, static_cast<int>(fd), close_on_exec);
  closing_ = "close";
}

void SocketBook::controlled_fd(const Deed& deed, std::int64_t result) {
  const int command = fd_argument(deed, 1);
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
    descriptors_.duplicate(deed.pid, fd_argument(deed), static_cast<int>(result),
                           command == F_DUPFD_CLOEXEC);
  if (command == F_SETFD)
    descriptors_.set_close_on_exec(deed.pid, fd_argument(deed), (deed.args[2] & FD_CLOEXEC) != 0);
}

void SocketBook::controlled_epoll(const Deed& deed) {
  const int epfd = fd_argument(deed);
  const auto socket = descriptors_.socket(deed.pid, fd_argument(deed, 2));
  if (!socket) return;
  if (!descriptors_.epoll(deed.pid, epfd))
    descriptors_.open(deed.pid, epfd, EpollId{++epolls_}, false); // its making is no socket call
  const EpollId epoll = *descriptors_.epoll(deed.pid, epfd);
  if (fd_argument(deed, 1) == EPOLL_CTL_DEL)
    watched_[epoll].erase(*socket);
  else
    watched_[epoll].insert(*socket);
}

} // namespace socktale::recorder
