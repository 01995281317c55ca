#include "reports/wording.hpp"

#include "reports/facts.hpp"
#include "reports/sentences.hpp"
#include "tracer/base/clock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

struct RoleMark {
  std::string_view role, mark;
};
constexpr std::array role_marks = {RoleMark{"server", "▣"}, RoleMark{"client", "●"}};
constexpr std::array<std::string_view, 4> other_marks = {"◆", "▲", "■", "★"};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

struct ClosingRow {
  Closing closing;
  std::string_view short_text, sentence;
};
// clang-format off
constexpr std::array closings = {
  ClosingRow{Closing::open, "still open when the recording ended", "Descriptor {fd} of the {side}, made at {made}, was still open when the recording ended."},
  ClosingRow{Closing::program, "closed by {place}", "Descriptor {fd} of the {side}, made at {made}, was closed by {place}."},
  ClosingRow{Closing::library, "closed by library code, {place}", "Descriptor {fd} of the {side}, made at {made}, was closed by library code, {place}."},
  ClosingRow{Closing::interpreter, "never closed by the program; the interpreter did it at its end", "The {side} made descriptor {fd} at {made} and never closed it; the interpreter did so at its end."},
  ClosingRow{Closing::exit, "never closed by the program; the kernel did it at the process's end", "The {side} made descriptor {fd} at {made} and never closed it; the kernel did so when the process ended."},
  ClosingRow{Closing::exec, "never closed by the program; the kernel did it at an exec", "The {side} made descriptor {fd} at {made} and never closed it; the kernel did so when another program was started."},
};
// clang-format on

std::string place_of_step(const Story& story, std::optional<Index> step) {
  if (!step) return "a call that is not in this trace";
  const model::Place& place = story.steps[*step].place();
  const std::string line = line_label(story, place);
  return line.empty() ? fmt::format("step {}", story.steps[*step].number) : line;
}

struct PartRow {
  Part::Kind kind;
  std::string_view word, text;
};
// clang-format off
constexpr std::array parts = {
  PartRow{Part::Kind::differs, "differs", "{where}: {claimed} is claimed, {observed} was observed"},
  PartRow{Part::Kind::spelling, "spelling", "{where}: {claimed} is another spelling of {observed}"},
  PartRow{Part::Kind::wording, "wording", "this program writes the call as {observed}"},
  PartRow{Part::Kind::form, "form", "{where}: {claimed} is claimed, which is a number behind a pointer; {observed} was observed, the number itself"},
  PartRow{Part::Kind::absent, "absent", "{where}: {claimed} is claimed, but the observed call has no such part"},
};
// clang-format on

} // namespace

std::string_view side_mark(std::string_view role, Index side) {
  const auto* known = std::ranges::find(role_marks, role, &RoleMark::role);
  return known != role_marks.end() ? known->mark : other_marks.at(side % other_marks.size());
}

std::string duration_text(std::int64_t ns) {
  const auto value = static_cast<double>(ns);
  if (ns < 1'000'000) return fmt::format("{:.0f} us", value / 1e3);
  if (ns < 1'000'000'000) return fmt::format("{:.2f} ms", value / 1e6);
  return fmt::format("{:.2f} s", value / 1e9);
}

std::optional<std::int64_t> duration_of(const model::Call& call) {
  if (!call.outcome) return std::nullopt;
  return std::max<std::int64_t>(0, call.outcome->left.ns - call.entered.ns);
}

std::string command_text(const Side& side) { return joined(side.argv); }

std::string runtime_text(const Side& side) {
  if (!side.runs || side.runs->runtime.empty()) return "";
  return side.runs->runtime +
         (side.runs->runtime_version.empty() ? "" : " " + side.runs->runtime_version);
}

std::string end_text(const Side& side) {
  if (!side.process) return "was not started";
  if (!side.gone) return "had not ended when the recording did";
  if (side.gone->signal) return fmt::format("killed by signal {}", *side.gone->signal);
  return side.gone->status ? fmt::format("exit status {}", *side.gone->status) : "ended";
}

std::vector<std::pair<std::string, std::string>> environment(const Story& story) {
  const model::Header& header = story.trace->header;
  std::vector<std::pair<std::string, std::string>> out = {
      {"recorded", utc_date(header.began_at)},
      {"by", header.tool},
      {"system", header.system},
      {"kernel", fmt::format("Linux {} ({})", header.kernel, header.machine)},
      {"C library", header.libc},
  };
  for (const Side& side : story.sides) {
    std::string text = command_text(side);
    if (const std::string runtime = runtime_text(side); !runtime.empty()) text += " · " + runtime;
    if (side.process)
      text += fmt::format(" · process {}", story.processes[*side.process].pid.value);
    out.emplace_back(side.role, text + " · " + end_text(side));
  }
  std::erase_if(out, [](const auto& row) { return row.second.empty(); });
  return out;
}

std::vector<std::string> remarks(const Story& story) {
  std::vector<std::string> out;
  if (story.trace->cut || !story.end)
    out.emplace_back(
        "The trace was cut off: what happened after its last whole line is not in it.");
  if (story.trace->header.payload_withheld)
    out.emplace_back("The bytes that were sent and received were left out when recording.");
  if (story.trace->header.source_withheld)
    out.emplace_back("The text of the source files was left out when recording.");
  for (const Side& side : story.sides)
    if (side.folded.calls > 0)
      out.push_back(fmt::format("{}: {} calls are left out that launchers made, programs that "
                                "only led to this one (processes: {}).",
                                side.role, side.folded.calls, side.folded.processes));
  for (const model::Note* note : story.notes) out.push_back(sentence(*note));
  return out;
}

Expression expression_of(const model::Place& place) {
  if (place.event_loop) return {"made later by the runtime's own loop", place.function};
  switch (place.kind) {
  case model::PlaceKind::call: break;
  case model::PlaceKind::leaving: return {"leaving a scope", place.text};
  case model::PlaceKind::library: return {"library code", place.text};
  case model::PlaceKind::finalizing: return {"the interpreter's clean-up at its end", ""};
  case model::PlaceKind::unknown: return {"line of source unknown", place.text};
  }
  return {place.text.empty() ? "text of the line unknown" : "", place.text};
}

std::string to_text(const Expression& expression) {
  if (expression.note.empty()) return expression.code;
  if (expression.code.empty()) return fmt::format("({})", expression.note);
  return fmt::format("({}) {}", expression.note, expression.code);
}

std::string descriptors_text(const SocketStory& socket) {
  std::string out;
  for (const Descriptor& descriptor : socket.descriptors) {
    const std::string number = fmt::to_string(descriptor.number);
    if (!out.empty()) out += ", ";
    out += number;
  }
  return out.empty() ? "?" : out;
}

std::string socket_label(const Story& story, const SocketStory& socket) {
  return fmt::format("{}, descriptor {}", story.sides[socket.side].role, descriptors_text(socket));
}

std::string made_text(const Story& story, const SocketStory& socket) {
  if (socket.made_in) return place_of_step(story, socket.made_in);
  return fmt::format("a call that is not in this trace ({})", socket.last->origin);
}

std::string closing_text(const Story& story, const SocketStory& socket) {
  const auto* row = std::ranges::find(closings, socket.closing, &ClosingRow::closing);
  return fill_in(row->short_text, {{"place", place_of_step(story, socket.closed_in)}});
}

std::string closing_sentence(const Story& story, const SocketStory& socket) {
  const auto* row = std::ranges::find(closings, socket.closing, &ClosingRow::closing);
  return fill_in(row->sentence, {{"side", story.sides[socket.side].role},
                                 {"fd", descriptors_text(socket)},
                                 {"made", made_text(story, socket)},
                                 {"place", place_of_step(story, socket.closed_in)}});
}

std::string part_text(const Part& part) {
  const auto* row = std::ranges::find(parts, part.kind, &PartRow::kind);
  return fill_in(row->text,
                 {{"where", part.where}, {"claimed", part.claimed}, {"observed", part.observed}});
}

std::string_view part_word(Part::Kind kind) {
  return std::ranges::find(parts, kind, &PartRow::kind)->word;
}

std::string_view verdict_word(RowVerdict::Is is) {
  switch (is) {
  case RowVerdict::Is::same: return "same";
  case RowVerdict::Is::differs: return "differs";
  case RowVerdict::Is::missing: return "missing";
  }
  return "";
}

std::string left_out_text(const Story& story, const LeftOut& left_out) {
  const model::Place& place = story.steps[left_out.first_step].place();
  Words words = {{"side", story.sides[left_out.side].role},
                 {"kernel", left_out.kernel},
                 {"place", line_label(story, place)},
                 {"expression", to_text(expression_of(place))},
                 {"count", fmt::to_string(left_out.count)}};
  if (left_out.hidden) return fill_in("{side}: {kernel}, hidden in {expression} ({count}x)", words);
  if (place.file.empty()) return fill_in("{side}: {kernel}, {expression} ({count}x)", words);
  return fill_in("{side}: {kernel} by {expression}, first at {place} ({count}x)", words);
}

const model::Socket* socket_of(const Story& story, const model::Call& call) {
  if (!call.socket) return nullptr;
  const auto found = story.sockets.find(*call.socket);
  return found != story.sockets.end() ? found->second.last : nullptr;
}

bool is_trouble(const model::Call& call) {
  if (!call.outcome || call.outcome->error == 0 || restarts(call)) return false;
  const int error = call.outcome->error;
  // An interpreter that describes a socket for its warning asks for a peer that need not be there.
  if (call.place.kind == model::PlaceKind::finalizing && error == ENOTCONN) return false;
  return error != EAGAIN && error != EINPROGRESS && error != EINTR;
}

} // namespace socktale::reports
