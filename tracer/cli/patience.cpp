#include "tracer/cli/patience.hpp"

#include <csignal>

namespace socktale::cli {

Patience::Patience(Session& session, double seconds)
    : session_(session),
      limit_(seconds),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

void Patience::something_happened() {
  last_ = Steady::now();
  inside_ = session_.recorder().in_flight();
  if (ended_ && !told_) {
    told_ = true;
    session_.recorder().note({"both-waiting", {}, {}});
  }
}

void Patience::serve(const std::stop_token& stop) {
  constexpr std::size_t both = 2;
  constexpr std::chrono::milliseconds look_every{50};
  std::unique_lock lock(mutex_);
  while (!ended_) {
    over_.wait_for(lock, stop, look_every, [] { return false; });
    if (stop.stop_requested()) return;
    if (inside_ < both || Steady::now() - last_.load() < limit_) continue;
    ended_ = true;
    session_.interrupts().pass_on(SIGTERM);
  }
}

} // namespace socktale::cli
