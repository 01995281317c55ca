// A lesson's hand-out: Markdown of five parts, with {names} where the facts of a run belong. Splits
// and fills it; never measures.
#pragma once

#include "reports/lesson_facts.hpp"
#include "reports/text/text.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::reports {

struct Handout {
  struct Part {
    std::string heading; // without its "## "
    std::string text;    // without blank lines around it
  };
  std::string title;
  Part watch, predict, shown, cures, exercise;
};

// Throws UserError(bad_data): not a title and these five parts, each under a heading "## ".
[[nodiscard]] Handout parse_handout(std::string_view markdown, const std::string& source);

// The words that a hand-out may name: its lesson's facts, and the kernel of the run. What is
// unknown becomes "?".
using HandoutWords = std::map<std::string, std::string>;
[[nodiscard]] HandoutWords words_of(std::span<const Measured> facts, const model::Header& header);
// Names in `text` that `words` does not know stay as they are, in braces.
[[nodiscard]] std::string fill(std::string_view text, const HandoutWords& words);

// What the run showed: the hand-out's own answer when every fact holds, otherwise plainly what it
// was to show and what it showed instead. One line a fact, Markdown.
[[nodiscard]] std::string answer(const Handout& handout, std::span<const Measured> facts,
                                 const model::Header& header, Language language);
[[nodiscard]] bool shows_the_point(std::span<const Measured> facts);

// The sockets that the looks of a run found, in plain text, as ss(8) lists them. They are sampled.
[[nodiscard]] std::string looks_table(std::span<const SeenSocket> seen, Language language);
// Its heading: where it is from.
inline constexpr Phrase looks_heading = tr("The kernel's TCP sockets, sampled in /proc/net/tcp");

// The whole hand-out with this run's facts in it.
[[nodiscard]] std::string render_handout(const Handout& handout, std::span<const Measured> facts,
                                         const model::Trace& trace, Language language);

} // namespace socktale::reports
