// Walks one thread's Python frames, innermost first. Follows the traced program's pointers: bounded
// in number, every one read before it is believed. Finding the thread is threads.hpp.
#pragma once

#include "tracer/locate/python/code.hpp"
#include "tracer/locate/python/interpreter.hpp"

#include <cstdint>
#include <vector>

namespace socktale::locate::python {

inline constexpr std::size_t most_frames = 512; // of which the innermost are kept

struct Walk {
  std::vector<FrameRef> frames;
  bool complete = true; // false: more frames than are kept, or a pointer that leads nowhere
};

// `innermost`: the address of the first frame, not null.
[[nodiscard]] Walk walk_frames(const Offsets& offsets, Remote<> innermost, CodeCache& codes,
                               ReadAhead& ahead, Memory& memory);

// One frame's own numbers.
struct FrameHeader {
  Remote<> previous, code;
  std::uint64_t instruction = 0; // as the version keeps it: an index or an address
  // An entry from C, no code of anyone's: 3.12 and later put one under each call from C.
  bool shim = false;
};
[[nodiscard]] std::optional<FrameHeader> read_frame(const Offsets& offsets, Remote<> at,
                                                    ReadAhead& ahead);

} // namespace socktale::locate::python
