#include "reports/mermaid.hpp"

#include "reports/moments.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <cctype>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

std::string participant(Index side) { return fmt::format("P{}", side); }

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Mermaid takes the word "end" for the end of a block, wherever it stands.
bool is_end_word(std::string_view text, std::size_t at) {
  return text.substr(at, 3) == "end" && (at == 0 || !is_word(text[at - 1])) &&
         (at + 3 >= text.size() || !is_word(text[at + 3]));
}

} // namespace

std::string mermaid_text(std::string_view text) {
  constexpr std::string_view harmless = " _.,:/()=-|@!?";
  const std::string safe = printable(text);
  std::string out;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    const bool plain = static_cast<unsigned char>(c) >= 0x80 || is_word(c) ||
                       harmless.find(c) != std::string_view::npos;
    // Mermaid's entity codes, for everything that might mean something to it or to Markdown.
    if (plain && !is_end_word(safe, i))
      out += c;
    else
      out += fmt::format("#{};", static_cast<unsigned char>(c));
  }
  return out;
}

std::string mermaid_sequence(const Story& story, const Options& options) {
  const auto told = [&](const Said& said) { return mermaid_text(say(options.language, said)); };
  std::string out = "sequenceDiagram\n";
  for (Index i = 0; i <= story.sides.size(); ++i) {
    if (i == kernel_after(story)) out += fmt::format("  participant K as {}\n", told(tr("kernel")));
    if (i < story.sides.size())
      out += fmt::format("  participant {} as {} {}\n", participant(i),
                         side_mark(story.sides[i].role, i), told(role_text(story.sides[i].role)));
  }
  const Arrows arrows = arrows_of(story, options);
  for (const Arrow& arrow : arrows.drawn) {
    const model::Call& call = arrow.step->main();
    const std::string who = participant(arrow.step->side);
    const std::string answer = mermaid_text(call.name) + " = " + mermaid_text(result_text(call));
    if (arrow.back) {
      out += fmt::format("  K-->>{}: {}\n", who, answer);
      continue;
    }
    const std::string label = mermaid_text(arrow_label(story, *arrow.step, options.language));
    out += fmt::format("  {}->>K: {} {}\n", who, label,
                       arrow.at_once  ? "→ " + answer
                       : call.outcome ? told(tr("(waits)"))
                                      : told(tr("(had not returned)")));
  }
  if (arrows.left_out > 0)
    out += fmt::format("  Note over K: {}\n",
                       told({tr("{count} further moment is not drawn",
                                "{count} further moments are not drawn", "count"),
                             {{"count", arrows.left_out}}}));
  return out;
}

} // namespace socktale::reports
