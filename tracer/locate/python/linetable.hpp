// Which source position belongs to an instruction: CPython's three line table formats. Pure; the
// tables come from the traced program, so any bytes give an answer, unknown where they make none.
#pragma once

#include "tracer/model/place.hpp"

#include <cstdint>
#include <string_view>

namespace socktale::locate::python {

enum class LineFormat {
  lnotab,    // co_lnotab (3.8, 3.9): Objects/lnotab_notes.txt
  ranges,    // co_linetable of 3.10: PEP 626
  positions, // co_linetable since 3.11: PEP 657
};

// The position of the instruction at `index` (2-byte units) in code whose table is `table`. Line 0:
// the table gives none. Columns and end line are 0 where the format or the table has none.
// With index -1 (not begun) the position is the code's first line.
[[nodiscard]] model::Span position_of(LineFormat format, std::string_view table,
                                      std::int32_t first_line, std::int32_t index);

} // namespace socktale::locate::python
