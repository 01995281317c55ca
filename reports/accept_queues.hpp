// How many connections the kernel said were waiting to be accepted, over time. What was sampled
// alone; who waited because of it is told elsewhere.
#pragma once

#include "tracer/model/trace.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace socktale::reports {

// Of a listening socket at a moment. The kernel gives both in the place of a connection's queues,
// see ss(8).
struct AcceptQueue {
  Instant at;
  std::uint32_t length = 0; // Recv-Q
  std::uint32_t limit = 0;  // Send-Q
  // Linux lets one more in than listen(2) was told: sk_acceptq_is_full() asks for more.
  [[nodiscard]] bool full() const { return length > limit; }
};

class AcceptQueues {
 public:
  // Linear in the number of events.
  explicit AcceptQueues(const model::Trace& trace);

  [[nodiscard]] bool knows(model::SocketId listener) const { return queues_.contains(listener); }
  // Full when that span began, as far as was sampled by then, or at a sample in it; nullptr: not.
  [[nodiscard]] const AcceptQueue* full_in(model::SocketId listener, Instant from,
                                           Instant until) const;

 private:
  std::unordered_map<model::SocketId, std::vector<AcceptQueue>> queues_; // each in order of time
};

} // namespace socktale::reports
