// How often sampling may happen: at which stops of which calls, and what share of the time it may
// take. Knows no sockets' names and asks nobody.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/model/event.hpp"
#include "tracer/tables/spec.hpp"

#include <cstdint>
#include <unordered_map>

namespace socktale::recorder {

class SamplingBudget {
 public:
  explicit SamplingBudget(const model::Sampling& limits) : limits_(limits) {}

  // Whether to sample at this stop of a call that is about `socket`.
  [[nodiscard]] bool allows(tables::Effect effect, bool at_entry, model::SocketId socket,
                            Instant now);
  // That took so long.
  void spend(std::int64_t ns) { spent_ns_ += ns; }
  void forget(model::SocketId socket) { calls_.erase(socket); }

 private:
  [[nodiscard]] bool early(model::SocketId socket, bool last_stop);

  model::Sampling limits_;
  std::unordered_map<model::SocketId, std::uint32_t> calls_; // of the first sockets, that are early
  std::uint32_t sockets_ = 0;                                // that were ever among them
  std::int64_t spent_ns_ = 0;
};

} // namespace socktale::recorder
