// A whole trace in memory, as reports read it. Owns the events; never derives anything from them.
#pragma once

#include "tracer/model/event.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace socktale::model {

struct Trace {
  Header header;
  std::vector<Event> events;
  std::size_t unknown = 0;     // events left out: of types that this version does not know
  bool cut = false;            // the file ended inside a line, or without its end line
  std::uint64_t read_only = 0; // bytes of the file, when the rest was left out; 0: nothing was
};

} // namespace socktale::model
