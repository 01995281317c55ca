// The report as JSON for programs: what the other formats show, by stable names. Its form is
// reports/schema/report.schema.json.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>

namespace socktale::reports {

inline constexpr int report_schema = 1;

[[nodiscard]] std::string render_json(const Story& story, const Options& options);

} // namespace socktale::reports
