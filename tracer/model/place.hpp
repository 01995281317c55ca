// Where in the source a call came from: the frames of the stack, and the one line that is the
// user's. Plain data; locate fills it, reports show it. Unknown members are empty or 0.
#pragma once

#include "tracer/model/name.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace socktale::model {

// Lines from 1; columns from 1, in bytes of UTF-8; end_column is one past the last. 0: unknown.
struct Span {
  std::int32_t line = 0, column = 0, end_line = 0, end_column = 0;
  bool operator==(const Span&) const = default;
};

enum class Language { unknown, native, python, javascript, java };

// Who wrote the code of a frame.
enum class Owner {
  unknown,
  user,
  library,     // a library of the language: Python's standard library, libstdc++, site-packages
  interpreter, // the interpreter's own C code
  libc,        // the C library: the function that enters the kernel
};

struct Frame {
  Language language = Language::unknown;
  Owner owner = Owner::unknown;
  std::string function; // as the language names it (qualified where known); empty: unknown
  std::string file;     // source file; empty: unknown
  Span span;
  std::string text;       // the call expression as written; empty: unknown
  std::string module;     // native: the ELF file that holds the code
  std::uint64_t offset{}; // native: address within the module's file image (its own vaddr)
  bool inlined = false;   // native: expanded into its caller
  bool operator==(const Frame&) const = default;
};

// How the user's line is known, or why it is not.
enum class PlaceKind {
  unknown,    // nothing could be read, or nothing on the stack is the user's
  call,       // the user's expression that made the call
  leaving,    // leaving a `with` block, a scope, or dropping the last reference: no call is written
  library,    // only library code is on this stack
  finalizing, // the interpreter is shutting down: no Python code runs
};

struct Place {
  PlaceKind kind = PlaceKind::unknown;
  Name file;
  Span span;
  Name text;     // the call expression as written: serv_sock.bind((host, port))
  Name function; // the user's function around it
  Name libc;     // the C library function that was called: bind; empty: unknown
  // Of library: made later by the runtime's own loop, which `function` names, not by a call that is
  // under way.
  bool event_loop = false;
  bool operator==(const Place&) const = default;
};

// Innermost frame first. `complete` is false when the walk stopped before the outermost frame.
struct Stack {
  std::uint32_t id = 0;
  std::vector<Frame> frames;
  bool complete = true;
  bool operator==(const Stack&) const = default;
};

} // namespace socktale::model
