#include "tracer/base/clock.hpp"

#include <array>
#include <ctime>

namespace socktale {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;

std::int64_t read_clock(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return now.tv_sec * ns_per_s + now.tv_nsec;
}

} // namespace

Clock::Clock() : monotonic_(read_clock(CLOCK_MONOTONIC)), realtime_(read_clock(CLOCK_REALTIME)) {}

Instant Clock::now() const { return {read_clock(CLOCK_MONOTONIC) - monotonic_}; }

std::string utc_date(std::int64_t epoch_ns) {
  const std::time_t seconds = epoch_ns / ns_per_s;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

} // namespace socktale
