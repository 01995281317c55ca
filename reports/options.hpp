// What a reader may choose about a report. Plain data.
#pragma once

#include "reports/text/text.hpp"

#include <cstddef>

namespace socktale::reports {

struct Options {
  Language language = Language::en;
  bool colour = false;             // only on a terminal
  std::size_t width = 100;         // columns of the terminal
  std::size_t string_limit = 32;   // bytes of a buffer shown in a kernel call
  std::size_t step_limit = 1000;   // steps of a side that are listed; 0: all
  std::size_t diagram_limit = 200; // arrows drawn in a diagram; 0: all
};

} // namespace socktale::reports
