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
  Phrase text;
};
constexpr std::array role_marks = {RoleMark{"server", "▣", tr("server")},
                                   RoleMark{"client", "●", tr("client")}};
constexpr std::array<std::string_view, 4> other_marks = {"◆", "▲", "■", "★"};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

struct ClosingRow {
  Closing closing;
  Phrase short_text, sentence;
};
// clang-format off
constexpr std::array closings = {
  ClosingRow{Closing::open, tr("still open where the trace ends"), tr("Descriptor {fd} of the {side}, made at {made}, was still open where the trace ends.")},
  ClosingRow{Closing::program, tr("closed by {place}"), tr("Descriptor {fd} of the {side}, made at {made}, was closed by {place}.")},
  ClosingRow{Closing::library, tr("closed by library code, {place}"), tr("Descriptor {fd} of the {side}, made at {made}, was closed by library code, {place}.")},
  ClosingRow{Closing::interpreter, tr("never closed by the program; the interpreter did it at its end"), tr("The {side} made descriptor {fd} at {made} and never closed it; the interpreter did so at its end.")},
  ClosingRow{Closing::exit, tr("never closed by the program; the kernel did it at the process's end"), tr("The {side} made descriptor {fd} at {made} and never closed it; the kernel did so when the process ended.")},
  ClosingRow{Closing::exec, tr("never closed by the program; the kernel did it at an exec"), tr("The {side} made descriptor {fd} at {made} and never closed it; the kernel did so when another program was started.")},
};
// clang-format on

Said place_of_step(const Story& story, std::optional<Index> step) {
  if (!step) return tr("a call that is not in this trace");
  const model::Place& place = story.steps[*step].place();
  const std::string line = line_label(story, place);
  if (!line.empty()) return as_it_is(line);
  return {tr("step {step}"), {{"step", story.steps[*step].number}}};
}

struct PartRow {
  Part::Kind kind;
  std::string_view word;
  Phrase text;
};
// clang-format off
constexpr std::array parts = {
  PartRow{Part::Kind::differs, "differs", tr("{where}: {claimed} is claimed, {observed} was observed")},
  PartRow{Part::Kind::spelling, "spelling", tr("{where}: {claimed} is another spelling of {observed}")},
  PartRow{Part::Kind::wording, "wording", tr("this program writes the call as {observed}")},
  PartRow{Part::Kind::form, "form", tr("{where}: {claimed} is claimed, which is a number behind a pointer; {observed} was observed, the number itself")},
  PartRow{Part::Kind::absent, "absent", tr("{where}: {claimed} is claimed, but the observed call has no such part")},
};
// clang-format on

} // namespace

std::string_view side_mark(std::string_view role, Index side) {
  const auto* known = std::ranges::find(role_marks, role, &RoleMark::role);
  return known != role_marks.end() ? known->mark : other_marks.at(side % other_marks.size());
}

Said role_text(const std::string& role) {
  const auto* known = std::ranges::find(role_marks, role, &RoleMark::role);
  return known != role_marks.end() ? Said(known->text) : as_it_is(role);
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

Said end_text(const Side& side) {
  if (!side.process) return tr("was not started");
  if (!side.gone) return tr("was still running where the trace ends");
  if (side.gone->signal) return {tr("killed by signal {signal}"), {{"signal", *side.gone->signal}}};
  if (side.gone->status) return {tr("exit status {status}"), {{"status", *side.gone->status}}};
  return tr("ended");
}

namespace {

// How much of what was sent and received was to be kept.
Said payload_policy(const model::Header& header) {
  constexpr std::uint64_t all = std::uint64_t{8} << 20; // what --payload full keeps at most
  if (header.payload_unseen) return tr("not recorded, and no length of a buffer either");
  if (header.payload_withheld) return tr("only its lengths are recorded");
  Said kept = header.payload_limit >= all
                  ? Said(tr("recorded in full"))
                  : Said(tr("at most {limit} bytes of each call are recorded"),
                         {{"limit", header.payload_limit}});
  if (header.payload_patterns == 0) return kept;
  return {tr("{kept}; what matched {count} pattern was replaced by *",
             "{kept}; what matched {count} patterns was replaced by *", "count"),
          {{"kept", kept}, {"count", header.payload_patterns}}};
}

} // namespace

std::vector<std::pair<Said, Said>> environment(const Story& story) {
  const model::Header& header = story.trace->header;
  std::vector<std::pair<Said, Said>> out;
  const auto add = [&out](const Said& label, const std::string& value) {
    if (!value.empty()) out.emplace_back(label, as_it_is(value));
  };
  add(tr("recorded"), utc_date(header.began_at));
  add(tr("by"), header.tool);
  add(tr("system"), header.system);
  add(tr("kernel"), fmt::format("Linux {} ({})", header.kernel, header.machine));
  add(tr("C library"), header.libc);
  out.emplace_back(tr("payload"), payload_policy(header));
  for (const Side& side : story.sides) {
    std::string what = command_text(side);
    if (const std::string runtime = runtime_text(side); !runtime.empty()) what += " · " + runtime;
    const Words words = {
        {"what", what},
        {"pid", side.process ? story.processes[*side.process].pid.value : 0},
        {"end", end_text(side)},
    };
    out.emplace_back(role_text(side.role), side.process
                                               ? Said(tr("{what} · process {pid} · {end}"), words)
                                               : Said(tr("{what} · {end}"), words));
  }
  return out;
}

Said read_only_text(std::uint64_t bytes) {
  return {tr("Only the first {size} MiB of the trace were read; what came later is left out."),
          {{"size", bytes >> 20}}};
}

std::vector<Said> remarks(const Story& story) {
  std::vector<Said> out;
  if (story.trace->read_only > 0)
    out.push_back(read_only_text(story.trace->read_only));
  else if (story.trace->cut || !story.end)
    out.emplace_back(
        tr("The trace was cut off: what happened after its last whole line is not in it."));
  if (story.trace->unknown > 0)
    out.push_back({tr("{count} line of the trace is left out: this version does not know its kind.",
                      "{count} lines of the trace are left out: this version does not know their "
                      "kinds.",
                      "count"),
                   {{"count", story.trace->unknown}}});
  if (story.trace->header.payload_withheld)
    out.emplace_back(tr("The bytes that were sent and received were left out when recording."));
  if (story.trace->header.source_withheld)
    out.emplace_back(tr("The text of the source files was left out when recording."));
  for (const Side& side : story.sides)
    if (side.folded.calls > 0)
      out.push_back({tr("{side}: {calls} call is left out that launchers made, programs that only "
                        "led to this one (processes: {processes}).",
                        "{side}: {calls} calls are left out that launchers made, programs that "
                        "only led to this one (processes: {processes}).",
                        "calls"),
                     {{"side", role_text(side.role)},
                      {"calls", side.folded.calls},
                      {"processes", side.folded.processes}}});
  // What was sampled is no reason to distrust the rest.
  for (const model::Note* note : story.notes)
    if (note->code != "look") out.push_back(sentence(*note));
  return out;
}

Expression expression_of(const model::Place& place) {
  if (place.event_loop) return {tr("made later by the runtime's own loop"), place.function};
  switch (place.kind) {
  case model::PlaceKind::call: break;
  case model::PlaceKind::leaving: return {tr("leaving a scope"), place.text};
  case model::PlaceKind::library: return {tr("library code"), place.text};
  case model::PlaceKind::finalizing: return {tr("the interpreter's clean-up at its end"), ""};
  case model::PlaceKind::unknown: return {tr("line of source unknown"), place.text};
  }
  return {place.text.empty() ? tr("text of the line unknown") : Phrase{}, place.text};
}

Said to_text(const Expression& expression) {
  if (expression.note.empty()) return as_it_is(expression.code);
  if (expression.code.empty()) return {tr("({note})"), {{"note", expression.note}}};
  return {tr("({note}) {code}"), {{"note", expression.note}, {"code", expression.code}}};
}

std::string descriptors_text(const SocketStory& socket) {
  std::vector<int> numbers; // a fork(2) gives another process the same one
  for (const Descriptor& descriptor : socket.descriptors)
    if (std::ranges::find(numbers, descriptor.number) == numbers.end())
      numbers.push_back(descriptor.number);
  return numbers.empty() ? "?" : fmt::to_string(fmt::join(numbers, ", "));
}

Said socket_label(const Story& story, const SocketStory& socket) {
  return {tr("{side}, descriptor {fd}"),
          {{"side", role_text(story.sides[socket.side].role)}, {"fd", descriptors_text(socket)}}};
}

Said made_text(const Story& story, const SocketStory& socket) {
  if (socket.made_in) return place_of_step(story, socket.made_in);
  return {tr("a call that is not in this trace ({origin})"),
          {{"origin", socket.last->origin.text()}}};
}

Said closing_text(const Story& story, const SocketStory& socket) {
  const auto* row = std::ranges::find(closings, socket.closing, &ClosingRow::closing);
  return {row->short_text, {{"place", place_of_step(story, socket.closed_in)}}};
}

Said closing_sentence(const Story& story, const SocketStory& socket) {
  const auto* row = std::ranges::find(closings, socket.closing, &ClosingRow::closing);
  return {row->sentence,
          {{"side", role_text(story.sides[socket.side].role)},
           {"fd", descriptors_text(socket)},
           {"made", made_text(story, socket)},
           {"place", place_of_step(story, socket.closed_in)}}};
}

Said part_text(const Part& part) {
  const auto* row = std::ranges::find(parts, part.kind, &PartRow::kind);
  return {row->text,
          {{"where", part.where}, {"claimed", part.claimed}, {"observed", part.observed}}};
}

std::string_view part_word(Part::Kind kind) {
  return std::ranges::find(parts, kind, &PartRow::kind)->word;
}

std::string_view verdict_word(RowVerdict::Is is) { return verdict_phrase(is).one; }

Phrase verdict_phrase(RowVerdict::Is is) {
  switch (is) {
  case RowVerdict::Is::same: return tr("same");
  case RowVerdict::Is::differs: return tr("differs");
  case RowVerdict::Is::missing: return tr("missing");
  }
  return {};
}

Said title_text(const Expectation& expectation) {
  constexpr Phrase document = tr("The hello/hi document's comparison of Python and Linux");
  if (expectation.title == document.one) return document;
  return expectation.title.empty() ? Said(tr("Expected and observed"))
                                   : as_it_is(expectation.title);
}

Said where_text(const Story& story, const RowVerdict& verdict) {
  if (!verdict.step) return role_text(verdict.row->role);
  const Step& step = story.steps[*verdict.step];
  return {tr("{side} step {step}, {line}"),
          {{"side", role_text(story.sides[step.side].role)},
           {"step", step.number},
           {"line", line_label(story, step.place())}}};
}

Said left_out_text(const Story& story, const LeftOut& left_out) {
  const model::Place& place = story.steps[left_out.first_step].place();
  const Words words = {{"side", role_text(story.sides[left_out.side].role)},
                       {"kernel", left_out.kernel},
                       {"place", line_label(story, place)},
                       {"expression", to_text(expression_of(place))},
                       {"count", left_out.count}};
  if (left_out.hidden) return {tr("{side}: {kernel}, hidden in {expression} ({count}x)"), words};
  if (place.file.empty()) return {tr("{side}: {kernel}, {expression} ({count}x)"), words};
  return {tr("{side}: {kernel} by {expression}, first at {place} ({count}x)"), words};
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
