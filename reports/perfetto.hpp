// The story as JSON of the Trace Event Format, which ui.perfetto.dev, chrome://tracing and the
// Firefox profiler open: threads as tracks, calls as slices, arrows between the two ends. Owns what
// becomes which event; the times are the trace's.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>

namespace socktale::reports {

[[nodiscard]] std::string render_perfetto(const Story& story, const Options& options);

} // namespace socktale::reports
