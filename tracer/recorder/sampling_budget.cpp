#include "tracer/recorder/sampling_budget.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace socktale::recorder {
namespace {

using tables::Effect;

enum class When : std::uint8_t { never, within_budget, always };

struct Row {
  Effect effect{};
  When entry = When::never, exit = When::never;
};

// Before a call that may wait the sockets are as it finds them; after a call that changes a
// socket's state they are as it leaves them.
constexpr std::array rows = {
    Row{Effect::binds, When::never, When::always},
    Row{Effect::listens, When::never, When::always},
    Row{Effect::connects, When::always, When::always},
    Row{Effect::accepts, When::within_budget, When::always},
    Row{Effect::shuts_down, When::never, When::always},
    Row{Effect::closes, When::never, When::always},
    Row{Effect::closes_range, When::never, When::always},
    Row{Effect::duplicates, When::never, When::always}, // dup2(2) closes what was there
    Row{Effect::sends, When::never, When::within_budget},
    Row{Effect::receives, When::within_budget, When::within_budget},
    Row{Effect::moves, When::within_budget, When::within_budget},
    Row{Effect::waits_poll, When::within_budget, When::never},
    Row{Effect::waits_select, When::within_budget, When::never},
    Row{Effect::waits_epoll, When::within_budget, When::never},
};

constexpr std::size_t index(Effect effect) { return static_cast<std::size_t>(effect); }
constexpr auto by_effect = [] { // asked for at every stop
  std::array<Row, index(Effect::moves) + 1> all{};
  for (const Row& row : rows) all.at(index(row.effect)) = row;
  return all;
}();

} // namespace

bool SamplingBudget::allows(Effect effect, bool at_entry, model::SocketId socket, Instant now) {
  const Row& row = by_effect.at(index(effect));
  const When when = at_entry ? row.entry : row.exit;
  if (when != When::within_budget) return when == When::always;
  // Both stops of a call count as one, and a call with one stop to sample at counts there.
  const bool last_stop = !at_entry || row.exit != When::within_budget;
  return early(socket, last_stop) ||
         spent_ns_ * 100 <= now.ns * static_cast<std::int64_t>(limits_.percent);
}

// A thousand connections are not looked at call by call: that would take longer than their calls.
bool SamplingBudget::early(model::SocketId socket, bool last_stop) {
  auto at = calls_.find(socket);
  if (at == calls_.end()) {
    if (limits_.first != 0 && sockets_ == limits_.first) return false;
    ++sockets_;
    at = calls_.emplace(socket, 0).first;
  }
  if (at->second == limits_.always) return false;
  if (last_stop) ++at->second;
  return true;
}

} // namespace socktale::recorder
