// What went wrong in a run, or would in the next one: rules that point at the calls they follow
// from. Owns the table of rules and what they find; never says anything without such calls, and
// takes no failure for a mistake that programs have to reckon with (EAGAIN, EINPROGRESS, EINTR).
#pragma once

#include "reports/story.hpp"
#include "tracer/base/said.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace socktale::reports {

class Ground; // findings_ground.hpp

struct Finding {
  std::string_view rule;                    // Rule::name
  Index side = 0;                           // whose program is to be mended
  const model::Call* at = nullptr;          // the call to look at first; among the evidence
  std::vector<const model::Call*> evidence; // in the order in which they were entered; never empty
  std::size_t times = 1; // how often the same rule fell on the same line; the first is told
  Said title, meaning, mend;
};

// What a rule has found, before it has its texts.
struct Case {
  const model::Call* at = nullptr;
  std::vector<const model::Call*> evidence; // `at` is added to it
  Words words;                              // for the placeholders of the rule's texts
};

struct Rule {
  std::string_view name; // as files and the README spell it
  std::vector<Case> (*find)(const Ground& ground);
  Phrase title, meaning, mend;
};
[[nodiscard]] std::span<const Rule> rules();

// In the order of the rules; of one rule as it came to pass. Grows with the trace as sorting does.
[[nodiscard]] std::vector<Finding> find_all(const Story& story);

} // namespace socktale::reports
