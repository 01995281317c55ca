// What Python's socket functions do without the kernel: rows. Says how the functions are made,
// never what a program did.
#pragma once

#include "reports/python_names.hpp"
#include "tracer/base/said.hpp"

#include <string_view>

namespace socktale::reports {

struct UncalledRow {
  PyMeaning on; // module, socket or file
  std::string_view name;
  Phrase does; // a clause; empty: when it runs it asks the kernel
};

// nullptr: no function of that name is known.
[[nodiscard]] const UncalledRow* uncalled_row(const PyCallee& callee);

} // namespace socktale::reports
