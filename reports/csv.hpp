// The kernel calls as CSV (RFC 4180), one row a call, for spreadsheets and data frames. Owns the
// columns and what makes a cell harmless to a spreadsheet; README.md lists the columns.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>
#include <string_view>

namespace socktale::reports {

[[nodiscard]] std::string render_csv(const Story& story, const Options& options);

// A text as a cell: on one line, in quotes, and never a formula. Spreadsheets compute cells that
// begin with = + - or @, which get an apostrophe before them.
[[nodiscard]] std::string csv_text(std::string_view text);

} // namespace socktale::reports
