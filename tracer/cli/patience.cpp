#include "tracer/cli/patience.hpp"

#include <csignal>

namespace socktale::cli {

Patience::Patience(Session& session, double seconds)
    : session_(session), limit_(seconds), thread_([this] { serve(); }) {}

Patience::~Patience() {
  over_ = true;
  thread_.join();
}

void Patience::something_happened() {
  last_ = Steady::now();
  inside_ = session_.recorder().in_flight();
  if (ended_ && !told_) {
    told_ = true;
    session_.recorder().note({"both-waiting", {}, {}});
  }
}

void Patience::serve() {
  constexpr std::size_t both = 2;
  while (!over_ && !ended_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (inside_ < both || Steady::now() - last_.load() < limit_) continue;
    ended_ = true;
    session_.interrupts().pass_on(SIGTERM);
  }
}

} // namespace socktale::cli
