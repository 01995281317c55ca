// The user's source files as Markdown: their lines with numbers, those marked that made a kernel
// call. Bounded; never interprets a text.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>

namespace socktale::reports {

// Empty when the trace holds no source. Of a long file only the lines about a call are shown.
[[nodiscard]] std::string markdown_sources(const Story& story, const Options& options);

} // namespace socktale::reports
