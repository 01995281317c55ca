// The Python side of locating: the frames of CPython 3.8 to 3.14, read from outside the process.
// Reads only through Memory, /proc and files on disk; never runs anything in the traced program,
// never knows which system call was made.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/memory.hpp"
#include "tracer/base/registers.hpp"
#include "tracer/locate/maps.hpp"
#include "tracer/model/place.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::locate::python {

struct Code; // what was read of one code object: code.hpp

// One Python frame: its code and the index of the instruction in it (in 2-byte units; -1: not known
// or not begun).
struct FrameRef {
  std::shared_ptr<const Code> code;
  std::int32_t instruction = -1;
  bool operator==(const FrameRef&) const = default; // the same code object as read, not equal code
};

// What one look saw. Plain data that outlives the process.
struct Sighting {
  enum class State {
    absent,     // this thread runs no Python code
    running,    // `frames` has at least one frame
    finalizing, // the interpreter shuts down (Py_FinalizeEx); `frames` may still hold some
    unreadable, // there is Python code, but not one frame of it could be read
  };
  State state = State::absent;
  std::vector<FrameRef> frames; // innermost first
  bool complete = true;         // false: the walk ended before the outermost frame
  bool operator==(const Sighting&) const = default;
};

// The interpreter of one process. `look` belongs to the thread that traces; `name`, `place` and
// `owns_module` may run in another one, one at a time, also when the process is gone.
class Interpreter {
 public:
  // nullptr: no CPython mapped that is supported (3.8 to 3.14, with a GIL). May be called at any
  // stop of the process; takes well under a millisecond once the files are in the page cache.
  [[nodiscard]] static std::unique_ptr<Interpreter>
  find(Pid pid, const std::vector<Mapping>& mappings, Memory& memory);

  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;
  ~Interpreter();

  [[nodiscard]] std::string version() const; // "3.11.2"; "3.9" where the file name is all there is

  // In the stop: `tid` is stopped with `registers`. Reads numbers and pointers; strings only of
  // code that was not seen before.
  [[nodiscard]] Sighting look(Tid tid, const Registers& registers, Memory& memory);

  // One frame for each of the sighting, innermost first; owner is user or library. `file` is as
  // Python names it (made absolute where it was relative and the file is there), so it may be
  // "<string>". `text` is as written: it holds newlines when the expression spans lines.
  [[nodiscard]] std::vector<model::Frame> name(const Sighting& sighting);

  // The user's line, from a sighting and what `name` returned for it. `libc` is left empty.
  [[nodiscard]] model::Place place(const Sighting& sighting,
                                   const std::vector<model::Frame>& frames) const;

  // Is this mapped file the interpreter's own code: its executable, libpython or an extension
  // module of the standard library?
  [[nodiscard]] bool owns_module(std::string_view path) const;

 private:
  class Impl;
  explicit Interpreter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace socktale::locate::python
