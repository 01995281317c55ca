#include "tracer/recorder/sampler.hpp"

#include <algorithm>
#include <cerrno>
#include <ranges>
#include <string_view>
#include <utility>

namespace socktale::recorder {
namespace {

using model::Sample;
using model::SocketId;
using model::SocketState;

constexpr std::size_t most_closed = 16;

// The same but for what time alone changes.
bool alike(SocketState one, const SocketState& other) {
  one.timer_ms = other.timer_ms;
  return one == other;
}

std::string_view protocol_of(DiagKind kind) {
  switch (kind) {
  case DiagKind::tcp: return "IPPROTO_TCP";
  case DiagKind::udp: return "IPPROTO_UDP";
  case DiagKind::unix_socket: break;
  }
  return {};
}

std::optional<DiagKind> kind_of(const model::Socket& socket) {
  if (socket.family == "AF_UNIX") return DiagKind::unix_socket;
  if (socket.family != "AF_INET" && socket.family != "AF_INET6") return std::nullopt;
  const bool usual = socket.protocol.empty() || socket.protocol == "IPPROTO_IP";
  if (socket.type == "SOCK_STREAM" && (usual || socket.protocol == "IPPROTO_TCP"))
    return DiagKind::tcp;
  if (socket.type == "SOCK_DGRAM" && (usual || socket.protocol == "IPPROTO_UDP"))
    return DiagKind::udp;
  return std::nullopt;
}

std::optional<InetEnd> known_end(const std::optional<model::Endpoint>& end) {
  return end ? inet_end(*end) : std::nullopt;
}

} // namespace

std::optional<SocketName> name_of(const model::Socket& socket) {
  const auto kind = kind_of(socket);
  if (!kind) return std::nullopt;
  SocketName name;
  name.kind = *kind;
  if (kind == DiagKind::unix_socket) {
    name.inode = static_cast<std::uint32_t>(socket.inode);
    return name.inode == 0 ? std::nullopt : std::optional(name);
  }
  name.inet6 = socket.family == "AF_INET6";
  const auto local = known_end(socket.local);
  const auto peer = known_end(socket.peer);
  if (!local || local->port == 0) return std::nullopt;
  name.local = *local;
  if (peer && socket.role != "listening") name.peer = *peer;
  if (kind == DiagKind::tcp && !name.has_peer() && socket.role != "listening") return std::nullopt;
  if (kind == DiagKind::tcp && name.has_peer()) name.inet6 = false; // its addresses say all
  return name;
}

void Sampler::know(const model::Socket& socket, bool in_our_network) {
  if (!socket.gone_by.empty()) return closed(socket.id);
  if (!kind_of(socket)) return;
  if (!in_our_network) {
    if (!std::exchange(told_elsewhere_, true)) notes_.push_back({"not-sampled-network", {}, {}});
    return;
  }
  Open& open = open_[socket.id];
  forget_name(open);
  const auto name = name_of(socket);
  open.asked = name.has_value();
  if (!name) return;
  open.question = {*name, socket.id, socket.inode, socket.type};
  by_name_[*name] = socket.id;
  if (name->kind != DiagKind::tcp) return;
  if (name->has_peer())
    calling_[name->peer.port].insert(socket.id);
  else
    listening_[name->local.port].insert(socket.id);
}

void Sampler::forget_name(const Open& open) {
  if (!open.asked) return;
  const SocketName& name = open.question.name;
  const SocketId id = *open.question.id;
  if (const auto known = by_name_.find(name); known != by_name_.end() && known->second == id)
    by_name_.erase(known);
  const auto drop = [id](auto& ports, std::uint16_t port) {
    const auto at = ports.find(port);
    if (at == ports.end()) return;
    at->second.erase(id);
    if (at->second.empty()) ports.erase(at);
  };
  drop(calling_, name.peer.port);
  drop(listening_, name.local.port);
}

// What was asked for it; nothing when nothing was.
std::optional<Sampler::Question> Sampler::take_out(SocketId id) {
  const auto node = open_.extract(id);
  budget_.forget(id);
  if (node.empty() || !node.mapped().asked) return std::nullopt;
  forget_name(node.mapped());
  return node.mapped().question;
}

void Sampler::forget(SocketId id) {
  if (const auto question = take_out(id)) forget_last(question->name);
}

void Sampler::closed(SocketId id) {
  const auto question = take_out(id);
  if (!question) return;
  closed_.push_back(*question);
  closed_.back().id.reset();
  ++closed_since_;
  if (closed_.size() > most_closed) forget_closed(SocketName{closed_.front().name});
}

void Sampler::forget_closed(const SocketName& name) {
  if (std::erase_if(closed_, [&](const Question& each) { return each.name == name; }) > 0)
    forget_last(name);
}

void Sampler::forget_last(const SocketName& name) {
  last_.erase(name);
  last_.erase(name.reversed());
}

void Sampler::add(const Question& question) {
  if (full()) return;
  if (std::ranges::find(questions_, question.name, &Question::name) == questions_.end())
    questions_.push_back(question);
}

// The other end of a connection on this machine: traced, not accepted yet, or somebody else's.
void Sampler::add_other_end(const Question& question) {
  if (question.name.kind != DiagKind::tcp || !question.name.has_peer()) return;
  const SocketName other = question.name.reversed();
  if (const auto known = by_name_.find(other); known != by_name_.end())
    return add(open_.at(known->second).question);
  if (const auto known = std::ranges::find(closed_, other, &Question::name); known != closed_.end())
    return add(*known);
  add({other, std::nullopt, 0, question.type});
}

// A socket, and what else is touched when something happens to it.
void Sampler::add_around(SocketId id) {
  const auto at = open_.find(id);
  if (at == open_.end() || !at->second.asked) return;
  const Question& question = at->second.question;
  add(question);
  add_other_end(question);
  if (question.name.kind != DiagKind::tcp) return;
  if (question.name.has_peer())
    add_listening(question.name.peer.port);
  else
    add_waiting(question.name.local.port);
}

void Sampler::add_listening(std::uint16_t port) {
  const auto found = listening_.find(port);
  if (found == listening_.end()) return;
  for (const SocketId id : found->second) add(open_.at(id).question);
}

// The newest callers of a port whose other end nobody has accepted.
void Sampler::add_waiting(std::uint16_t port) {
  const auto found = calling_.find(port);
  if (found == calling_.end()) return;
  for (const SocketId id :
       found->second | std::views::reverse | std::views::take(limits_.sockets)) {
    const Question& caller = open_.at(id).question;
    if (by_name_.contains(caller.name.reversed())) continue;
    add(caller);
    add_other_end(caller);
  }
}

bool Sampler::ask(const Stop& stop) {
  const SocketId of_many = stop.others.empty() ? SocketId{} : stop.others.front();
  if (!budget_.allows(stop.effect, stop.at_entry, stop.about.value_or(of_many), stop.now))
    return false;
  questions_.clear();
  keep_ = false;
  if (const auto at = stop.about ? open_.find(*stop.about) : open_.end();
      at != open_.end() && stop.received)
    keep_ = !std::exchange(at->second.received, true);
  if (stop.about) add_around(*stop.about);
  for (const SocketId id : stop.others) {
    if (full()) break;
    add_around(id);
  }
  add_closed(closed_since_);
  if (questions_.empty()) return false;
  add_all_if_few();
  return put(stop.call, stop.at_entry);
}

// The last ones first.
void Sampler::add_closed(std::size_t newest) {
  for (const Question& each : closed_ | std::views::reverse | std::views::take(newest)) {
    if (full()) break;
    add(each);
    add_other_end(each);
  }
}

// So that one sample shows how everything stands.
void Sampler::add_all_if_few() {
  if (open_.size() * 2 + closed_.size() * 2 > limits_.sockets) return;
  for (const auto& [id, open] : open_) add_around(id);
  add_closed(closed_.size());
}

bool Sampler::ask_after_end() {
  if (closed_since_ == 0) return false;
  questions_.clear();
  add_closed(closed_since_);
  add_all_if_few();
  return put(std::nullopt, false);
}

bool Sampler::put(std::optional<model::CallId> call, bool at_entry) {
  closed_since_ = 0;
  began_ = clock_.now();
  std::vector<SocketName> asked;
  asked.reserve(questions_.size());
  for (const Question& question : questions_) asked.push_back(question.name);
  sample_ = {call, at_entry, began_, {}};
  if (const auto sent = diag_->ask(asked); !sent) {
    if (!std::exchange(told_refused_, true))
      notes_.push_back({"not-sampled", {}, {{"why", sent.error().text()}}});
    return false;
  }
  budget_.spend(clock_.now().ns - began_.ns);
  return true;
}

// What to write of one answer; nothing when there is no such socket and never was.
std::optional<SocketState> Sampler::judge(const Question& question, DiagReply& reply) {
  if (reply.error != 0 && reply.error != ENOENT) return std::nullopt; // not told
  SocketState& state = reply.state;
  const bool other_inode = question.inode != 0 && state.inode != 0 && state.inode != question.inode;
  if (reply.error == 0 && names(question.name, state) && !other_inode) {
    state.socket = question.id;
    state.protocol = protocol_of(question.name.kind);
    if (state.type.empty()) state.type = question.type;
    return std::move(state);
  }
  const auto last = last_.find(question.name);
  if (last == last_.end()) {
    forget_closed(question.name);
    return std::nullopt;
  }
  SocketState none = last->second; // the kernel has it no more
  forget_closed(question.name);
  none.socket = question.id;
  none.state.clear();
  none.recv_queue = none.send_queue = none.timer_ms = none.retransmits = 0;
  none.timer.clear();
  return none;
}

std::optional<Sample> Sampler::take() {
  const Instant began = clock_.now();
  std::vector<DiagReply> replies = diag_->replies();
  bool news = std::exchange(keep_, false);
  for (std::size_t i = 0; i < questions_.size() && i < replies.size(); ++i) {
    auto state = judge(questions_[i], replies[i]);
    if (!state) continue;
    const auto last = last_.find(questions_[i].name);
    news |= last == last_.end() || !alike(last->second, *state);
    if (state->state.empty())
      last_.erase(questions_[i].name);
    else
      last_.insert_or_assign(questions_[i].name, *state);
    sample_.sockets.push_back(std::move(*state));
  }
  budget_.spend(clock_.now().ns - began.ns);
  if (!news || sample_.sockets.empty()) return std::nullopt;
  return std::move(sample_);
}

std::vector<model::Note> Sampler::take_notes() { return std::exchange(notes_, {}); }

} // namespace socktale::recorder
