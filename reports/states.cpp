#include "reports/states.hpp"

#include "reports/connections.hpp"
#include "reports/in_order.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace socktale::reports {
namespace {

using Known = StateChange::Known;
using enum TcpState;

constexpr std::array<std::string_view, 11> state_names = {
    "CLOSED",    "LISTEN",     "SYN_SENT", "SYN_RECV",  "ESTABLISHED", "FIN_WAIT1",
    "FIN_WAIT2", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSING"};
constexpr std::array<std::string_view, 3> known_names = {"inferred", "passed", "sampled"};

bool is_tcp(const model::Socket& socket) {
  return socket.type == "SOCK_STREAM" &&
         (socket.family == "AF_INET" || socket.family == "AF_INET6");
}

class Teller {
 public:
  Teller(Story& story, const Chronicle& chronicle) : story_(story), chronicle_(chronicle) {
    for (const model::Event& event : story.trace->events)
      if (const auto* sample = std::get_if<model::Sample>(&event.body))
        for (const model::SocketState& socket : sample->sockets)
          if (socket.socket && socket.state == state_name(fin_wait1))
            unacknowledged_[*socket.socket] = sample->taken; // the last one stays
  }

  void run() {
    for (const auto& [id, socket] : story_.sockets)
      if (is_tcp(*socket.last)) begin(id, *chronicle_.find(id));
    for (const Connection& connection : story_.connections) {
      const auto& some = connection.ends[0] ? connection.ends[0] : connection.ends[1];
      if (!some || !is_tcp(*story_.sockets.at(*some).last)) continue;
      open(connection);
      end(connection);
    }
    for (auto& [id, changes] : story_.states) put_in_order(changes, &StateChange::at);
  }

 private:
  void tell(std::optional<model::SocketId> id, TcpState state, Known known, Instant at,
            const model::Call* by) {
    if (id) story_.states[*id].push_back({state, known, at, by});
  }

  // What a socket's own calls say, whether or not it has ever been connected.
  void begin(model::SocketId id, const Doings& doings) {
    for (const model::Call* call : doings.made)
      if (effect_of(*call) == tables::Effect::creates)
        tell(id, closed, Known::inferred, left_of(*call), call);
    if (!doings.listens.empty()) {
      const model::Call* listened = doings.listens.front();
      tell(id, listen, Known::inferred, left_of(*listened), listened);
      if (doings.gone_at) tell(id, closed, Known::inferred, *doings.gone_at, closer_of(doings));
    }
    for (const model::Call* call : doings.connects) {
      if (succeeded(*call)) continue; // open() tells
      const std::string error = call->outcome ? call->outcome->error_name : "";
      if (error == "EISCONN" || error == "EALREADY" || error == "EINVAL") continue;
      tell(id, syn_sent, error == "ECONNREFUSED" ? Known::passed : Known::inferred, call->entered,
           call);
      const bool goes_on =
          !call->outcome || error == "EINPROGRESS" || error == "EINTR" || restarts(*call);
      if (!goes_on) tell(id, closed, Known::inferred, left_of(*call), call);
    }
  }

  void open(const Connection& connection) {
    const auto& [active, passive] = connection.ends;
    const model::Call* connect = connection.connect;
    const bool at_once = connect && succeeded(*connect);
    const Instant at = connection.established.value_or(Instant{});
    if (at_once) tell(active, syn_sent, Known::passed, connect->entered, connect);
    if (connection.established) {
      tell(active, established, Known::inferred, at, connect ? connect : connection.accept);
      if (connect) tell(passive, syn_recv, Known::passed, std::min(connect->entered, at), connect);
      tell(passive, established, Known::inferred, at,
           connection.accept ? connection.accept : connect);
    }
  }

  void end(const Connection& connection) {
    if (connection.reset) return end_by_reset(connection);
    if (!connection.closed_first) return end_alike(connection);
    const std::size_t first = *connection.closed_first;
    const Ending& began = connection.endings.at(first);
    const Ending& followed = connection.endings.at(1 - first);
    const auto& active = connection.ends.at(first);
    const auto& passive = connection.ends.at(1 - first);
    // No later than the other end learnt of it, although the call may return later still.
    const Instant at =
        std::min(began.how != Ended::open ? began.at : at_no_time, end_seen(connection, 1 - first));
    tell(active, fin_wait1, Known::passed, began.from, began.by);
    // The other kernel acknowledges by itself, unless the other machine is gone; a little later
    // while the socket is busy there, as a sample may show.
    const bool later = active && unacknowledged_.contains(*active);
    const Instant acknowledged =
        later ? std::max(at, Instant{unacknowledged_.at(*active).ns + 1}) : at;
    tell(active, fin_wait2, acknowledged == at ? Known::inferred : Known::passed, acknowledged,
         began.by);
    tell(passive, close_wait, Known::inferred, at, began.by);
    if (followed.how == Ended::open) return;
    tell(passive, last_ack, Known::passed, std::max(at, followed.from), followed.by);
    tell(passive, closed, Known::inferred, std::max(at, followed.at), followed.by);
    tell(active, time_wait, Known::inferred, std::max(acknowledged, followed.at), followed.by);
  }

  // Who was first is not known: both began to close, and how that went on was not to be seen.
  void end_alike(const Connection& connection) {
    for (const std::size_t each : {0UZ, 1UZ}) {
      const Ending& ending = connection.endings.at(each);
      if (ending.how != Ended::open)
        tell(connection.ends.at(each), fin_wait1, Known::inferred, ending.at, ending.by);
    }
  }

  void end_by_reset(const Connection& connection) {
    for (const std::size_t each : {0UZ, 1UZ}) {
      const Ending& ending = connection.endings.at(each);
      const model::Call* seen = connection.reset_seen.at(each);
      const Ending& other = connection.endings.at(1 - each);
      if (seen)
        tell(connection.ends.at(each), closed, Known::inferred, left_of(*seen), seen);
      else if (ending.how != Ended::open)
        tell(connection.ends.at(each), closed, Known::inferred, ending.at, ending.by);
      else if (other.how != Ended::open)
        tell(connection.ends.at(each), closed, Known::inferred, other.at, other.by);
    }
  }

  // When an end learnt that the other had ended.
  [[nodiscard]] Instant end_seen(const Connection& connection, std::size_t end) const {
    if (const Doings* doings = chronicle_.find(connection.ends.at(end)))
      for (const model::Call* call : doings->ins)
        if (found_the_end(*call)) return left_of(*call);
    return at_no_time;
  }

  Story& story_;
  const Chronicle& chronicle_;
  std::map<model::SocketId, Instant> unacknowledged_; // when last sampled in FIN_WAIT1
};

} // namespace

void tell_states(Story& story, const Chronicle& chronicle) { Teller(story, chronicle).run(); }

std::string_view state_name(TcpState state) {
  return state_names.at(static_cast<std::size_t>(state));
}
std::string_view known_name(StateChange::Known known) {
  return known_names.at(static_cast<std::size_t>(known));
}

} // namespace socktale::reports
