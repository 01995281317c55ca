// Runs a Python program under ptrace(2) and looks at every socket call it makes, without the
// engine: what the tests of locate/python need and no more. Names the frames after the program is
// gone.
#pragma once

#include "tracer/locate/python/interpreter.hpp"
#include "tracer/model/place.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace socktale::test {

struct SeenCall {
  std::string name; // "recvfrom"
  locate::python::Sighting sighting;
  std::vector<model::Frame> frames;
  model::Place place;
};

struct TraceResult {
  bool refused = false; // ptrace or seccomp is not allowed here
  int status = 0;       // of waitpid(2)
  std::string version;  // of the last interpreter that was found
  std::vector<SeenCall> calls;
  std::chrono::nanoseconds look_time{}; // the median of the looks after the first hundred
};

// `command`: argv, the program's path first. `directory`: where it runs; empty: here.
[[nodiscard]] TraceResult trace_python(const std::vector<std::string>& command,
                                       const std::string& directory = {});

} // namespace socktale::test
