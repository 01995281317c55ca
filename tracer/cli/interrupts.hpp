// Ctrl-C and its kin while programs are traced. The first one ends the programs in their own way,
// the second one ends the tracing and them with it; where programs were only joined, the first one
// ends the tracing alone. Never touches the trace.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/unique_fd.hpp"

#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>
#include <vector>

namespace socktale::cli {

// While it lives, SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGPIPE are blocked in this process, and a
// thread of its own takes the first four. To be made before any other thread, in the tracing one.
class Interrupts {
 public:
  enum class First { ends_programs, ends_tracing };
  explicit Interrupts(First first = First::ends_programs);
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

  // The mask that programs are to be started with: as it was before.
  [[nodiscard]] const sigset_t& former_mask() const { return former_; }
  // The same signals blocked in the calling thread, for one that only waits for the tracing thread;
  // returns the mask as it was.
  static sigset_t block();
  // A program to be told of a signal that only we were sent.
  void watch(Pid pid);
  // Ends the programs as if somebody had sent us `signal`.
  void pass_on(int signal);
  void end_tracing() { give_up_ = true; }
  // Set by the second interruption: give up tracing. A wait of the tracing thread is interrupted.
  [[nodiscard]] const std::atomic<bool>& give_up() const { return give_up_; }
  // The first signal that came; 0: none.
  [[nodiscard]] int first() const { return first_; }

 private:
  void serve();
  void wake_tracer();
  sigset_t former_{};
  First means_;
  std::atomic<bool> give_up_ = false;
  std::atomic<bool> over_ = false;
  std::atomic<int> first_ = 0;
  std::mutex mutex_;
  std::vector<UniqueFd> programs_; // pidfds: they cannot come to mean another process
  pthread_t tracer_;
  std::thread thread_;
};

} // namespace socktale::cli
