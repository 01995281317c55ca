// When tracer and tasks had better share a CPU, told from how fast stops come and how busy the
// tasks are. A rule over numbers and times: asks no clock and moves nobody (placement.cpp does).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace socktale::engine {

class SharingRule {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Advice : std::uint8_t { stay, share, part };

  // What was seen since the last advice.
  struct Seen {
    double stops = 0;      // a second
    double cpus = 0;       // that the tasks kept busy
    std::size_t tasks = 0; // that there are
    bool shared = false;   // a CPU, all the while
  };

  // Whether tasks get on better apart cannot be known while they share: they are let go apart for
  // one interval now and then, and stay so for as long as that has proved to be worth it.
  [[nodiscard]] Advice advise(const Seen& seen, Time now);
  // How long to look on before the next advice: reading the clocks of many tasks takes its time,
  // but a trial that costs more than it gains must not be long.
  [[nodiscard]] Time::duration interval(std::size_t tasks) const;

 private:
  [[nodiscard]] Advice while_shared(const Seen& seen, Time now);
  [[nodiscard]] Advice while_apart(const Seen& seen, Time now);
  [[nodiscard]] Advice after_trial(const Seen& seen, Time now);

  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds first_pause{100}, longest_pause{5000};
  static constexpr Milliseconds first_hold{20}, longest_hold{1000};

  std::optional<Seen> before_; // as they shared last; nothing: they are apart for other reasons
  bool trial_ = false;
  Milliseconds pause_ = first_pause, hold_ = first_hold; // before the next trial; after a good one
  std::optional<Time> next_trial_;
  Time hold_until_;
};

} // namespace socktale::engine
