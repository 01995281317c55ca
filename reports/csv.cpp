#include "reports/csv.hpp"

#include "reports/call_list.hpp"
#include "reports/facts.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// The last four are full-width forms, which some input methods make and some spreadsheets take. Tab
// and CR, which are skipped, do not come through `printable`.
constexpr std::array<std::string_view, 8> starts_formula = {"=",  "+",  "-",  "@",
                                                            "＝", "＋", "－", "＠"};

struct Row {
  const Story& story;
  const Options& options;
  const ListedCall& listed;
  const model::Call& call = *listed.call;
  const Step& step = story.steps[listed.step];
};

std::string number(const auto& value) { return fmt::to_string(value); }
std::string text(std::string_view value) { return value.empty() ? "" : csv_text(value); }

// "1.250000000", to the nanosecond, as no floating-point number would keep it.
std::string seconds(std::int64_t ns) {
  constexpr std::uint64_t in_one = 1'000'000'000;
  const auto bits = static_cast<std::uint64_t>(ns);
  const std::uint64_t size = ns < 0 ? 0 - bits : bits;
  return fmt::format("{}{}.{:09}", ns < 0 ? "-" : "", size / in_one, size % in_one);
}

// A program sees -1, whatever the kernel returned; of a call that is to be made again, nothing.
std::string result(const Row& row) {
  if (!row.call.outcome || restarts(row.call)) return "";
  return row.call.outcome->error == 0 ? number(row.call.outcome->result) : "-1";
}

std::string error(const Row& row) {
  if (!row.call.outcome || row.call.outcome->error == 0) return "";
  const model::Outcome& outcome = *row.call.outcome;
  return outcome.error_name.empty() ? number(outcome.error) : text(outcome.error_name);
}

std::string others(const Row& row) {
  std::string out;
  for (const model::SocketId id : row.call.touched)
    out += fmt::format("{}{}", out.empty() ? "" : " ", id.value);
  return text(out);
}

std::string endpoint(const Row& row, std::optional<model::Endpoint> model::Socket::* which) {
  const model::Socket* socket = addressed(row.story, row.call);
  return socket && socket->*which ? text(endpoint_text(*(socket->*which))) : "";
}

struct Column {
  std::string_view name;
  std::string (*cell)(const Row&);
};
// clang-format off
constexpr std::array columns = {
  Column{"call", [](const Row& row) { return number(row.call.id.value); }},
  Column{"step", [](const Row& row) { return number(row.step.number); }},
  Column{"role", [](const Row& row) { return text(row.story.sides[row.step.side].role); }},
  Column{"pid", [](const Row& row) { return number(row.call.pid.value); }},
  Column{"tid", [](const Row& row) { return number(row.call.tid.value); }},
  Column{"entered_s", [](const Row& row) { return seconds(row.call.entered.ns); }},
  Column{"left_s", [](const Row& row) { return row.call.outcome ? seconds(row.call.outcome->left.ns) : ""; }},
  Column{"duration_s", [](const Row& row) { const auto ns = duration_of(row.call); return ns ? seconds(*ns) : ""; }},
  Column{"api", [](const Row& row) { return text(row.step.api); }},
  Column{"file", [](const Row& row) { return text(row.call.place.file); }},
  Column{"line", [](const Row& row) { const auto line = row.call.place.span.line; return line > 0 ? number(line) : ""; }},
  Column{"function", [](const Row& row) { return text(row.call.place.function); }},
  Column{"expression", [](const Row& row) { return text(row.call.place.text); }},
  Column{"hidden", [](const Row& row) { return number(row.listed.hidden ? 1 : 0); }},
  Column{"name", [](const Row& row) { return text(row.call.name); }},
  Column{"arguments", [](const Row& row) { return text(arguments_text(row.call, row.options.string_limit)); }},
  Column{"result", result},
  Column{"errno", error},
  Column{"socket", [](const Row& row) { return row.call.socket ? number(row.call.socket->value) : ""; }},
  Column{"other_sockets", others},
  Column{"fd", [](const Row& row) { const auto fd = descriptor_of(row.story, row.call); return fd ? number(*fd) : ""; }},
  Column{"local", [](const Row& row) { return endpoint(row, &model::Socket::local); }},
  Column{"peer", [](const Row& row) { return endpoint(row, &model::Socket::peer); }},
  Column{"bytes", [](const Row& row) { return direction_of(row.call) == Direction::neither ? "" : number(bytes_moved(row.call)); }},
  Column{"payload", [](const Row& row) { return text(payload_text(row.call, row.options.string_limit)); }},
};
// clang-format on

} // namespace

std::string csv_text(std::string_view text) {
  std::string out = "\"";
  if (std::ranges::any_of(starts_formula, [&](auto start) { return text.starts_with(start); }))
    out += '\'';
  for (const char c : printable(text)) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string render_csv(const Story& story, const Options& options) {
  std::string out;
  for (const Column& column : columns)
    out += fmt::format("{}{}", out.empty() ? "" : ",", column.name);
  out += "\r\n";
  for (const ListedCall& listed : list_calls(story)) {
    const Row row{story, options, listed};
    for (const Column& column : columns) {
      if (&column != columns.data()) out += ',';
      out += column.cell(row);
    }
    out += "\r\n";
  }
  return out;
}

} // namespace socktale::reports
