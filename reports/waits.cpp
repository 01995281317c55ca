#include "reports/waits.hpp"

#include "reports/accept_queues.hpp"
#include "reports/connections.hpp"
#include "reports/in_order.hpp"
#include "reports/payload.hpp"

#include <algorithm>
#include <unordered_map>

namespace socktale::reports {
namespace {

// Something of the other side that makes a socket ready for reading, or a send go on.
struct Release {
  Instant entered;
  const model::Call* by = nullptr; // nullptr: a process ended
  Wait::For until = Wait::For::bytes;
  std::optional<Index> connection;
  Instant at; // when the kernel was done with it
};

// A recv that came to nothing because a signal ended the run, or will be made again.
bool broken_off(const model::Call& call) {
  return !call.outcome || restarts(call) || call.outcome->error_name == "EINTR";
}

// The smallest send buffer that Linux gives is 4608 bytes, see socket(7): less cannot be held up.
constexpr std::uint64_t always_room = 4608;

// A TCP connect that gets no answer asks again after 1 s (TCP_TIMEOUT_INIT), never sooner.
constexpr std::int64_t asked_again = 900'000'000;

Instant by_return(const model::Call* call) { return left_of(*call); }

class Finder {
 public:
  Finder(Story& story, const Chronicle& chronicle)
      : story_(story), chronicle_(chronicle), accept_queues_(*story.trace) {
    for (const model::Event& event : story.trace->events) end_ = std::max(end_, event.at);
    for (const Step& step : story.steps)
      for (const model::Call* call : step.calls) processes_.emplace(call, step.process);
  }

  void run() {
    read_connections();
    read_transfers();
    for (auto& [id, releases] : releases_) put_in_order(releases, &Release::entered);
    for (const model::Call* call : chronicle_.calls) look_at(*call);
    std::ranges::sort(story_.waits, {}, [](const Wait& wait) { return wait.call->id; });
    find_deadlocks();
  }

 private:
  [[nodiscard]] Index process_of(const model::Call& call) const { return processes_.at(&call); }

  void read_connections() {
    for (Index i = 0; i < story_.connections.size(); ++i) {
      const Connection& connection = story_.connections[i];
      for (const auto& end : connection.ends)
        if (end) connection_of_.try_emplace(*end, i);
      if (connection.connect && connection.accept) {
        const Release came = {connection.connect->entered, connection.connect,
                              Wait::For::connection, i, left_of(*connection.connect)};
        by_accept_.emplace(connection.accept, came);
        if (connection.listener) releases_[*connection.listener].push_back(came);
      }
      for (const std::size_t from : {0UZ, 1UZ}) {
        const Ending& ending = connection.endings.at(from);
        if (ending.how == Ended::open || !connection.ends.at(1 - from)) continue;
        releases_[*connection.ends.at(1 - from)].push_back(
            {ending.from, ending.by, Wait::For::ending, i, ending.at});
      }
    }
  }

  void read_transfers() {
    for (const Transfer& transfer : story_.transfers) {
      const Connection& connection = story_.connections[transfer.connection];
      const auto& to = connection.ends.at(1 - transfer.from);
      if (transfer.recv) read_taken(transfer);
      if (transfer.send) ends_at_[transfer.send] = transfer.offset + transfer.length;
      if (!transfer.send || !to) continue;
      auto& releases = releases_[*to];
      if (!releases.empty() && releases.back().by == transfer.send) continue;
      releases.push_back({transfer.send->entered, transfer.send, Wait::For::bytes,
                          transfer.connection, left_of(*transfer.send)});
    }
  }

  void read_taken(const Transfer& transfer) {
    const auto [known, fresh] = first_of_.try_emplace(transfer.recv, &transfer);
    if (!fresh && has_flag(*transfer.recv, "MSG_WAITALL")) known->second = &transfer;
    if (transfer.send) takers_[{transfer.connection, transfer.from}].push_back(&transfer);
  }

  void look_at(const model::Call& call) {
    const auto effect = effect_of(call);
    if (!effect || (call.outcome && call.outcome->left < call.entered)) return;
    using enum tables::Effect;
    if (is_wait(call)) return polled(call);
    if (!call.socket || !story_.sockets.contains(*call.socket)) return;
    if (*effect == accepts) return accepted(call);
    if (*effect == receives) return received(call);
    if (*effect == sends || *effect == moves) return sent(call);
    if (*effect == connects) return connected(call);
  }

  void add(const model::Call& call, const Release& release) {
    // It began to wait before the other side began what let it go on, and that was done in time.
    if (release.entered <= call.entered || release.entered > left_of(call)) return;
    Wait wait;
    wait.call = &call;
    wait.until = release.until;
    wait.released_by = release.by;
    wait.process = process_of(call);
    if (release.by) wait.by_process = process_of(*release.by);
    wait.connection = release.connection;
    wait.ns = between(call.entered, left_of(call));
    story_.waits.push_back(wait);
  }

  void still(const model::Call& call) {
    Wait wait;
    wait.call = &call;
    wait.process = process_of(call);
    wait.ns = between(call.entered, std::max(end_, call.entered));
    if (call.outcome) wait.ns = between(call.entered, call.outcome->left);
    const auto known = call.socket ? connection_of_.find(*call.socket) : connection_of_.end();
    if (known != connection_of_.end()) wait.connection = known->second;
    story_.waits.push_back(wait);
  }

  void accepted(const model::Call& call) {
    if (broken_off(call)) return still(call);
    if (const auto found = by_accept_.find(&call); found != by_accept_.end())
      add(call, found->second);
  }

  // Until the first accept that made room, where the kernel said that there was none.
  void connected(const model::Call& call) {
    if (!call.outcome) return still(call);
    const auto known = connection_of_.find(*call.socket);
    if (known == connection_of_.end() || !succeeded(call)) return;
    const Connection& connection = story_.connections[known->second];
    const Doings* listener = chronicle_.find(connection.listener);
    const bool over_tcp = story_.sockets.at(*call.socket).last->family != "AF_UNIX";
    if (!listener || (over_tcp && between(call.entered, left_of(call)) < asked_again)) return;
    // One that does not have to ask again is held up from the beginning or not at all.
    const Instant until = over_tcp ? left_of(call) : call.entered;
    if (!accept_queues_.full_in(*connection.listener, call.entered, until)) return;
    for (auto at = std::ranges::upper_bound(listener->accepts, call.entered, {}, by_return);
         at != listener->accepts.end(); ++at)
      if (succeeded(**at) && (*at)->entered > call.entered && *at != connection.accept)
        return add(call, {(*at)->entered, *at, Wait::For::queue, known->second, left_of(**at)});
  }

  void received(const model::Call& call) {
    if (broken_off(call)) return still(call);
    if (const auto found = first_of_.find(&call); found != first_of_.end()) {
      const Transfer& transfer = *found->second;
      if (!transfer.send) return;
      return add(call, {transfer.send->entered, transfer.send, Wait::For::bytes,
                        transfer.connection, left_of(*transfer.send)});
    }
    const bool reset = call.outcome->error_name == "ECONNRESET";
    const auto known = connection_of_.find(*call.socket);
    if (known == connection_of_.end() || !(reset || found_the_end(call))) return;
    const Connection& connection = story_.connections[known->second];
    const std::size_t from = connection.ends[0] == call.socket ? 1 : 0;
    const Ending& ending = connection.endings.at(from);
    if (ending.how != Ended::open)
      add(call, {ending.from, ending.by, Wait::For::ending, known->second, ending.at});
  }

  // Of what came to one of the watched sockets meanwhile, the first. Which of them the call then
  // named as ready does not matter to when it returned.
  void polled(const model::Call& call) {
    if (call.outcome && (call.outcome->error != 0 || call.outcome->result <= 0)) {
      if (broken_off(call)) still(call);
      return;
    }
    if (!call.outcome) return still(call);
    const Release* first = nullptr;
    const auto watch = [&](model::SocketId id) {
      const auto found = releases_.find(id);
      if (found == releases_.end()) return;
      const auto after =
          std::ranges::upper_bound(found->second, call.entered, {}, &Release::entered);
      if (after != found->second.end() && (!first || after->entered < first->entered))
        first = &*after;
    };
    if (call.socket) watch(*call.socket);
    for (const model::SocketId id : call.touched) watch(id);
    if (first) add(call, *first);
  }

  // Held up until the other side took bytes that had been sent before.
  void sent(const model::Call& call) {
    const auto known = connection_of_.find(*call.socket);
    if (known == connection_of_.end()) return;
    const Connection& connection = story_.connections[known->second];
    const std::size_t from = connection.ends[0] == call.socket ? 0 : 1;
    if (!call.outcome) return still(call);
    if (connection.kind != Connection::Kind::stream) return;
    const auto takers = takers_.find({known->second, from});
    if (takers == takers_.end()) return;
    made_room(call, takers->second, known->second);
  }

  void made_room(const model::Call& call, const std::vector<const Transfer*>& taken,
                 Index connection) {
    // The last receive that began and ended inside the send; what was not taken before it began.
    const auto after = std::ranges::partition_point(
        taken, [&](const Transfer* each) { return left_of(*each->recv) <= left_of(call); });
    if (after == taken.begin()) return;
    const Transfer& last = **std::prev(after);
    if (last.recv->entered <= call.entered) return;
    const auto first = std::ranges::partition_point(
        taken, [&](const Transfer* each) { return left_of(*each->recv) <= call.entered; });
    const std::uint64_t free_from =
        first == taken.begin() ? 0 : (*std::prev(first))->offset + (*std::prev(first))->length;
    const auto found = ends_at_.find(&call);
    const std::uint64_t end = found != ends_at_.end() ? found->second : 0;
    if (end <= free_from || end - free_from <= always_room) return;
    add(call, {last.recv->entered, last.recv, Wait::For::room, connection, left_of(*last.recv)});
  }

  // Each end's last call on the connection is a receive that got nothing, at the same time, and all
  // that was sent had been taken.
  void find_deadlocks() {
    for (Index i = 0; i < story_.connections.size(); ++i) {
      const Connection& connection = story_.connections[i];
      if (!connection.both()) continue;
      std::array<const model::Call*, 2> calls{};
      bool stuck = true;
      for (const std::size_t end : {0UZ, 1UZ}) {
        calls.at(end) = last_receive(*connection.ends.at(end));
        stuck =
            stuck && calls.at(end) && connection.sent.at(end) == connection.received.at(1 - end);
      }
      if (!stuck) continue;
      if (calls[0]->entered > left_of(*calls[1]) || calls[1]->entered > left_of(*calls[0]))
        continue;
      story_.deadlocks.push_back({i, calls, {process_of(*calls[0]), process_of(*calls[1])}});
    }
  }

  // The receive, or the poll on this socket alone, that the end was in at last. Nothing when it
  // ended its own direction before, or sent something at the same time.
  [[nodiscard]] const model::Call* last_receive(model::SocketId id) const {
    const Doings& doings = *chronicle_.find(id);
    const model::Call* last = nullptr;
    for (const Calls* calls : {&doings.ins, &doings.looks, &doings.polls})
      if (!calls->empty() && (!last || std::pair(left_of(*calls->back()), calls->back()->id) >
                                           std::pair(left_of(*last), last->id)))
        last = calls->back();
    if (!last || !broken_off(*last)) return nullptr;
    if (is_wait(*last) && last->socket != id) return nullptr;
    for (const Calls* calls : {&doings.outs, &doings.shutdowns})
      if (!calls->empty() && left_of(*calls->back()) > last->entered) return nullptr;
    return last;
  }

  Story& story_;
  const Chronicle& chronicle_;
  const AcceptQueues accept_queues_;
  Instant end_;
  std::unordered_map<const model::Call*, Index> processes_;
  std::unordered_map<model::SocketId, std::vector<Release>> releases_;
  std::unordered_map<model::SocketId, Index> connection_of_;
  std::unordered_map<const model::Call*, Release> by_accept_;
  std::unordered_map<const model::Call*, const Transfer*> first_of_;
  std::unordered_map<const model::Call*, std::uint64_t> ends_at_; // of a send, in its stream
  std::map<std::pair<Index, std::size_t>, std::vector<const Transfer*>> takers_;
};

} // namespace

void tell_waits(Story& story, const Chronicle& chronicle) {
  if (story.one_clock) Finder(story, chronicle).run();
}

} // namespace socktale::reports
