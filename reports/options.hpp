// What a reader may choose about a report. Plain data.
#pragma once

#include "reports/text/text.hpp"

#include <cstddef>
#include <cstdint>

namespace socktale::reports {

// What a reader may choose about lines as strace's; each is an option of strace's own.
struct StraceLook {
  enum class Pids { column, prefix, none };                       // -f -o FILE, -f, neither
  enum class Times { none, seconds, fractions, epoch, relative }; // -t, -tt, -ttt, -r
  bool net_only = false;                                          // -e trace=%net
  bool descriptors = false;                                       // -yy
  bool time_spent = false;                                        // -T
  Pids pids = Pids::column;
  Times times = Times::none;
  std::int64_t utc_offset = 0; // seconds that the reader's clock is ahead of UTC
};

struct Options {
  Language language = Language::en;
  bool colour = false;             // only on a terminal
  std::size_t width = 100;         // columns of the terminal
  std::size_t string_limit = 32;   // bytes of a buffer shown in a kernel call
  std::size_t step_limit = 1000;   // steps of a side that are listed; 0: all
  std::size_t diagram_limit = 200; // arrows drawn in a diagram; 0: all
  StraceLook strace;
};

} // namespace socktale::reports
