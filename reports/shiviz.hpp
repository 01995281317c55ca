// The run as a log for ShiViz: the calls of each thread, with vector clocks that follow from the
// program's order, from bytes that went from one call to another and from connections. Owns the
// clocks; nothing but true causes goes into them.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>

namespace socktale::reports {

// Two lines an event, for ShiViz's own expression: (?<host>\S*) (?<clock>{.*})\n(?<event>.*)
[[nodiscard]] std::string render_shiviz(const Story& story, const Options& options);

} // namespace socktale::reports
