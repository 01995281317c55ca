// The table of system calls as a Markdown table: what the README shows and `socktale explain
// --list` prints. From tables/ alone.
#pragma once

#include <string>

namespace socktale::reports {

[[nodiscard]] std::string call_table();

} // namespace socktale::reports
