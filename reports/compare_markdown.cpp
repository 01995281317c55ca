// A comparison as Markdown: a table a role, a column a trace. Everything from the traces is
// escaped.
#include "reports/compare_text.hpp"
#include "reports/markdown_text.hpp"
#include "reports/wording.hpp"

#include <fmt/format.h>

namespace socktale::reports {
namespace {

class Document {
 public:
  Document(const Comparison& comparison, const Options& options)
      : comparison_(comparison), options_(options) {}

  std::string run() {
    title();
    for (Index i = 0; i < comparison_.roles.size(); ++i) role(comparison_.roles[i], i);
    return std::move(out_);
  }

 private:
  template <class... Args> void line(fmt::format_string<Args...> form, Args&&... args) {
    out_ += fmt::format(form, std::forward<Args>(args)...);
    out_ += '\n';
  }

  std::string told(const Said& said) const { return md_text(say(options_.language, said)); }

  void title() {
    std::string names;
    for (const std::string& name : comparison_.columns) names += (names.empty() ? "" : ", ") + name;
    line("## {}\n", told({tr("{names} side by side"), {{"names", names}}}));
    line("{}\n", told(verdict_sentence(comparison_)));
    for (const Said& remark : comparison_.remarks)
      line("> **{}** {}\n", told(tr("Note:")), told(remark));
  }

  void role(const RoleTable& table, Index index) {
    line("### {} {}\n", side_mark(table.role, index), told(role_text(table.role)));
    for (std::size_t i = 0; i < table.sides.size(); ++i)
      line("- {}: {}", md_text(comparison_.columns[i]),
           table.sides[i] ? md_code(side_text(*table.sides[i])) : told(tr("not in this trace")));
    line("");
    const auto rows = shown_rows(comparison_, table, options_);
    if (!rows.empty()) head();
    for (const Row* row : rows) body(*row);
    if (!rows.empty()) line("");
    if (const Said rest = left_out_rows(comparison_, table, rows.size()); !rest.empty())
      line("{}\n", told(rest));
    list(tr("What differs:"), table.findings);
    list(tr("The same in all, and worth knowing:"), table.alike);
  }

  void head() {
    out_ += fmt::format("| {} |", told(tr("step")));
    for (const std::string& name : comparison_.columns) out_ += fmt::format(" {} |", md_text(name));
    out_ += fmt::format(" {} |\n|---|", told(tr("what differs")));
    for (std::size_t i = 0; i <= comparison_.columns.size(); ++i) out_ += "---|";
    out_ += '\n';
  }

  void body(const Row& row) {
    out_ += fmt::format("| {} |", told(row.what));
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      out_ += fmt::format(" {} |", row.cells[i] ? cell(i, *row.cells[i]) : "—");
    std::string differences;
    for (const Said& text : row.differences)
      differences += (differences.empty() ? "" : "<br>") + told(text);
    out_ += fmt::format(" {} |\n", differences);
  }

  std::string cell(std::size_t column, const Cell& cell) const {
    const CellText text = cell_text(comparison_, column, cell, options_);
    std::string out;
    const auto part = [&out](const std::string& more) {
      if (more.empty()) return;
      out += (out.empty() ? "" : "<br>") + more;
    };
    part(md_text(text.line));
    if (!text.note.empty()) part(told({tr("({note})"), {{"note", text.note}}}));
    part(md_code(text.code));
    part((text.hidden ? "↳ " : "→ ") + md_code(text.main));
    for (const std::string& other : text.others) part("↳ " + md_code(other));
    return out;
  }

  void list(const Said& heading, const std::vector<Said>& texts) {
    if (texts.empty()) return;
    line("{}\n", told(heading));
    const std::size_t limit = options_.step_limit == 0 ? texts.size() : options_.step_limit;
    for (std::size_t i = 0; i < std::min(limit, texts.size()); ++i) line("- {}", told(texts[i]));
    if (texts.size() > limit)
      line("- {}", told({tr("{count} more"), {{"count", texts.size() - limit}}}));
    line("");
  }

  const Comparison& comparison_;
  const Options& options_;
  std::string out_;
};

} // namespace

std::string comparison_markdown(const Comparison& comparison, const Options& options) {
  return Document(comparison, options).run();
}

} // namespace socktale::reports
