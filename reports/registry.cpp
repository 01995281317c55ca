#include "reports/registry.hpp"

#include "reports/csv.hpp"
#include "reports/json.hpp"
#include "reports/markdown.hpp"
#include "reports/mermaid.hpp"
#include "reports/otlp.hpp"
#include "reports/page.hpp"
#include "reports/pcapng.hpp"
#include "reports/perfetto.hpp"
#include "reports/plantuml.hpp"
#include "reports/shiviz.hpp"
#include "reports/strace.hpp"
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
    Format{"pcapng", "packets made from the calls and their bytes, for Wireshark and tshark",
           render_pcapng, true},
    Format{"mermaid", "the diagram alone, for whatever draws Mermaid", mermaid_sequence},
    Format{"plantuml", "a sequence diagram with the bytes between both ends, for PlantUML",
           render_plantuml},
    Format{"shiviz", "which call can have led to which, as vector clocks for ShiViz",
           render_shiviz},
    Format{"strace", "a line a kernel call, as strace -f prints them", render_strace},
};

} // namespace

std::span<const Format> formats() { return rows; }

const Format* format(std::string_view name) {
  const auto* row = std::ranges::find(rows, name, &Format::name);
  return row != rows.end() ? row : nullptr;
}

} // namespace socktale::reports
