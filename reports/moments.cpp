#include "reports/moments.hpp"

#include "reports/terminal_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <tuple>

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

} // namespace

Arrows arrows_of(const Story& story, const Options& options) {
  const std::vector<Moment> moments = moments_of(story);
  Arrows out;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (options.diagram_limit != 0 && out.drawn.size() >= options.diagram_limit) {
      out.left_out = moments.size() - i;
      break;
    }
    const Moment& moment = moments[i];
    const bool at_once = !moment.back && i + 1 < moments.size() && moments[i + 1].id == moment.id;
    if (at_once) ++i;
    out.drawn.push_back({moment.step, moment.back, at_once});
  }
  return out;
}

std::string arrow_label(const Story& story, const Step& step, Language language) {
  constexpr std::size_t most = 72; // columns; a longer label makes the picture unreadable
  std::string label = line_label(story, step.place());
  const std::string expression = say(language, to_text(expression_of(step.place())));
  if (!expression.empty()) label += (label.empty() ? "" : " ") + expression;
  if (label.empty()) label = step.main().name;
  return display_width(printable(label)) > most ? column(label, most) : label;
}

Index kernel_after(const Story& story) { return std::min<Index>(1, story.sides.size()); }

} // namespace socktale::reports
