// In what the cells of a row differ, and the sides of a role as wholes, as sentences. One place for
// every sentence of `socktale compare`; lays nothing out, aligns nothing.
#pragma once

#include "reports/compare.hpp"
#include "reports/conversation.hpp"

#include <span>
#include <vector>

namespace socktale::reports {

struct Findings {
  std::vector<Said> differences;
  std::vector<Said> alike;
};

// `acts` by column; nullptr where the row has none. At least one is there.
[[nodiscard]] Findings row_findings(const Comparison& comparison, std::span<const Act* const> acts);

// Of ends, missing sides and sockets that the program never closed.
[[nodiscard]] Findings role_findings(const Comparison& comparison, const RoleTable& table);

} // namespace socktale::reports
