#include "reports/compare.hpp"

#include "reports/alignment.hpp"
#include "reports/compare_findings.hpp"
#include "reports/compare_programs.hpp"
#include "reports/conversation.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace socktale::reports {
namespace {

// What a row's token is made of: the kind by its name, the detail by what the view compares.
std::vector<std::vector<Token>> tokens_of(const std::vector<std::vector<Act>>& acts, View view) {
  std::unordered_map<std::string, std::size_t> kinds;
  std::vector<std::vector<Token>> out;
  for (const std::vector<Act>& column : acts) {
    std::vector<Token>& tokens = out.emplace_back();
    for (const Act& act : column) {
      const std::size_t kind = kinds.try_emplace(fill_in(act.what), kinds.size()).first->second;
      const std::size_t name = std::hash<std::string>{}(act.cell.main().name);
      tokens.push_back({kind, act.weight, view == View::runs ? act.key : name});
    }
  }
  return out;
}

PayloadKept kept_by_all(std::span<const Compared> traces) {
  PayloadKept kept;
  for (const Compared& trace : traces) {
    kept.limit = std::min(kept.limit, trace.story->trace->header.payload_limit);
    kept.withheld = kept.withheld || trace.story->trace->header.payload_withheld;
  }
  return kept;
}

class Comparer {
 public:
  Comparer(std::span<const Compared> traces, View view) {
    out_.view = view;
    out_.traces.assign(traces.begin(), traces.end());
    out_.columns = column_names(traces, view);
    out_.roles = matched_sides(traces);
    const Naming naming = view == View::runs ? Naming::in_order : Naming::alike;
    const PayloadKept kept = kept_by_all(traces);
    for (std::size_t i = 0; i < traces.size(); ++i) renamings_.emplace_back(naming, kept);
  }

  Comparison run() {
    for (RoleTable& table : out_.roles) fill(table);
    remark();
    out_.same =
        std::ranges::all_of(out_.roles, [](const RoleTable& t) { return t.findings.empty(); });
    return std::move(out_);
  }

 private:
  void fill(RoleTable& table) {
    std::vector<std::vector<Act>> acts;
    for (std::size_t i = 0; i < table.sides.size(); ++i)
      acts.push_back(table.sides[i] == nullptr ? std::vector<Act>{}
                                               : acts_of(*out_.traces[i].story, *table.sides[i],
                                                         out_.view, renamings_[i]));
    for (const AlignedRow& aligned : align(tokens_of(acts, out_.view)))
      add_row(table, acts, aligned);
    const Findings whole = role_findings(out_, table);
    for (const Said& text : whole.differences) tell(table.findings, text);
    for (const Said& text : whole.alike) tell(table.alike, text);
    told_.clear();
  }

  void add_row(RoleTable& table, const std::vector<std::vector<Act>>& acts,
               const AlignedRow& aligned) {
    std::vector<const Act*> here;
    Row row;
    for (std::size_t i = 0; i < aligned.size(); ++i) {
      here.push_back(aligned[i] ? &acts[i][*aligned[i]] : nullptr);
      row.cells.push_back(aligned[i] ? std::optional(here.back()->cell) : std::nullopt);
      if (here.back() != nullptr) row.what = here.back()->what;
    }
    Findings found = row_findings(out_, here);
    if (found.differences.empty() && out_.view == View::runs && !equal(here))
      found.differences.emplace_back(tr("differs in a part that is not shown"));
    const auto of_row = [&row](const Said& text) {
      return Said(tr("{of}: {finding}"), {{"of", row.what}, {"finding", text}});
    };
    for (const Said& text : found.differences) tell(table.findings, of_row(text));
    for (const Said& text : found.alike) tell(table.alike, of_row(text));
    row.differences = std::move(found.differences);
    table.rows.push_back(std::move(row));
  }

  static bool equal(const std::vector<const Act*>& acts) {
    return std::ranges::all_of(acts, [&](const Act* act) {
      return act != nullptr && acts.front() != nullptr && act->key == acts.front()->key;
    });
  }

  // Each sentence once: what a loop does again is no news.
  void tell(std::vector<Said>& list, const Said& text) {
    if (told_.insert(fill_in(text)).second) list.push_back(text);
  }

  void remark() {
    const bool by_chance = std::ranges::any_of(out_.traces, [](const Compared& trace) {
      return std::ranges::any_of(trace.story->steps,
                                 [](const Step& step) { return waits_by_chance(step.main()); });
    });
    if (by_chance && out_.view == View::runs)
      out_.remarks.emplace_back(
          tr("How often a runtime's own loop waits is up to chance; these waits "
             "are not compared."));
    for (std::size_t i = 0; i < out_.traces.size(); ++i) {
      const Story& story = *out_.traces[i].story;
      if (story.trace->cut || story.end == nullptr)
        out_.remarks.push_back(
            {tr("{name}: the trace was cut off; what came later is not compared."),
             {{"name", out_.columns[i]}}});
      if (story.trace->header.payload_withheld)
        out_.remarks.push_back(
            {tr("{name}: the bytes that were sent and received were left out when "
                "recording; in no trace are they compared."),
             {{"name", out_.columns[i]}}});
    }
  }

  Comparison out_;
  std::vector<Renaming> renamings_;
  std::unordered_set<std::string> told_;
};

} // namespace

Comparison compare(std::span<const Compared> traces, View view) {
  return Comparer(traces, view).run();
}

} // namespace socktale::reports
