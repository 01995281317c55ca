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
    out.note += fmt::format("{}{} times in a row", out.note.empty() ? "" : "; ", cell.times);
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

std::string verdict_sentence(const Comparison& comparison) {
  if (comparison.view == View::runs)
    return fmt::format("{} once descriptors, ports, hosts, pids, addresses and times have names.",
                       comparison.same ? "Nothing differs" : "The runs differ even");
  return fmt::format("{}; source lines, wording and descriptor numbers do not count.",
                     comparison.same ? "They ask the kernel for the same"
                                     : "They do not ask the kernel for the same");
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

std::string left_out_rows(const Comparison& comparison, const RoleTable& table, std::size_t shown) {
  if (shown == table.rows.size()) return "";
  const std::size_t hidden = table.rows.size() - shown;
  const auto equal = static_cast<std::size_t>(
      std::ranges::count_if(table.rows, [](const Row& row) { return row.differences.empty(); }));
  if (comparison.view == View::runs && hidden == equal)
    return fmt::format("{} steps are the same in all.", equal);
  return fmt::format("{} further steps are not shown; the JSON form has them all.", hidden);
}

} // namespace socktale::reports
