// Ends programs that wait for each other for ever: nothing happens for a while, and each of them is
// inside a call. Never ends a program that computes, or one that waits alone.
#pragma once

#include "tracer/cli/session.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace socktale::cli {

class Patience {
 public:
  Patience(Session& session, double seconds);
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;
  ~Patience() = default;

  // To be called by the tracing thread after each thing that happened.
  void something_happened();
  [[nodiscard]] bool ended_them() const { return ended_; }

 private:
  using Steady = std::chrono::steady_clock;
  void serve(const std::stop_token& stop);
  Session& session_;
  std::chrono::duration<double> limit_;
  std::atomic<Steady::time_point> last_ = Steady::now();
  std::atomic<std::size_t> inside_ = 0;
  std::atomic<bool> ended_ = false;
  bool told_ = false;
  std::mutex mutex_; // for over_ alone
  std::condition_variable_any over_;
  std::jthread thread_; // last: it uses all of the above
};

} // namespace socktale::cli
