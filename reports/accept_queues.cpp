#include "reports/accept_queues.hpp"

#include "reports/in_order.hpp"

#include <algorithm>

namespace socktale::reports {

AcceptQueues::AcceptQueues(const model::Trace& trace) {
  for (const model::Event& event : trace.events) {
    const auto* sample = std::get_if<model::Sample>(&event.body);
    if (!sample) continue;
    for (const model::SocketState& state : sample->sockets)
      if (state.socket && state.state == "LISTEN")
        queues_[*state.socket].push_back({sample->taken, state.recv_queue, state.send_queue});
  }
  for (auto& [id, queue] : queues_) put_in_order(queue, &AcceptQueue::at);
}

const AcceptQueue* AcceptQueues::full_in(model::SocketId listener, Instant from,
                                         Instant until) const {
  const auto found = queues_.find(listener);
  if (found == queues_.end()) return nullptr;
  const std::vector<AcceptQueue>& queue = found->second;
  auto at = std::ranges::upper_bound(queue, from, {}, &AcceptQueue::at);
  if (at != queue.begin()) --at;
  for (; at != queue.end() && at->at <= until; ++at)
    if (at->full()) return &*at;
  return nullptr;
}

} // namespace socktale::reports
