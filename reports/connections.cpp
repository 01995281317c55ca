#include "reports/connections.hpp"

#include "reports/in_order.hpp"
#include "reports/payload.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <string>
#include <unordered_set>

namespace socktale::reports {
namespace {

bool is_stream(const model::Socket& socket) {
  const bool type = socket.type == "SOCK_STREAM" || socket.type == "SOCK_SEQPACKET";
  return type &&
         (socket.family == "AF_INET" || socket.family == "AF_INET6" || socket.family == "AF_UNIX");
}

// The call that connected, or began to.
const model::Call* connect_of(const Doings& doings) {
  for (const model::Call* call : doings.connects) {
    if (!call->outcome || call->outcome->error == 0) return call;
    const std::string& error = call->outcome->error_name;
    if (error == "EINPROGRESS" || error == "EINTR" || restarts(*call)) return call;
  }
  return nullptr;
}

const model::Call* accept_of(const Doings& doings) {
  for (const model::Call* call : doings.made)
    if (effect_of(*call) == tables::Effect::accepts) return call;
  return nullptr;
}

bool carries(const Doings& doings) {
  const auto moved = [](const model::Call* call) { return carried(*call) > 0; };
  return std::ranges::any_of(doings.outs, moved) || std::ranges::any_of(doings.ins, moved);
}

// connect(2) to "any" reaches this machine.
std::string reached(const model::Endpoint& endpoint) {
  model::Endpoint out = endpoint;
  if (out.host == "0.0.0.0") out.host = "127.0.0.1";
  if (out.host == "::") out.host = "::1";
  return address_key(out);
}

std::string key_of(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() ? "" : one + " " + other;
}

struct Caller {
  model::SocketId id;
  const Doings* doings;
  const model::Call* connect;
  bool taken = false;
};

struct Arrival {
  model::SocketId id;
  const Doings* doings;
  const model::Call* accept;
  const Doings* listener; // nullptr: not told about
};

// The first bytes that one end sent are not those that the other received.
bool contradict(const Doings& sender, const Doings& receiver) {
  if (sender.outs.empty() || receiver.ins.empty()) return false;
  if (has_flag(*sender.outs[0], "MSG_OOB") || has_flag(*receiver.ins[0], "MSG_OOB")) return false;
  const auto sent = messages_of(*sender.outs[0]);
  const auto got = messages_of(*receiver.ins[0]);
  return !sent.empty() && !got.empty() && differ(sent[0].kept, 0, got[0].kept, 0, UINT64_MAX);
}

class Pairer {
 public:
  Pairer(Story& story, const Chronicle& chronicle) : story_(story), chronicle_(chronicle) {
    for (const model::Event& event : story.trace->events)
      if (const auto* sample = std::get_if<model::Sample>(&event.body))
        for (const model::SocketState& state : sample->sockets)
          if (state.socket && state.peer_inode != 0) peer_inode_[*state.socket] = state.peer_inode;
  }

  void run() {
    for (const auto& [id, socket] : story_.sockets) sort_in(id, socket);
    put_in_order(callers_, [](const Caller& caller) {
      return std::pair(left_of(*caller.connect), caller.connect->id);
    });
    put_in_order(arrivals_, [](const Arrival& arrival) {
      return std::pair(left_of(*arrival.accept), arrival.accept->id);
    });
    queue_callers();
    for (const Arrival& arrival : arrivals_) take_in(arrival);
    for (const model::SocketId id : std::views::reverse(strangers_))
      if (const std::string key = mirrored(id); !key.empty()) strangers_by_key_[key].push_back(id);
    for (const Caller& caller : callers_)
      if (!caller.taken && is_connected(caller)) alone(caller);
    pair_strangers();
    put_in_order(story_.connections, [](const Connection& connection) {
      return connection.established.value_or(at_no_time);
    });
    for (const Connection& connection : story_.connections) name_other_ends(connection);
  }

 private:
  void sort_in(model::SocketId id, const SocketStory& socket) {
    const Doings* doings = chronicle_.find(id);
    const model::Socket& last = *socket.last;
    if (last.origin == "socketpair") return add_socketpair(id, last, *doings);
    if (!is_stream(last)) return;
    if (last.role == "listening" || !doings->listens.empty()) return add_listener(id, last);
    if (const model::Call* accept = accept_of(*doings))
      arrivals_.push_back({id, doings, accept, chronicle_.find(last.parent)});
    else if (const model::Call* connect = connect_of(*doings))
      callers_.push_back({id, doings, connect});
    else if (last.role == "connected")
      strangers_.push_back(id);
  }

  void add_socketpair(model::SocketId id, const model::Socket& last, const Doings& doings) {
    const Doings* other = chronicle_.find(last.parent);
    const bool mutual = other && other->socket->last->parent == id && last.parent != id;
    if (mutual && id > *last.parent) return; // told with the other one
    Connection connection;
    connection.kind =
        last.type == "SOCK_DGRAM" ? Connection::Kind::datagram : Connection::Kind::stream;
    connection.ends[0] = id;
    if (mutual) connection.ends[1] = last.parent;
    if (!doings.made.empty()) {
      connection.connect = doings.made[0];
      connection.established = left_of(*doings.made[0]);
    }
    story_.connections.push_back(connection);
  }

  void add_listener(model::SocketId id, const model::Socket& last) {
    if (last.local && last.local->family == "AF_UNIX")
      by_path_[address_key(*last.local)].push_back(id);
  }

  // Inet clients wait under the two addresses, unix clients in the queue of the listening socket.
  void queue_callers() {
    for (std::size_t i = 0; i < callers_.size(); ++i) {
      const model::Socket& last = *callers_[i].doings->socket->last;
      if (!last.peer) continue;
      if (last.family != "AF_UNIX") {
        const std::string local = last.local ? address_key(*last.local) : "";
        queues_[key_of(local, reached(*last.peer))].callers.push_back(i);
      } else if (const auto listener = listener_at(*last.peer, *callers_[i].connect)) {
        unix_queues_[*listener].callers.push_back(i);
      }
    }
    queues_.erase("");
  }

  // The last one that listened there by then: a path is used again.
  [[nodiscard]] std::optional<model::SocketId> listener_at(const model::Endpoint& path,
                                                           const model::Call& connect) const {
    const auto found = by_path_.find(address_key(path));
    if (found == by_path_.end()) return std::nullopt;
    const std::vector<model::SocketId>& listeners = found->second;
    if (!one_clock_) return listeners.back();
    // Socket ids rise with time, and so do the beginnings of those that listen on one path.
    const auto after = std::ranges::partition_point(listeners, [&](model::SocketId id) {
      const Doings* doings = chronicle_.find(id);
      return doings->listens.empty() || doings->listens[0]->entered <= left_of(connect);
    });
    return after == listeners.begin() ? listeners.front() : *std::prev(after);
  }

  struct Queue {
    std::vector<std::size_t> callers;
    std::size_t head = 0;   // those before it are done with
    std::size_t passed = 0; // how often the head was passed over
  };

  void take_in(const Arrival& arrival) {
    const model::Socket& last = *arrival.doings->socket->last;
    Queue* queue = nullptr;
    if (last.family == "AF_UNIX") {
      const auto found = last.parent ? unix_queues_.find(*last.parent) : unix_queues_.end();
      if (found != unix_queues_.end()) queue = &found->second;
    } else if (last.local && last.peer) {
      const auto found = queues_.find(key_of(address_key(*last.peer), reached(*last.local)));
      if (found != queues_.end()) queue = &found->second;
    }
    Caller* caller = queue ? choose(*queue, arrival) : nullptr;
    if (caller) caller->taken = true;
    add(caller, &arrival);
  }

  // Whose connection this accept took: the one that the kernel said, where it was asked; otherwise
  // the queue is first in, first out. Of connects that were under way at the same time the order is
  // not knowable from the calls: what was sent rules out some.
  Caller* choose(Queue& queue, const Arrival& arrival) {
    constexpr std::size_t most_tried = 64;
    if (queue.passed > most_tried) ++queue.head, queue.passed = 0;
    while (queue.head < queue.callers.size()) {
      const Caller& head = callers_[queue.callers[queue.head]];
      if (!head.taken && !too_early(head, arrival)) break;
      ++queue.head;
      queue.passed = 0;
    }
    const std::size_t end = std::min(queue.callers.size(), queue.head + most_tried);
    std::size_t best = end;
    for (std::size_t i = queue.head; i < end; ++i) {
      const Caller& caller = callers_[queue.callers[i]];
      const bool late = one_clock_ && caller.connect->entered > left_of(*arrival.accept);
      if (caller.taken || late) continue;
      const std::optional<bool> told = told_pair(caller.id, arrival.id);
      if (told.value_or(best == end && fits(caller, arrival))) best = i;
      if (told.value_or(false)) break;
    }
    if (best == end) return nullptr;
    if (best != queue.head) ++queue.passed;
    return &callers_[queue.callers[best]];
  }

  // Whether the kernel said of two AF_UNIX sockets that they are the ends of one connection;
  // nothing when it was not asked.
  [[nodiscard]] std::optional<bool> told_pair(model::SocketId one, model::SocketId other) const {
    for (const auto& [here, there] : {std::pair(one, other), std::pair(other, one)}) {
      const auto told = peer_inode_.find(here);
      const std::uint64_t inode = story_.sockets.at(there).last->inode;
      if (told != peer_inode_.end() && inode != 0) return told->second == inode;
    }
    return std::nullopt;
  }

  // It connected to a socket that listened here before.
  [[nodiscard]] bool too_early(const Caller& caller, const Arrival& arrival) const {
    return one_clock_ && arrival.listener && !arrival.listener->listens.empty() &&
           left_of(*caller.connect) < arrival.listener->listens[0]->entered;
  }

  static bool fits(const Caller& caller, const Arrival& arrival) {
    const auto& bound = caller.doings->socket->last->local;
    const auto& seen = arrival.doings->socket->last->peer;
    if (bound && seen && address_key(*bound) != address_key(*seen)) return false;
    // Two whole addresses are proof enough; in a queue of clients without a name the order is all.
    if (caller.doings->socket->last->family != "AF_UNIX") return true;
    return !contradict(*caller.doings, *arrival.doings) &&
           !contradict(*arrival.doings, *caller.doings);
  }

  static bool is_connected(const Caller& caller) {
    return caller.doings->socket->last->role == "connected" || succeeded(*caller.connect) ||
           carries(*caller.doings);
  }

  void alone(const Caller& caller) {
    const model::Socket& last = *caller.doings->socket->last;
    const std::string local = last.local ? address_key(*last.local) : "";
    const std::string peer = last.peer ? reached(*last.peer) : "";
    const std::string key = key_of(local, peer);
    const auto stranger = key.empty() ? std::nullopt : stranger_by_key(key);
    add(&caller, nullptr);
    story_.connections.back().ends[1] = stranger;
    if (stranger) met_.insert(*stranger);
  }

  // A socket that was connected before anybody looked, with these two addresses seen from its side.
  [[nodiscard]] std::optional<model::SocketId> stranger_by_key(const std::string& key) {
    const auto found = strangers_by_key_.find(key);
    if (found == strangers_by_key_.end()) return std::nullopt;
    std::vector<model::SocketId>& waiting = found->second; // the last one is the first to be met
    while (!waiting.empty() && met_.contains(waiting.back())) waiting.pop_back();
    return waiting.empty() ? std::nullopt : std::optional(waiting.back());
  }

  [[nodiscard]] std::string mirrored(model::SocketId id) const {
    const model::Socket& last = *story_.sockets.at(id).last;
    if (!last.local || !last.peer) return "";
    return key_of(reached(*last.peer), reached(*last.local));
  }

  void pair_strangers() {
    for (const model::SocketId id : strangers_) {
      if (!met_.insert(id).second) continue;
      const model::Socket& last = *story_.sockets.at(id).last;
      Connection connection;
      connection.ends[0] = id;
      connection.addresses = {last.local, last.peer};
      if (last.local && last.peer) {
        const std::string key = key_of(reached(*last.local), reached(*last.peer));
        connection.ends[1] = key.empty() ? std::nullopt : stranger_by_key(key);
        if (connection.ends[1]) met_.insert(*connection.ends[1]);
      }
      story_.connections.push_back(connection);
    }
  }

  void add(const Caller* caller, const Arrival* arrival) {
    Connection connection;
    if (caller) {
      const model::Socket& last = *caller->doings->socket->last;
      connection.ends[0] = caller->id;
      connection.connect = caller->connect;
      connection.addresses = {last.local, last.peer};
      if (succeeded(*caller->connect)) connection.established = left_of(*caller->connect);
    }
    if (arrival) {
      const model::Socket& last = *arrival->doings->socket->last;
      connection.ends[1] = arrival->id;
      connection.accept = arrival->accept;
      if (arrival->listener) connection.listener = last.parent;
      if (!connection.addresses[0]) connection.addresses[0] = last.peer;
      if (last.local) connection.addresses[1] = last.local;
      const Instant left = left_of(*arrival->accept);
      connection.established = std::min(connection.established.value_or(at_no_time), left);
    }
    if (!connection.established && caller) connection.established = first_carried(*caller->doings);
    story_.connections.push_back(connection);
  }

  static std::optional<Instant> first_carried(const Doings& doings) {
    Instant first = at_no_time;
    for (const Calls* calls : {&doings.outs, &doings.ins})
      if (!calls->empty()) first = std::min(first, left_of(*calls->front()));
    return first == at_no_time ? std::nullopt : std::optional(first);
  }

  void name_other_ends(const Connection& connection) {
    if (!connection.both()) return;
    for (const std::size_t end : {0UZ, 1UZ})
      story_.sockets.at(*connection.ends.at(end)).other_end = connection.ends.at(1 - end);
  }

  Story& story_;
  const Chronicle& chronicle_;
  const bool one_clock_ = story_.one_clock;
  std::vector<Caller> callers_;
  std::vector<Arrival> arrivals_;
  std::vector<model::SocketId> strangers_;
  std::unordered_set<model::SocketId> met_;
  std::map<std::string, std::vector<model::SocketId>> strangers_by_key_;
  std::map<std::string, std::vector<model::SocketId>> by_path_; // unix sockets that listen
  std::map<std::string, Queue> queues_;
  std::map<model::SocketId, Queue> unix_queues_;
  std::map<model::SocketId, std::uint64_t> peer_inode_; // of AF_UNIX, as sampled
};

} // namespace

void pair_streams(Story& story, const Chronicle& chronicle) { Pairer(story, chronicle).run(); }

} // namespace socktale::reports
