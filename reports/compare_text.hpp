// A comparison as text: the formats of `socktale compare` by name, and what a cell shows in those
// that people read. Each format escapes for itself.
#pragma once

#include "reports/compare.hpp"
#include "reports/options.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::reports {

struct ComparisonFormat {
  std::string_view name; // as --to takes it
  std::string (*render)(const Comparison&, const Options&);
};
[[nodiscard]] std::span<const ComparisonFormat> comparison_formats();
// nullptr: no such format.
[[nodiscard]] const ComparisonFormat* comparison_format(std::string_view name);

// The structure is reports/schema/compare.schema.json's.
inline constexpr int comparison_schema = 1;

[[nodiscard]] std::string comparison_terminal(const Comparison& comparison, const Options& options);
[[nodiscard]] std::string comparison_markdown(const Comparison& comparison, const Options& options);
[[nodiscard]] std::string comparison_json(const Comparison& comparison, const Options& options);

// What a cell shows, not escaped.
struct CellText {
  std::string line;                // "server.py:20"; empty: unknown
  Said note;                       // "leaving a scope"; empty: none
  std::string code;                // the call as it is written; empty: unknown
  std::string main;                // the kernel call that the row is about, and its result
  bool hidden = false;             // it is not the one that the written call is named for
  std::vector<std::string> others; // further ones of the same API call
};
[[nodiscard]] CellText cell_text(const Comparison& comparison, std::size_t column, const Cell& cell,
                                 const Options& options);

// What ran: "python3 server.py · CPython 3.11.2".
[[nodiscard]] std::string side_text(const Side& side);
// "Nothing differs." and the like.
[[nodiscard]] Said verdict_sentence(const Comparison& comparison);
// Rows that a reader gets to see: of runs those that differ. At most options.step_limit of a role.
[[nodiscard]] std::vector<const Row*> shown_rows(const Comparison& comparison,
                                                 const RoleTable& table, const Options& options);
// What is to be said of the others; empty: all are shown.
[[nodiscard]] Said left_out_rows(const Comparison& comparison, const RoleTable& table,
                                 std::size_t shown);

} // namespace socktale::reports
