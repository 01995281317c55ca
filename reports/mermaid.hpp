// The flow of a run as a Mermaid sequence diagram: each program and the kernel, drawn from the
// times at which calls were entered and left. Infers nothing.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>
#include <string_view>

namespace socktale::reports {

// Without the fence around it. Draws the first options.diagram_limit arrows and says so.
[[nodiscard]] std::string mermaid_sequence(const Story& story, const Options& options);

// `text` as Mermaid shows it literally, in one line; also safe inside a Markdown fence.
[[nodiscard]] std::string mermaid_text(std::string_view text);

} // namespace socktale::reports
