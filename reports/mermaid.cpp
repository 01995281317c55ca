#include "reports/mermaid.hpp"

#include "reports/strace_text.hpp"
#include "reports/terminal_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>
#include <vector>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// One moment of a step's main call: it goes into the kernel or comes back.
struct Moment {
  Instant at;
  std::uint64_t id; // of the call, in order of entry
  bool back;
  const Step* step;
};

std::vector<Moment> moments_of(const Story& story) {
  std::vector<Moment> moments;
  moments.reserve(story.steps.size() * 2);
  for (const Step& step : story.steps) {
    const model::Call& call = step.main();
    moments.push_back({call.entered, call.id.value, false, &step});
    if (call.outcome) moments.push_back({call.outcome->left, call.id.value, true, &step});
  }
  std::ranges::sort(moments, [](const Moment& a, const Moment& b) {
    return std::tie(a.at, a.id, a.back) < std::tie(b.at, b.id, b.back);
  });
  return moments;
}

std::string participant(Index side) { return fmt::format("P{}", side); }

std::string label_of(const Story& story, const Step& step, Language language) {
  constexpr std::size_t most = 72; // columns; a longer label makes the picture unreadable
  std::string label = line_label(story, step.place());
  const std::string expression = say(language, to_text(expression_of(step.place())));
  if (!expression.empty()) label += (label.empty() ? "" : " ") + expression;
  if (label.empty()) label = step.main().name;
  return display_width(printable(label)) > most ? column(label, most) : label;
}

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
  const std::size_t kernel_after = std::min<std::size_t>(1, story.sides.size());
  for (Index i = 0; i <= story.sides.size(); ++i) {
    if (i == kernel_after) out += fmt::format("  participant K as {}\n", told(tr("kernel")));
    if (i < story.sides.size())
      out += fmt::format("  participant {} as {} {}\n", participant(i),
                         side_mark(story.sides[i].role, i), told(role_text(story.sides[i].role)));
  }
  const std::vector<Moment> moments = moments_of(story);
  std::size_t arrows = 0;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (options.diagram_limit != 0 && arrows++ >= options.diagram_limit) {
      out += fmt::format("  Note over K: {}\n",
                         told({tr("{count} further moment is not drawn",
                                  "{count} further moments are not drawn", "count"),
                               {{"count", moments.size() - i}}}));
      break;
    }
    const Moment& moment = moments[i];
    const Step& step = *moment.step;
    const std::string who = participant(step.side);
    const std::string result = mermaid_text(result_text(step.main()));
    if (moment.back) {
      out += fmt::format("  K-->>{}: {} = {}\n", who, mermaid_text(step.main().name), result);
      continue;
    }
    const std::string label = mermaid_text(label_of(story, step, options.language));
    // Nothing happened between going in and coming back: one arrow tells both.
    const bool at_once = i + 1 < moments.size() && moments[i + 1].id == moment.id;
    if (at_once) ++i;
    out += fmt::format("  {}->>K: {}{}\n", who, label,
                       at_once ? fmt::format(" → {} = {}", mermaid_text(step.main().name), result)
                       : step.main().outcome ? " " + told(tr("(waits)"))
                                             : " " + told(tr("(had not returned)")));
  }
  return out;
}

} // namespace socktale::reports
