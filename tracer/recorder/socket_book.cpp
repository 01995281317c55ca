#include "tracer/recorder/socket_book.hpp"

#include "tracer/decode/waiting.hpp"
#include "tracer/tables/names.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/ioctl.h>

namespace socktale::recorder {
namespace {

using model::SocketId;
using tables::Effect;
using tables::Kind;

// Sockets that are kept though they are gone, so that memory does not grow with their number; and
// of those that were passed on.
constexpr std::size_t gone_kept = 256;

} // namespace

SocketBook::SocketBook(Peek& peek, bool identify)
    : peek_(peek),
      identify_(identify),
      descriptors_([this](const Object& object) { on_last(object); }) {}

SocketId SocketBook::make(std::string_view origin) {
  const SocketId id{++made_};
  model::Socket& socket = entries_[id].socket;
  socket.id = id;
  socket.origin = origin;
  socket.role = "fresh";
  changed(id);
  return id;
}

void SocketBook::on_last(const Object& object) {
  if (const auto* epoll = std::get_if<EpollId>(&object)) {
    watched_.erase(*epoll);
    return;
  }
  const SocketId id = std::get<SocketId>(object);
  if (entry(id).in_flight > 0) return away_.push_back(id);
  entry(id).socket.gone_by = closing_;
  gone_.push_back(id); // for ever: nothing opens it again
  unwatch(id);         // epoll(7): a closed socket leaves the set
  changed(id);
}

void SocketBook::unwatch(SocketId id) {
  for (auto& [epoll, sockets] : watched_) sockets.erase(id);
}

std::optional<SocketId> SocketBook::known(std::optional<SocketId> id) const {
  return id && entries_.contains(*id) ? id : std::nullopt;
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
    std::erase(away_, id);
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
  identify(id, pid, fd);
  return id;
}

void SocketBook::identify(SocketId id, Pid pid, int fd) {
  if (!identify_) return;
  entry(id).socket.inode = peek_.inode(pid, fd);
  entry(id).in_our_network = peek_.in_our_network(pid, fd);
}

bool SocketBook::in_our_network(SocketId id) const {
  const auto at = entries_.find(id);
  return at != entries_.end() && at->second.in_our_network;
}

std::optional<int> SocketBook::netlink_protocol(SocketId id) const {
  const auto at = entries_.find(id);
  if (at == entries_.end() || at->second.socket.family != "AF_NETLINK") return std::nullopt;
  const auto names = tables::netlink_protocols();
  const auto known = std::ranges::find(names, at->second.socket.protocol, &tables::Name::name);
  return known == names.end() ? -1 : static_cast<int>(known->number);
}

std::vector<model::Socket> SocketBook::take_changes() {
  std::vector<model::Socket> out;
  for (const SocketId id : changed_) out.push_back(entry(id).socket);
  changed_.clear();
  for (; gone_.size() > gone_kept; gone_.pop_front()) entries_.erase(gone_.front()); // told above
  for (; away_.size() > gone_kept; away_.pop_front()) {
    unwatch(away_.front());
    entries_.erase(away_.front());
    forgotten_.push_back(away_.front());
  }
  return out;
}

std::vector<SocketId> SocketBook::take_forgotten() { return std::exchange(forgotten_, {}); }

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

bool SocketBook::watches_sockets(Pid pid, int epfd) const {
  const auto epoll = descriptors_.epoll(pid, epfd);
  const auto watched = epoll ? watched_.find(*epoll) : watched_.end();
  return watched != watched_.end() && !watched->second.empty();
}

Interest SocketBook::interest(const Deed& deed) const {
  if (deed.row.scope == tables::Scope::always) return Interest::record;
  const auto record_if = [](bool yes) { return yes ? Interest::record : Interest::none; };
  switch (deed.row.effect) {
  case Effect::waits_poll:
  case Effect::waits_select:
    return record_if(!sockets_among(deed.pid, waited_fds(deed, deed.before)).empty());
  case Effect::waits_epoll: return record_if(watches_sockets(deed.pid, deed.fd()));
  case Effect::controls_epoll: // of a pipe, too: what is waited for together is told together
    if (watches_sockets(deed.pid, deed.fd())) return Interest::record;
    break;
  case Effect::closes_range: {
    const auto fds = descriptors_.range(deed.pid, deed.args[0], deed.args[1]);
    if (!sockets_among(deed.pid, fds).empty()) return Interest::record;
    return fds.empty() ? Interest::none : Interest::follow;
  }
  default: break;
  }
  bool epoll = false;
  for (std::size_t i = 0; i < deed.row.args.size(); ++i) {
    if (deed.row.args.at(i).kind != Kind::fd) continue;
    const Object* object = descriptors_.find(deed.pid, deed.fd(i));
    if (object == nullptr) continue;
    if (std::holds_alternative<SocketId>(*object)) return Interest::record;
    epoll = true;
  }
  return epoll ? Interest::follow : Interest::none;
}

// The sockets that a call is given as its arguments.
Touched SocketBook::named_by(const Deed& deed) {
  Touched touched;
  bool learns = deed.row.scope == tables::Scope::always; // what its first descriptor is
  for (std::size_t i = 0; i < deed.row.args.size(); ++i) {
    if (deed.row.args.at(i).kind != Kind::fd) continue;
    const int fd = deed.fd(i);
    if (std::exchange(learns, false) && !descriptors_.find(deed.pid, fd) &&
        peek_.inode(deed.pid, fd) != 0)
      learn(deed.pid, fd, "unknown");
    const auto id = descriptors_.socket(deed.pid, fd);
    if (!id) continue;
    if (touched.about)
      touched.others.push_back(*id);
    else
      touched.about = id;
  }
  return touched;
}

Touched SocketBook::begin(const Deed& deed) {
  Touched touched;
  const Effect effect = deed.row.effect;
  if (effect == Effect::creates || effect == Effect::creates_pair) return touched;
  if (effect == Effect::waits_poll || effect == Effect::waits_select) {
    touched.others = sockets_among(deed.pid, waited_fds(deed, deed.before));
  } else if (effect == Effect::waits_epoll) {
    const auto epoll = descriptors_.epoll(deed.pid, deed.fd());
    if (epoll && watched_.contains(*epoll))
      touched.others.assign(watched_.at(*epoll).begin(), watched_.at(*epoll).end());
  } else if (effect == Effect::closes_range) {
    touched.others =
        sockets_among(deed.pid, descriptors_.range(deed.pid, deed.args[0], deed.args[1]));
  } else {
    return named_by(deed);
  }
  if (touched.others.size() == 1) {
    touched.about = touched.others.front();
    touched.others.erase(touched.others.begin());
  }
  return touched;
}

void SocketBook::end(const Deed& deed, decode::Capture& after, std::int64_t result,
                     Touched& touched) {
  const Effect effect = deed.row.effect;
  const auto about = known(touched.about); // others may have closed it during the call
  if (effect == Effect::connects && about && (result == 0 || result == -EINPROGRESS))
    return connected(deed, *about, result);
  if (effect == Effect::closes && result != -EBADF)
    return closed(deed, touched); // close(2): EINTR closes too
  if (effect == Effect::sends && about) bound_by_sending(deed, *about);
  if (result < 0) return;
  const bool moved = effect == Effect::sends || effect == Effect::receives;
  if (moved && about && entry(*about).socket.role == "connecting") {
    entry(*about).socket.role = "connected"; // bytes pass only once it is
    changed(*about);
  }
  switch (effect) {
  case Effect::creates: return created(deed, result, touched);
  case Effect::creates_pair: return created_pair(deed, after, touched);
  case Effect::accepts: return accepted(deed, after, result, about, touched);
  case Effect::sends: return sent(deed, touched);
  case Effect::receives: return received(deed, after, touched);
  case Effect::closes_range: return closed_range(deed);
  case Effect::duplicates: return duplicated(deed, result);
  case Effect::controls_fd: return controlled_fd(deed, result);
  case Effect::controls_io:
    if (deed.args[1] == FIOCLEX || deed.args[1] == FIONCLEX)
      descriptors_.set_close_on_exec(deed.pid, deed.fd(), deed.args[1] == FIOCLEX);
    return;
  case Effect::controls_epoll: return controlled_epoll(deed);
  default: break;
  }
  if (!about) return;
  if (effect == Effect::binds) bound(deed, *about);
  if (effect == Effect::listens) listening(deed, *about);
  if (effect == Effect::names) named(deed, after, *about);
}

} // namespace socktale::recorder
