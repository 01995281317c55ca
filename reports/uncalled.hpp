// The calls on sockets that the user's Python sources hold and no kernel call was seen for: those
// that need none, and those that the run did not come to. Says which of them ran only where that
// follows from what was seen.
#pragma once

#include "reports/story.hpp"
#include "tracer/base/said.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::reports {

// How a call is known.
enum class Known {
  in_source,   // it is written there
  ran_within,  // it is an argument or the object of a call that was seen, so Python made it before
  ran_earlier, // a later statement of its own block was seen, and a block runs from its top
};

struct Uncalled {
  const model::SourceFile* source = nullptr; // in the trace
  model::Span span;
  std::string text; // as written, in one line; long ones are cut
  std::string api;  // "htons", "close"
  Known known = Known::in_source;
  Phrase does; // what it does without the kernel; empty: it needs one when it runs
};

// In the order of the sources, and of the text. Of sources whose text the trace has; at most 10000.
// Linear in the size of the sources and the trace.
[[nodiscard]] std::vector<Uncalled> find_uncalled(const Story& story);

// "in-source", "ran-within", "ran-earlier": as files spell it.
[[nodiscard]] std::string_view known_word(Known known);
// "in the source, no kernel call seen".
[[nodiscard]] Phrase known_text(Known known);

// How many of them a report for people lists.
constexpr std::size_t listed_uncalled = 200;

} // namespace socktale::reports
