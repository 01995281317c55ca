// The report as Markdown, to read, paste and hand in. Everything from the trace is escaped, so that
// it shows as itself and starts no table, link, HTML or diagram of its own.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>

namespace socktale::reports {

[[nodiscard]] std::string render_markdown(const Story& story, const Options& options);

} // namespace socktale::reports
