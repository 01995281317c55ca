// Ends programs that wait for each other for ever: nothing happens for a while, and each of them is
// inside a call. Ends one that computes or waits alone only when told when that is too long.
#pragma once

#include "tracer/cli/session.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

namespace socktale::cli {

class Patience {
 public:
  // `alone`: seconds of silence after which the programs are ended whatever they do; infinite:
  // never.
  Patience(Session& session, double seconds,
           double alone = std::numeric_limits<double>::infinity());
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;
  ~Patience() = default;

  // To be called by the tracing thread after each thing that happened.
  void something_happened();
  [[nodiscard]] bool ended_them() const { return ended_; }
  [[nodiscard]] bool both_waited() const { return both_; }

 private:
  using Steady = std::chrono::steady_clock;
  void serve(const std::stop_token& stop);
  Session& session_;
  std::chrono::duration<double> limit_;
  std::chrono::duration<double> alone_;
  std::atomic<Steady::time_point> last_ = Steady::now();
  std::atomic<std::size_t> inside_ = 0;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> both_ = false;
  bool told_ = false;
  std::mutex mutex_; // for over_ alone
  std::condition_variable_any over_;
  std::jthread thread_; // last: it uses all of the above
};

} // namespace socktale::cli
