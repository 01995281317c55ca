// How the directions of a connection ended: the second half of connections.hpp.
#include "reports/connections.hpp"
#include "reports/payload.hpp"

#include <algorithm>

namespace socktale::reports {
namespace {

bool ends_sending(const model::Call& call) {
  const model::Field* how = argument(call, "how");
  const auto number = how ? number_of(how->shown()) : std::nullopt;
  return number == 1 || number == 2; // SHUT_WR, SHUT_RDWR
}

Ended way_of_closing(const model::Socket& last) {
  if (last.gone_by == "exit") return Ended::exit;
  return last.gone_by == "exec" ? Ended::exec : Ended::closed;
}

Ending ending_of(const Doings& doings) {
  for (const model::Call* call : doings.shutdowns)
    if (ends_sending(*call)) return {Ended::shutdown, call, call->entered, left_of(*call)};
  const model::Socket& last = *doings.socket->last;
  if (last.gone_by.empty()) return {};
  const model::Call* by = closer_of(doings);
  const Instant seen = doings.gone_at.value_or(at_no_time);
  if (by) return {Ended::closed, by, by->entered, left_of(*by)};
  return {way_of_closing(last), nullptr, seen, seen};
}

// The first receive that found the other side's direction at its end.
const model::Call* end_found(const Doings& doings) {
  const auto found = std::ranges::find_if(
      doings.ins, [](const model::Call* call) { return found_the_end(*call); });
  return found != doings.ins.end() ? *found : nullptr;
}

class Teller {
 public:
  Teller(Story& story, const Chronicle& chronicle) : story_(story), chronicle_(chronicle) {}

  void run() {
    for (Connection& connection : story_.connections) {
      for (const std::size_t end : {0UZ, 1UZ}) tell(connection, end);
      if (connection.kind == Connection::Kind::stream) connection.closed_first = first(connection);
    }
    add_unread();
  }

 private:
  void tell(Connection& connection, std::size_t end) const {
    const Doings* doings = chronicle_.find(connection.ends.at(end));
    if (!doings) return;
    if (!doings->socket->last->gone_by.empty()) connection.closed_by.at(end) = closer_of(*doings);
    if (connection.kind != Connection::Kind::stream) return;
    Ending& ending = connection.endings.at(end);
    ending = ending_of(*doings);
    const bool aborted = doings->aborts && !doings->socket->last->gone_by.empty();
    for (const model::Call* call : doings->resets) {
      // After its own shutdown(2) EPIPE is no news of the other side.
      const bool own = call->outcome->error_name == "EPIPE" && ending.how == Ended::shutdown &&
                       ending.from < call->entered;
      if (!own && !connection.reset_seen.at(end)) connection.reset_seen.at(end) = call;
    }
    if (aborted || connection.reset_seen.at(end)) connection.reset = true;
  }

  // Nobody, where both were at it at the same time and neither had seen the other's end.
  [[nodiscard]] std::optional<std::size_t> first(const Connection& connection) const {
    std::array<bool, 2> saw_end{};
    for (const std::size_t end : {0UZ, 1UZ}) {
      const Doings* doings = chronicle_.find(connection.ends.at(end));
      const model::Call* found = doings ? end_found(*doings) : nullptr;
      const Ending& own = connection.endings.at(end);
      saw_end.at(end) = found && (own.how == Ended::open || left_of(*found) <= own.from);
    }
    if (saw_end[0] != saw_end[1]) return saw_end[0] ? 1 : 0;
    if (!connection.both() || saw_end[0]) return std::nullopt;
    const auto& [a, b] = connection.endings;
    if (a.how == Ended::open && b.how == Ended::open) return std::nullopt;
    if (b.how == Ended::open) return 0;
    if (a.how == Ended::open) return 1;
    if (!story_.one_clock) return std::nullopt;
    if (a.at < b.from) return 0;
    return b.at < a.from ? std::optional<std::size_t>(1) : std::nullopt;
  }

  // Bytes that had surely been sent when the other end was closed, and that it never took.
  void add_unread() {
    for (const Transfer& transfer : story_.transfers) {
      Connection& connection = story_.connections[transfer.connection];
      const std::size_t to = 1 - transfer.from;
      const Ending& ending = connection.endings.at(to);
      if (transfer.recv || !transfer.send || !connection.ends.at(to)) continue;
      if (connection.kind != Connection::Kind::stream || !story_.one_clock) continue;
      const bool closed = ending.how == Ended::closed || ending.how == Ended::exit;
      if (!closed || left_of(*transfer.send) >= ending.from) continue;
      connection.unread.at(to) += transfer.length;
      connection.reset = true;
    }
  }

  Story& story_;
  const Chronicle& chronicle_;
};

} // namespace

const model::Call* closer_of(const Doings& doings) {
  const std::string& by = doings.socket->last->gone_by;
  for (auto call = doings.closes.rbegin(); call != doings.closes.rend(); ++call) {
    const auto effect = effect_of(**call);
    const bool closes = effect == tables::Effect::closes || effect == tables::Effect::closes_range;
    if (by == (closes ? "close" : (*call)->name)) return *call;
  }
  return nullptr;
}

bool found_the_end(const model::Call& call) {
  if (!succeeded(call) || call.outcome->result != 0 || call.name.ends_with("mmsg")) return false;
  for (const char* name : {"len", "count"})
    if (const model::Field* asked = argument(call, name)) return number_of(asked->shown()) != 0;
  return true;
}

void tell_endings(Story& story, const Chronicle& chronicle) { Teller(story, chronicle).run(); }

} // namespace socktale::reports
