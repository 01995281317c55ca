// A comparison for a terminal: columns side by side where it is wide enough, one under the other
// where it is not.
#include "reports/compare_text.hpp"
#include "reports/terminal_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

constexpr std::size_t narrowest_column = 40; // what TerminalText can wrap to
constexpr std::size_t gap = 2;

class Screen {
 public:
  Screen(const Comparison& comparison, const Options& options)
      : comparison_(comparison), options_(options), text_(options) {
    const std::size_t count = std::max<std::size_t>(1, comparison.columns.size());
    const std::size_t room = text_.width() > gap * count ? text_.width() - gap * count : 0;
    if (room / count >= narrowest_column) column_width_ = room / count;
  }

  std::string run() {
    text_.line(
        {{told(verdict_sentence(comparison_)), comparison_.same ? Style::good : Style::strong}});
    for (const Said& remark : comparison_.remarks)
      text_.paragraph({{"! ", Style::bad}}, {{told(remark)}});
    for (Index i = 0; i < comparison_.roles.size(); ++i) role(comparison_.roles[i], i);
    return text_.take();
  }

 private:
  std::string told(const Said& said) const { return text_.told(said); }

  void role(const RoleTable& table, Index index) {
    text_.blank();
    text_.heading({{std::string(side_mark(table.role, index)) + " " + told(role_text(table.role)),
                    side_style(index)}});
    for (std::size_t i = 0; i < table.sides.size(); ++i)
      text_.paragraph(
          {{comparison_.columns[i] + "  ", side_style(i)}},
          {{table.sides[i] ? side_text(*table.sides[i]) : told(tr("not in this trace"))}});
    const auto rows = shown_rows(comparison_, table, options_);
    if (column_width_ && !rows.empty()) heads();
    for (const Row* each : rows) row(*each);
    if (const Said rest = left_out_rows(comparison_, table, rows.size()); !rest.empty()) {
      text_.blank();
      text_.line({{told(rest), Style::dim}});
    }
    list(tr("What differs"), "≠ ", table.findings);
    list(tr("The same in all, and worth knowing"), "= ", table.alike);
  }

  void heads() {
    text_.blank();
    Runs runs;
    for (std::size_t i = 0; i < comparison_.columns.size(); ++i) {
      runs.push_back({std::string(gap, ' ')});
      runs.push_back({column(comparison_.columns[i], *column_width_), side_style(i)});
    }
    text_.line(runs);
  }

  void row(const Row& row) {
    text_.blank();
    text_.line({{told(row.what), Style::strong}});
    if (column_width_)
      beside(row);
    else
      below(row);
    for (const Said& difference : row.differences)
      text_.paragraph({{"  ≠ ", Style::bad}}, {{told(difference)}});
  }

  // The lines of a cell, wrapped to a width.
  std::vector<std::string> lines(std::size_t index, const Cell& cell, std::size_t width) const {
    const CellText shown = cell_text(comparison_, index, cell, options_);
    Options look = options_;
    look.colour = false;
    look.width = width;
    TerminalText text(look);
    Runs head = {{shown.line}};
    if (!shown.note.empty())
      head.push_back(
          {(shown.line.empty() ? "" : "  ") + told({tr("({note})"), {{"note", shown.note}}})});
    text.line(head);
    if (!shown.code.empty()) text.paragraph({}, {{"  "}}, {{shown.code}});
    text.paragraph({{shown.hidden ? "↳ " : "→ "}}, {{"    "}}, {{shown.main}});
    for (const std::string& other : shown.others) text.paragraph({{"↳ "}}, {{"    "}}, {{other}});
    return split(text.take());
  }

  static std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      out.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return out;
  }

  void beside(const Row& row) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 0;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      cells.push_back(row.cells[i] ? lines(i, *row.cells[i], *column_width_)
                                   : std::vector<std::string>{"—"});
      height = std::max(height, cells.back().size());
    }
    for (std::size_t n = 0; n < height; ++n) {
      Runs runs;
      for (const std::vector<std::string>& cell : cells) {
        runs.push_back({std::string(gap, ' ')});
        runs.push_back({column(n < cell.size() ? cell[n] : "", *column_width_),
                        n == 0 ? Style::dim : Style::plain});
      }
      text_.line(runs);
    }
  }

  void below(const Row& row) {
    constexpr std::size_t widest_name = 16;
    std::size_t label = 0;
    for (const std::string& name : comparison_.columns)
      label = std::max(label, display_width(printable(name)));
    label = std::min(label, widest_name) + gap;
    const std::size_t left = std::max(narrowest_column, text_.width() - 2 - label);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto shown =
          row.cells[i] ? lines(i, *row.cells[i], left) : std::vector<std::string>{"—"};
      for (std::size_t n = 0; n < shown.size(); ++n)
        text_.paragraph(
            {{"  "},
             {column(n == 0 ? comparison_.columns[i] : "", label - gap) + "  ", side_style(i)}},
            {{shown[n]}});
    }
  }

  void list(const Said& heading, const std::string& mark, const std::vector<Said>& texts) {
    if (texts.empty()) return;
    text_.blank();
    text_.line({{told(heading), Style::strong}});
    const std::size_t limit = options_.step_limit == 0 ? texts.size() : options_.step_limit;
    for (std::size_t i = 0; i < std::min(limit, texts.size()); ++i)
      text_.paragraph({{"  " + mark}}, {{told(texts[i])}});
    if (texts.size() > limit)
      text_.line(
          {{"  " + told({tr("{count} more"), {{"count", texts.size() - limit}}}), Style::dim}});
  }

  const Comparison& comparison_;
  const Options& options_;
  TerminalText text_;
  std::optional<std::size_t> column_width_; // absent: too narrow to stand side by side
};

} // namespace

std::string comparison_terminal(const Comparison& comparison, const Options& options) {
  return Screen(comparison, options).run();
}

} // namespace socktale::reports
