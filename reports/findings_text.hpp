// The findings as sections of a report: title, the calls that show it with their lines, what it
// means and how to mend it. Owns the layout alone; what is found and said is findings.hpp's.
#pragma once

#include "reports/findings.hpp"
#include "reports/options.hpp"
#include "reports/terminal_text.hpp"

#include <map>
#include <string>

namespace socktale::reports {

// Where the calls of a story stand, to tell of any of them.
class CallPlaces {
 public:
  explicit CallPlaces(const Story& story);
  // The step of a call; nullptr: it is in none.
  [[nodiscard]] const Step* step_of(const model::Call& call) const;

 private:
  const Story& story_;
  std::map<model::CallId, Index> steps_;
};

// Empty when there is nothing to tell.
[[nodiscard]] std::string markdown_findings(const Story& story, const Options& options);
// The same for a terminal; "no mistake was found" when there is nothing to tell.
[[nodiscard]] std::string findings_text(const Story& story, const Options& options);
void findings_block(TerminalText& text, const Story& story, const Options& options);

} // namespace socktale::reports
