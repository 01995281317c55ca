// Text from a trace as Markdown that shows exactly that text, in one line, inside or outside of a
// table; and an expected table's verdict, which reports and `check` both show.
#pragma once

#include "reports/judge.hpp"
#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>
#include <string_view>

namespace socktale::reports {

// Plain text: everything that Markdown, HTML or a table could take for its own is escaped.
[[nodiscard]] std::string md_text(std::string_view text);
// A code span, which may stand in a table.
[[nodiscard]] std::string md_code(std::string_view text);

[[nodiscard]] std::string markdown_verdict(const Story& story, const Verdict& verdict,
                                           const Options& options);

} // namespace socktale::reports
