#include "reports/compare_text.hpp"

#include "reports/facts.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

constexpr std::array formats_of_comparisons = {
    ComparisonFormat{"terminal", comparison_terminal},
    ComparisonFormat{"markdown", comparison_markdown},
    ComparisonFormat{"json", comparison_json},
};

// As strace(1) prints it, but addresses as people write them: a column is narrow.
std::string short_call(const model::Call& call, const Options& options) {
  if (!call.outcome || !address_in(call)) return call_text(call, options.string_limit);
  std::string args;
  for (const model::Field& field : call.args) {
    const auto address = address_text(field.shown());
    if (!args.empty()) args += ", ";
    args += address ? printable(*address) : field_text(field, options.string_limit);
  }
  return fmt::format("{}({}) = {}", printable(call.name), args,
                     result_text(call, options.string_limit));
}

} // namespace

std::span<const ComparisonFormat> comparison_formats() { return formats_of_comparisons; }

const ComparisonFormat* comparison_format(std::string_view name) {
  const auto* at = std::ranges::find(formats_of_comparisons, name, &ComparisonFormat::name);
  return at != formats_of_comparisons.end() ? at : nullptr;
}

CellText cell_text(const Comparison& comparison, std::size_t column, const Cell& cell,
                   const Options& options) {
  const model::Place& place = cell.main().place;
  const Expression expression = expression_of(place);
  CellText out;
  out.line = line_label(*comparison.traces[column].story, place);
  out.note = expression.note;
  out.code = expression.code;
  if (cell.times > 1)
    out.note = out.note.empty() ? Said(tr("{count} times in a row"), {{"count", cell.times}})
                                : Said(tr("{note}; {count} times in a row"),
                                       {{"note", std::move(out.note)}, {"count", cell.times}});
  out.main = short_call(cell.main(), options);
  out.hidden = cell.hidden;
  for (std::size_t i = 0; i < cell.calls.size(); ++i)
    if (i != cell.main_call) out.others.push_back(short_call(*cell.calls[i], options));
  return out;
}

std::string side_text(const Side& side) {
  const std::string runtime = runtime_text(side);
  return command_text(side) + (runtime.empty() ? "" : " · " + runtime);
}

Said verdict_sentence(const Comparison& comparison) {
  if (comparison.view == View::runs)
    return comparison.same ? tr("Nothing differs once descriptors, ports, hosts, pids, addresses "
                                "and times have "
                                "names.")
                           : tr("The runs differ even once descriptors, ports, hosts, pids, "
                                "addresses and times "
                                "have names.");
  return comparison.same
             ? tr("They ask the kernel for the same; source lines, wording and descriptor numbers "
                  "do not count.")
             : tr("They do not ask the kernel for the same; source lines, wording and descriptor "
                  "numbers do not count.");
}

std::vector<const Row*> shown_rows(const Comparison& comparison, const RoleTable& table,
                                   const Options& options) {
  std::vector<const Row*> out;
  for (const Row& row : table.rows) {
    if (options.step_limit != 0 && out.size() == options.step_limit) break;
    if (comparison.view == View::languages || !row.differences.empty()) out.push_back(&row);
  }
  return out;
}

Said left_out_rows(const Comparison& comparison, const RoleTable& table, std::size_t shown) {
  if (shown == table.rows.size()) return {};
  const std::size_t hidden = table.rows.size() - shown;
  const auto equal = static_cast<std::size_t>(
      std::ranges::count_if(table.rows, [](const Row& row) { return row.differences.empty(); }));
  if (comparison.view == View::runs && hidden == equal)
    return {tr("{count} step is the same in all.", "{count} steps are the same in all.", "count"),
            {{"count", equal}}};
  return {tr("{count} further step is not shown; the JSON form has them all.",
             "{count} further steps are not shown; the JSON form has them all.", "count"),
          {{"count", hidden}}};
}

} // namespace socktale::reports
