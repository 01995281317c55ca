// Points in time as the trace keeps them: nanoseconds since the trace began, by a clock that does
// not jump. Never a calendar date; the trace's header says when it began.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace socktale {

struct Instant {
  std::int64_t ns = 0;
  auto operator<=>(const Instant&) const = default;
};

// Counts from the moment it is made.
class Clock {
 public:
  Clock();
  [[nodiscard]] Instant now() const;
  // Nanoseconds since 1970 (UTC) at the moment it was made.
  [[nodiscard]] std::int64_t began_at() const { return realtime_; }

 private:
  std::int64_t monotonic_;
  std::int64_t realtime_;
};

// "2026-01-31T12:00:00Z" of nanoseconds since 1970.
[[nodiscard]] std::string utc_date(std::int64_t epoch_ns);

} // namespace socktale
