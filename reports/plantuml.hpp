// The flow of a run as a PlantUML sequence diagram: each program and the kernel as in mermaid.hpp,
// and between them whose bytes were taken, and what was waited for.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>
#include <string_view>

namespace socktale::reports {

// Draws the first options.diagram_limit moments and says so.
[[nodiscard]] std::string render_plantuml(const Story& story, const Options& options);

// `text` as PlantUML shows it literally, in one line, whatever it is.
[[nodiscard]] std::string plantuml_text(std::string_view text);

} // namespace socktale::reports
