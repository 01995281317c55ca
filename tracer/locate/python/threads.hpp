// Which PyThreadState belongs to a stopped thread. Remembers the answer for each thread and proves
// it again in every stop; other threads run meanwhile and may change the lists.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/memory.hpp"
#include "tracer/base/registers.hpp"
#include "tracer/locate/python/offsets.hpp"
#include "tracer/locate/python/read_ahead.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace socktale::locate::python {

// One thread that was seen, with what its walk reads.
struct ThreadMemo {
  ReadAhead ahead;
  Remote<> state;       // its PyThreadState at the last stop; null: not known
  Remote<> interpreter; // runtime.interpreters.head at that time
  bool alone = false;   // there was one interpreter then
};

struct ThreadFound {
  Remote<> state;
  Remote<> frame;          // the innermost; null: it runs no Python code
  bool finalizing = false; // it is the one that shuts the interpreter down
};

class ThreadFinder {
 public:
  ThreadFinder(const Offsets& offsets, Remote<> runtime) : offsets_(offsets), runtime_(runtime) {}

  // Nothing: no Python thread, or it cannot be told which one. `memo.ahead` has begun the stop.
  [[nodiscard]] std::optional<ThreadFound> find(Tid tid, const Registers& registers,
                                                ThreadMemo& memo, Memory& memory) const;

 private:
  [[nodiscard]] Remote<> search(Tid tid, const Registers& registers, ThreadMemo& memo,
                                Memory& memory) const;
  [[nodiscard]] bool belongs(Remote<> state, Tid tid, const Registers& registers,
                             ReadAhead& ahead) const;
  [[nodiscard]] Remote<> frame_of(Remote<> state, ReadAhead& ahead) const;
  [[nodiscard]] std::optional<std::uint64_t> depth_mark(Remote<> state, ReadAhead& ahead) const;
  [[nodiscard]] Remote<> innermost_of(const std::vector<Remote<>>& states, ReadAhead& ahead) const;

  const Offsets& offsets_;
  Remote<> runtime_;
};

} // namespace socktale::locate::python
