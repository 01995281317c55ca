#include "reports/plantuml.hpp"

#include "reports/moments.hpp"
#include "reports/strace_text.hpp"
#include "reports/talk_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <cctype>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

class Diagram {
 public:
  Diagram(const Story& story, const Options& options) : story_(story), options_(options) {
    for (const Step& step : story.steps)
      for (const model::Call* call : step.calls) sides_.emplace(call, step.side);
    for (const Transfer& transfer : story.transfers)
      if (transfer.send && transfer.recv && transfer.length > 0)
        taken_[transfer.recv].push_back(&transfer);
    for (const Wait& wait : story.waits) waits_.emplace(wait.call, &wait);
  }

  std::string run() {
    participants();
    const Arrows arrows = arrows_of(story_, options_);
    for (const Arrow& arrow : arrows.drawn) draw(arrow);
    if (arrows.left_out > 0)
      line("note over K : {}", told({tr("{count} further moment is not drawn",
                                        "{count} further moments are not drawn", "count"),
                                     {{"count", arrows.left_out}}}));
    out_ += "@enduml\n";
    return std::move(out_);
  }

 private:
  template <class... Args> void line(fmt::format_string<Args...> form, Args&&... args) {
    out_ += fmt::format(form, std::forward<Args>(args)...);
    out_ += '\n';
  }
  [[nodiscard]] std::string told(const Said& said) const {
    return plantuml_text(say(options_.language, said));
  }

  void participants() {
    out_ = "@startuml\n";
    for (Index i = 0; i <= story_.sides.size(); ++i) {
      if (i == kernel_after(story_)) line("participant \"{}\" as K", told(tr("kernel")));
      if (i == story_.sides.size()) break;
      const std::string& role = story_.sides[i].role;
      line("participant \"{} {}\" as P{}", side_mark(role, i), told(role_text(role)), i);
    }
  }

  void draw(const Arrow& arrow) {
    const model::Call& call = arrow.step->main();
    const Index side = arrow.step->side;
    const std::string answer = plantuml_text(call.name) + " = " + plantuml_text(result_text(call));
    if (!arrow.back)
      line("P{} -> K : {} {}", side,
           plantuml_text(arrow_label(story_, *arrow.step, options_.language)),
           arrow.at_once  ? "→ " + answer
           : call.outcome ? told(tr("(waits)"))
                          : told(tr("(had not returned)")));
    if (arrow.back || arrow.at_once) bytes_of(*arrow.step);
    if (arrow.back) line("K --> P{} : {}", side, answer);
    if (!arrow.back && !arrow.at_once && call.outcome) return;
    if (const auto wait = waits_.find(&call); wait != waits_.end())
      line("note over P{} : {}", side, told(wait_sentence(story_, *wait->second)));
  }

  // Whose bytes the step's calls took, as an arrow from their sender.
  void bytes_of(const Step& step) {
    for (const model::Call* call : step.calls) {
      const auto found = taken_.find(call);
      if (found == taken_.end()) continue;
      for (const Transfer* transfer : found->second) {
        const auto from = sides_.find(transfer->send);
        if (from == sides_.end()) continue;
        const std::string where = line_label(story_, transfer->send->place);
        const Said size = {tr("{count} byte", "{count} bytes", "count"),
                           {{"count", transfer->length}}};
        line("P{} -[#royalblue]>> P{} : {}{}{}", from->second, step.side, told(size),
             where.empty() ? "" : ", ", plantuml_text(where));
      }
    }
  }

  const Story& story_;
  const Options& options_;
  std::unordered_map<const model::Call*, Index> sides_;
  std::unordered_map<const model::Call*, std::vector<const Transfer*>> taken_;
  std::unordered_map<const model::Call*, const Wait*> waits_;
  std::string out_;
};

} // namespace

std::string plantuml_text(std::string_view text) {
  // The last ones mean something at the beginning and where they stand twice: //, --, __, ==, ...
  constexpr std::string_view harmless = " ?;(),:", harmless_alone = "._-/=";
  const std::string safe = printable(text);
  const auto is_word = [&](std::size_t at) {
    return at < safe.size() && std::isalnum(static_cast<unsigned char>(safe[at])) != 0;
  };
  std::string out;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    const bool alone = i > 0 && safe[i - 1] != c && (i + 1 == safe.size() || safe[i + 1] != c);
    const bool inside = i > 0 && is_word(i - 1) && is_word(i + 1);
    const bool plain = static_cast<unsigned char>(c) >= 0x80 || is_word(i) ||
                       harmless.find(c) != std::string_view::npos ||
                       (alone && harmless_alone.find(c) != std::string_view::npos) ||
                       (inside && c == '\''); // beside a slash it begins a comment
    if (plain)
      out += c;
    else
      out += fmt::format("<U+{:04X}>", static_cast<unsigned char>(c));
  }
  return out;
}

std::string render_plantuml(const Story& story, const Options& options) {
  return Diagram(story, options).run();
}

} // namespace socktale::reports
