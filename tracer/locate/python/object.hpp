// Python's str and bytes objects, read from the traced program. Lengths in them are claims: a text
// is never longer than asked for and never longer than its memory.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/locate/python/offsets.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace socktale::locate::python {

// A compact str (which all names are) as UTF-8, cut after `limit` characters. Nothing: not
// readable, or no compact str.
[[nodiscard]] std::optional<std::string> read_str(Memory& memory, Remote<> at,
                                                  const Offsets& offsets, std::size_t limit);

// The whole of a bytes object; nothing when it is longer than `limit` or not readable.
[[nodiscard]] std::optional<std::string> read_bytes(Memory& memory, Remote<> at, std::size_t limit);

} // namespace socktale::locate::python
