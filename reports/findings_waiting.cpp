// Waits that nobody ends, or that hold up others. Only what the clock of the trace shows: who
// waited, how long, and what was there to be done meanwhile.
#include "reports/accept_queues.hpp"
#include "reports/connections.hpp"
#include "reports/findings_rules.hpp"
#include "reports/payload.hpp"

#include <algorithm>
#include <map>

namespace socktale::reports::rule {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

// One process with one thread has the socket: nobody else could send on it.
bool alone(const Ground& ground, model::SocketId id, const model::Call& waiting) {
  if (ground.threads_after(waiting.pid, waiting.entered) > 1) return false;
  std::vector<Pid> let_go; // that had it, too
  for (const model::Call* call : ground.about(id))
    if (effect_of(*call) == tables::Effect::closes && call->entered < left_of(waiting))
      let_go.push_back(call->pid);
  const auto may_send = [&](Pid pid) {
    return pid != waiting.pid && std::ranges::find(let_go, pid) == let_go.end();
  };
  const std::vector<Pid> relatives = ground.relatives_of(waiting.pid, waiting.entered);
  const auto& descriptors = ground.story.sockets.at(id).descriptors;
  return std::ranges::none_of(relatives, may_send) &&
         std::ranges::none_of(descriptors,
                              [&](const Descriptor& each) { return may_send(each.pid); });
}

const model::Call* last_send_before(const Ground& ground, model::SocketId id,
                                    const model::Call& waiting) {
  const model::Call* last = nullptr;
  for (const model::Call* call : ground.about(id)) {
    if (call->id >= waiting.id) break;
    if (direction_of(*call) == Direction::out && succeeded(*call)) last = call;
  }
  return last;
}

struct Stuck {
  Deadlock deadlock;
  const model::Call* empty = nullptr; // the send of no bytes that one of them takes for a message
};

bool broken_off(const model::Call& call) {
  return !call.outcome || restarts(call) || failed_with(call, "EINTR");
}

// The receive that an end was in at last, having nothing to send any more.
const model::Call* last_receive(const Ground& ground, model::SocketId id) {
  const model::Call* last = nullptr;
  for (const model::Call* call : ground.about(id))
    if (direction_of(*call) != Direction::neither) last = call;
  return last && direction_of(*last) == Direction::in ? last : nullptr;
}

// Ended from outside, two that wait for each other end one after the other, and the second one may
// yet see that the first has gone.
std::optional<Deadlock> ended_one_by_one(const Ground& ground, Index index) {
  const Connection& connection = ground.story.connections[index];
  if (!connection.both() || !ground.story.one_clock) return std::nullopt;
  Deadlock out{index, {}};
  for (const std::size_t end : {0UZ, 1UZ}) {
    out.calls.at(end) = last_receive(ground, *connection.ends.at(end));
    if (!out.calls.at(end)) return std::nullopt;
    if (connection.sent.at(end) != connection.received.at(1 - end)) return std::nullopt;
  }
  const std::size_t first = broken_off(*out.calls[0]) ? 0 : 1;
  const model::Call& stopped = *out.calls.at(first);
  const model::Call& told = *out.calls.at(1 - first);
  const bool gone = found_the_end(told) || failed_with(told, "ECONNRESET");
  if (!broken_off(stopped) || !gone || !ground.was_stopped(stopped.pid)) return std::nullopt;
  if (told.entered >= left_of(stopped) || left_of(told) < left_of(stopped)) return std::nullopt;
  return out;
}

std::vector<Deadlock> deadlocks(const Ground& ground) {
  // Who else could send is looked for among all processes, each time.
  constexpr std::size_t most_looked_at = 100;
  std::vector<Deadlock> out = ground.story.deadlocks;
  for (Index i = 0; i < ground.story.connections.size() && out.size() < most_looked_at; ++i)
    if (const auto found = ended_one_by_one(ground, i)) out.push_back(*found);
  if (out.size() > most_looked_at) out.resize(most_looked_at);
  return out;
}

std::vector<Stuck> stuck(const Ground& ground) {
  std::vector<Stuck> out;
  for (const Deadlock& deadlock : deadlocks(ground)) {
    const Connection& connection = ground.story.connections[deadlock.connection];
    Stuck each{deadlock, nullptr};
    bool certain = connection.kind == Connection::Kind::stream;
    for (const std::size_t end : {0UZ, 1UZ}) {
      const model::Call& waiting = *deadlock.calls.at(end);
      const model::SocketId id = *connection.ends.at(end);
      certain = certain && ground.written(waiting) && alone(ground, id, waiting);
      const model::Call* sent = last_send_before(ground, id, waiting);
      if (sent && carried(*sent) == 0 && ground.written(*sent)) each.empty = sent;
    }
    if (certain) out.push_back(each);
  }
  return out;
}

// A thread that goes round a loop of waiting for any of several sockets.
struct Loop {
  Calls waits; // in the order in which they were entered
};

bool watches_another(const model::Call& wait, const model::Call& than) {
  const auto other = [&](model::SocketId id) { return id != than.socket; };
  return (wait.socket && other(*wait.socket)) || std::ranges::any_of(wait.touched, other);
}

std::map<Tid, Loop> loops_of(const Ground& ground) {
  std::map<Tid, Loop> loops;
  for (const Step& step : ground.story.steps)
    for (const model::Call* call : step.calls) {
      const std::size_t watched = call->touched.size() + (call->socket ? 1 : 0);
      if (is_wait(*call) && watched >= 2) loops[call->tid].waits.push_back(call);
    }
  for (auto& [tid, loop] : loops) std::ranges::sort(loop.waits, {}, &model::Call::id);
  return loops;
}

// The queue of connections that are made and not accepted, of each listening socket over time: as
// the kernel said where it was asked, otherwise counted from the calls.
class Queues {
 public:
  explicit Queues(const Ground& ground) : sampled_(*ground.story.trace) {
    for (const auto& [id, socket] : ground.story.sockets) {
      const Doings* doings = ground.chronicle.find(id);
      if (!doings || doings->listens.empty() || !socket.last->local) continue;
      by_address_[address_key(*socket.last->local)].push_back(id);
      by_address_[any_host(*socket.last->local)].push_back(id);
    }
    for (const auto& [id, socket] : ground.story.sockets) {
      const Doings* doings = ground.chronicle.find(id);
      if (!doings) continue;
      for (const model::Call* accept : doings->accepts)
        if (succeeded(*accept)) queues_[id].accepted.push_back(left_of(*accept));
      for (const model::Call* connect : doings->connects) add(ground, *connect);
    }
    for (auto& [id, queue] : queues_) {
      std::ranges::sort(queue.made);
      std::ranges::sort(queue.accepted);
    }
  }

  // Who listens at that address of a connect, if it is one socket.
  [[nodiscard]] std::optional<model::SocketId> listener_at(const std::string& address) const {
    auto found = by_address_.find(address);
    if (found == by_address_.end()) found = by_address_.find(port_key(address));
    if (found == by_address_.end() || found->second.size() != 1) return std::nullopt;
    return found->second.front();
  }

  struct Full {
    std::int64_t length, limit;
  };
  // Why a connect that was made then had to wait; nothing when there was room.
  [[nodiscard]] std::optional<Full> full(model::SocketId listener, Instant from, Instant until,
                                         const model::Call& listen) const {
    if (sampled_.knows(listener)) {
      const AcceptQueue* queue = sampled_.full_in(listener, from, until);
      return queue ? std::optional(Full{queue->length, queue->limit}) : std::nullopt;
    }
    const auto limit = number_argument(listen, "backlog");
    const std::int64_t length = counted(listener, from);
    // Linux lets one more in than listen(2) was told.
    if (!limit || *limit < 0 || length <= *limit) return std::nullopt;
    return Full{length, *limit};
  }

 private:
  [[nodiscard]] std::int64_t counted(model::SocketId listener, Instant at) const {
    const auto found = queues_.find(listener);
    if (found == queues_.end()) return 0;
    const auto until = [at](const std::vector<Instant>& times) {
      return std::ranges::upper_bound(times, at) - times.begin();
    };
    return until(found->second.made) - until(found->second.accepted);
  }

  struct Queue {
    std::vector<Instant> made, accepted;
  };

  static std::string any_host(const model::Endpoint& local) {
    const bool any = local.host == "0.0.0.0" || local.host == "::";
    return any ? port_key(address_key(local)) : "";
  }
  // A connection that came to be, at once or, of a non-blocking socket, when a poll said so.
  void add(const Ground& ground, const model::Call& connect) {
    const model::Call* known = &connect;
    if (failed_with(connect, "EINPROGRESS")) {
      known = ground.next_about(connect);
      if (!known || !is_wait(*known) || !known->outcome || known->outcome->result <= 0) return;
    }
    if (!succeeded(*known)) return;
    const auto address = address_in(connect);
    const auto listener = address ? listener_at(*address) : std::nullopt;
    if (listener) queues_[*listener].made.push_back(left_of(*known));
  }

  std::map<std::string, std::vector<model::SocketId>> by_address_;
  std::map<model::SocketId, Queue> queues_;
  AcceptQueues sampled_;
};

// How long the program waited for a connection that did not come, or came a second late and more:
// the kernel asks again after one second.
std::int64_t held_up(const Ground& ground, const Doings& doings, const model::Call& connect) {
  constexpr std::int64_t asked_again = 900 * millisecond;
  Instant until = left_of(connect);
  if (!connect.outcome) until = ground.end;
  if (failed_with(connect, "EINPROGRESS")) {
    // Non-blocking: its poll came back with nothing, and no bytes ever passed.
    if (!doings.outs.empty() || !doings.ins.empty()) return 0;
    const model::Call* poll = ground.next_about(connect);
    if (!poll || !is_wait(*poll) || !poll->outcome || poll->outcome->result != 0) return 0;
    until = left_of(*poll);
    return between(connect.entered, until);
  }
  const bool came = succeeded(connect) || failed_with(connect, "ETIMEDOUT") || !connect.outcome ||
                    failed_with(connect, "EINTR") || restarts(connect);
  const std::int64_t ns = between(connect.entered, until);
  return came && ns >= asked_again ? ns : 0;
}

} // namespace

// An empty line: nothing at all goes out, and each side takes it to be the other's turn.
Cases empty_message(const Ground& ground) {
  Cases cases;
  for (const Stuck& each : stuck(ground))
    if (each.empty)
      cases.push_back({each.empty, {each.deadlock.calls[0], each.deadlock.calls[1]}, {}});
  return cases;
}

Cases both_waiting(const Ground& ground) {
  Cases cases;
  for (const Stuck& each : stuck(ground))
    if (!each.empty) cases.push_back({each.deadlock.calls[0], {each.deadlock.calls[1]}, {}});
  return cases;
}

Cases blocking_in_loop(const Ground& ground) {
  constexpr std::int64_t long_enough = 20 * millisecond;
  Cases cases;
  const std::map<Tid, Loop> loops = loops_of(ground);
  for (const Wait& wait : ground.story.waits) {
    const model::Call& call = *wait.call;
    const auto found = loops.find(call.tid);
    if (found == loops.end() || is_wait(call) || wait.ns < long_enough) continue;
    if (!ground.written(call)) continue;
    // The loop went round before, and was to go round again.
    const Calls& waits = found->second.waits;
    const auto after = std::ranges::upper_bound(waits, call.id, {}, &model::Call::id);
    if (after == waits.begin() || !watches_another(**std::prev(after), call)) continue;
    Case blocked{
        &call, {*std::prev(after)}, {{"ms", wait.ns / millisecond}, {"call", call.name.text()}}};
    if (after != waits.end())
      blocked.evidence.push_back(*after);
    else if (call.outcome)
      continue;
    cases.push_back(std::move(blocked));
  }
  return cases;
}

Cases full_backlog(const Ground& ground) {
  Cases cases;
  if (!ground.story.one_clock) return cases;
  const Queues queues(ground);
  for (const auto& [id, socket] : ground.story.sockets) {
    const Doings* doings = ground.chronicle.find(id);
    if (!doings) continue;
    for (const model::Call* connect : doings->connects) {
      const std::int64_t waited = held_up(ground, *doings, *connect);
      const auto address = waited > 0 ? address_in(*connect) : std::nullopt;
      if (!address || !ground.written(*connect)) continue;
      const auto listener = queues.listener_at(*address);
      if (!listener) continue;
      const model::Call& listen = *ground.chronicle.find(listener)->listens.back();
      const auto full =
          queues.full(*listener, connect->entered, {connect->entered.ns + waited}, listen);
      if (!full) continue;
      cases.push_back({&listen,
                       {connect},
                       {{"limit", full->limit},
                        {"length", full->length},
                        {"address", *address},
                        {"ms", waited / millisecond}}});
    }
  }
  return cases;
}

} // namespace socktale::reports::rule
