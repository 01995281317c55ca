#include "reports/registry.hpp"

#include "reports/csv.hpp"
#include "reports/json.hpp"
#include "reports/markdown.hpp"
#include "reports/otlp.hpp"
#include "reports/page.hpp"
#include "reports/perfetto.hpp"
#include "reports/terminal.hpp"

#include <algorithm>
#include <array>

namespace socktale::reports {
namespace {

constexpr std::array rows = {
    Format{"terminal", "tables for a terminal, within its width", render_terminal},
    Format{"markdown", "the whole report, with a diagram, to paste or hand in", render_markdown},
    Format{"json", "the same for programs; reports/schema/report.schema.json describes it",
           render_json},
    Format{"html", "one page to step through, for a browser or a projector; needs no network",
           render_html},
    Format{"perfetto", "a timeline for ui.perfetto.dev, chrome://tracing or the Firefox profiler",
           render_perfetto},
    Format{"otlp", "spans as OTLP/JSON, for what takes OpenTelemetry traces", render_otlp},
    Format{"csv", "one row a kernel call, for spreadsheets and data frames", render_csv},
};

} // namespace

std::span<const Format> formats() { return rows; }

const Format* format(std::string_view name) {
  const auto* row = std::ranges::find(rows, name, &Format::name);
  return row != rows.end() ? row : nullptr;
}

} // namespace socktale::reports
