// Puts one trace behind another so that no number means two things. Knows every place where a trace
// holds an id or a time, and nothing of what they mean.
#pragma once

#include "tracer/model/trace.hpp"

#include <cstdint>
#include <vector>

namespace socktale::reports {

// Where the last appended trace begins.
struct Seam {
  std::size_t event = 0;
  model::CallId call; // its calls have this id or a greater one
};

// The events of `next` behind those of `into`, its numbers changed where they are taken: pids only
// then, so that they stay those of its machine where they can. Its times are as they were.
[[nodiscard]] Seam append(model::Trace& into, model::Trace next);

// Adds to every time from the seam on; held at the limits.
void shift(model::Trace& trace, const Seam& seam, std::int64_t ns);

// In order of time, calls numbered as they were entered, and the notes at the end.
void finish(model::Trace& trace, std::vector<model::Note> notes);

} // namespace socktale::reports
