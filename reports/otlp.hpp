// The story as an OTLP/JSON request (ExportTraceServiceRequest), for what takes OpenTelemetry
// traces. Owns the ids of spans and the choice of attributes, by the semantic conventions where
// they have a name for it and as "socktale..." where not.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>

namespace socktale::reports {

[[nodiscard]] std::string render_otlp(const Story& story, const Options& options);

} // namespace socktale::reports
