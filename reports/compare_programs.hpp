// Which programs the compared traces are of: what they are written in, whether they are the same,
// and which side of one answers which side of another. Reads names only, no calls.
#pragma once

#include "reports/compare.hpp"

#include <span>
#include <string>
#include <vector>

namespace socktale::reports {

// What each trace is called: its languages, with the file's name where that tells two apart; of
// runs the file's name alone. Never empty, all different.
[[nodiscard]] std::vector<std::string> column_names(std::span<const Compared> traces, View view);

// The sides that answer each other, without rows: by role; where all traces have one side each, or
// no role in common, by their order.
[[nodiscard]] std::vector<RoleTable> matched_sides(std::span<const Compared> traces);

} // namespace socktale::reports
