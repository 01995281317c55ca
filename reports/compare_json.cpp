// A comparison as JSON for programs; its form is reports/schema/compare.schema.json.
#include "reports/compare_text.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

// In ASCII, because what steers a terminal or hides is beyond it; broken UTF-8 becomes U+FFFD.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Json columns_json(const Comparison& comparison) {
  Json out = Json::array();
  for (std::size_t i = 0; i < comparison.columns.size(); ++i)
    out.push_back({{"name", comparison.columns[i]}, {"file", comparison.traces[i].file}});
  return out;
}

Json said_json(const std::vector<Said>& texts, const Options& options) {
  Json out = Json::array();
  for (const Said& text : texts) out.push_back(say(options.language, text));
  return out;
}

Json side_json(const Side* side, const Options& options) {
  if (side == nullptr) return nullptr;
  return {{"argv", side->argv},
          {"runtime", runtime_text(*side)},
          {"end", say(options.language, end_text(*side))}};
}

Json cell_json(const Comparison& comparison, std::size_t column, const std::optional<Cell>& cell,
               const Options& options) {
  if (!cell) return nullptr;
  const CellText text = cell_text(comparison, column, *cell, options);
  Json out = {{"step", cell->step->number},
              {"line", text.line},
              {"note", say(options.language, text.note)},
              {"code", text.code},
              {"times", cell->times}};
  Json& calls = out["calls"] = Json::array();
  for (std::size_t i = 0; i < cell->calls.size(); ++i) {
    const model::Call& call = *cell->calls[i];
    const bool main = i == cell->main_call;
    calls.push_back({{"id", call.id.value},
                     {"name", call.name},
                     {"libc", call.place.libc},
                     {"main", main},
                     {"hidden", !main || cell->hidden},
                     {"text", call_text(call, options.string_limit)}});
  }
  return out;
}

// One row a line, each written out before the next is made: a trace may be long.
std::string rows_text(const Comparison& comparison, const RoleTable& table,
                      const Options& options) {
  std::string out;
  for (const Row& row : table.rows) {
    Json each = {{"what", say(options.language, row.what)}, {"same", row.differences.empty()}};
    Json& cells = each["cells"] = Json::array();
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      cells.push_back(cell_json(comparison, i, row.cells[i], options));
    each["differences"] = said_json(row.differences, options);
    out += (out.empty() ? "\n  " : ",\n  ") + dump(each);
  }
  return out.empty() ? out : out + "\n ";
}

} // namespace

std::string comparison_json(const Comparison& comparison, const Options& options) {
  std::string out =
      fmt::format("{{\n\"schema\": {},\n\"kind\": \"socktale-comparison\",\n", comparison_schema);
  out += fmt::format("\"lang\": {},\n", dump(language_code(options.language)));
  out += fmt::format("\"as\": {},\n\"same\": {},\n\"columns\": {},\n\"remarks\": {},\n\"roles\": [",
                     dump(view_word(comparison.view)), comparison.same,
                     dump(columns_json(comparison)), dump(said_json(comparison.remarks, options)));
  for (const RoleTable& table : comparison.roles) {
    Json sides = Json::array();
    for (const Side* side : table.sides) sides.push_back(side_json(side, options));
    out +=
        fmt::format("{}\n {{\"role\": {}, \"sides\": {}, \"differences\": {}, \"alike\": {},\n"
                    " \"rows\": [{}]}}",
                    &table == &comparison.roles.front() ? "" : ",", dump(table.role), dump(sides),
                    dump(said_json(table.findings, options)), dump(said_json(table.alike, options)),
                    rows_text(comparison, table, options));
  }
  return out + "\n]\n}\n";
}

} // namespace socktale::reports
