#include "tracer/cli/patience.hpp"

#include <csignal>

namespace socktale::cli {

Patience::Patience(Session& session, double seconds, double alone)
    : session_(session),
      limit_(seconds),
      alone_(alone),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

void Patience::something_happened() {
  last_ = Steady::now();
  inside_ = session_.recorder().in_flight();
  if (both_ && !told_) {
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
    const bool all_inside = inside_ >= both;
    if (Steady::now() - last_.load() < (all_inside ? limit_ : alone_)) continue;
    both_ = all_inside;
    ended_ = true;
    session_.interrupts().pass_on(SIGTERM);
  }
}

} // namespace socktale::cli
