#include "reports/perfetto.hpp"

#include "reports/call_list.hpp"
#include "reports/doings.hpp"
#include "reports/facts.hpp"
#include "reports/in_order.hpp"
#include "reports/inert_json.hpp"
#include "reports/sentences.hpp"
#include "reports/strace_text.hpp"
#include "reports/talk_json.hpp"
#include "reports/wording.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

// An event of the file before it is written out. At one moment a slice comes before those in it,
// and an arrow's ends come after the slices that they are bound to.
struct Mark {
  enum class Kind { step, call, arrow_start, arrow_end, moment };
  Instant at;
  Kind kind = Kind::step;
  Index index = 0; // of the step, listed call, arrow or event of the trace
};

// From one call to another: bytes, a connection, or what let a waiting call go on.
struct Arrow {
  const model::Call* from = nullptr;
  const model::Call* to = nullptr;
  const char* category = "";
  std::uint64_t bytes = 0;
};

// The format counts in microseconds; three decimals keep the nanoseconds.
double microseconds(Instant from, Instant to) {
  return static_cast<double>(between(from, to)) / 1000;
}

class Events {
 public:
  Events(const Story& story, const Options& options) : story_(story), options_(options) {
    for (Index i = 0; i < calls_.size(); ++i) numbers_.emplace(calls_[i].call, i);
    for (const Wait& wait : story.waits) waits_.emplace(wait.call, &wait);
    // Arrows follow from times, which clocks apart do not have in common.
    if (story.one_clock) draw_arrows();
    collect_marks();
  }

  std::string run() {
    out_ = "{\"displayTimeUnit\":\"ns\",\n\"otherData\":" + inert_json(about()) +
           ",\n\"traceEvents\":[";
    tracks();
    for (const Mark& mark : marks_) event(json_of(mark));
    return std::move(out_) + "\n]}\n";
  }

 private:
  void event(Json json) {
    out_ += first_ ? "\n" : ",\n";
    first_ = false;
    out_ += inert_json(std::move(json));
  }

  [[nodiscard]] Json about() const {
    const model::Header& header = story_.trace->header;
    Json out = {{"tool", header.tool},
                {"recorded", utc_date(header.began_at)},
                {"began_at_ns", header.began_at},
                {"zero_ns", origin_.ns},
                {"system", header.system},
                {"kernel", header.kernel},
                {"machine", header.machine},
                {"payload_withheld", header.payload_withheld},
                {"payload_unseen", header.payload_unseen},
                {"payload_patterns", header.payload_patterns}};
    Json& said = out["remarks"] = Json::array();
    for (const Said& remark : remarks(story_)) said.push_back(say(options_.language, remark));
    return out;
  }

  // --- what is drawn

  // Both ends must lie in slices, and no arrow goes back in time.
  void arrow(const Arrow& one) {
    if (!one.from || !one.to || one.from == one.to) return;
    const auto from = numbers_.find(one.from);
    const auto to = numbers_.find(one.to);
    if (from == numbers_.end() || to == numbers_.end()) return;
    if (one.from->entered >= calls_[from->second].until || one.to->entered >= arrives(one)) return;
    if (one.from->entered > arrives(one)) return;
    drawn_.emplace(one.from, one.to);
    arrows_.push_back(one);
  }

  // The last moment within the call: what came was there when it returned.
  [[nodiscard]] Instant arrives(const Arrow& one) const {
    const Instant until = calls_[numbers_.at(one.to)].until;
    return {std::max(until.ns, INT64_MIN + 1) - 1};
  }

  void draw_arrows() {
    for (const Transfer& transfer : story_.transfers)
      arrow({transfer.send, transfer.recv, "bytes", transfer.length});
    for (const Connection& connection : story_.connections)
      arrow({connection.connect, connection.accept, "connection", 0});
    // A call that took the bytes which it waited for has its arrow already.
    for (const Wait& wait : story_.waits)
      if (!drawn_.contains({wait.released_by, wait.call}))
        arrow({wait.released_by, wait.call, "wait", 0});
  }

  void collect_marks() {
    using enum Mark::Kind;
    for (Index i = 0; i < story_.steps.size(); ++i)
      if (stands_above(story_.steps[i]))
        marks_.push_back({story_.steps[i].calls.front()->entered, step, i});
    for (Index i = 0; i < calls_.size(); ++i) marks_.push_back({calls_[i].call->entered, call, i});
    for (Index i = 0; i < arrows_.size(); ++i) {
      marks_.push_back({arrows_[i].from->entered, arrow_start, i});
      marks_.push_back({arrives(arrows_[i]), arrow_end, i});
    }
    for (const ListedCall& each : calls_) shown_.insert(each.call->pid);
    const auto& events = story_.trace->events;
    for (Index i = 0; i < events.size(); ++i)
      if (is_moment(events[i])) marks_.push_back({events[i].at, moment, i});
    put_in_order(marks_, [](const Mark& mark) { return std::pair(mark.at, mark.kind); });
    if (!marks_.empty()) origin_ = std::min(origin_, marks_.front().at);
  }

  [[nodiscard]] bool is_moment(const model::Event& event) const {
    if (const auto* signal = std::get_if<model::Signal>(&event.body))
      return shown_.contains(signal->pid);
    const auto* gone = std::get_if<model::TaskGone>(&event.body);
    return gone && gone->last && shown_.contains(gone->pid);
  }

  // --- tracks

  static Json metadata(const char* name, Pid pid, Tid tid, Json args) {
    return {{"name", name}, {"ph", "M"}, {"pid", pid.value}, {"tid", tid.value}, {"args", args}};
  }

  // Processes in the order of the sides, threads in that of their first calls.
  void tracks() {
    std::vector<std::tuple<Index, Index>> processes;
    for (Index i = 0; i < story_.processes.size(); ++i)
      if (shown_.contains(story_.processes[i].pid))
        processes.emplace_back(story_.processes[i].side, i);
    std::ranges::sort(processes);
    int order = 0;
    for (const auto& [side, index] : processes) process_track(story_.processes[index], order++);
    std::set<std::pair<Pid, Tid>> known;
    for (const ListedCall& each : calls_)
      if (known.emplace(each.call->pid, each.call->tid).second)
        thread_track(*each.call, static_cast<int>(known.size()));
  }

  void process_track(const Process& process, int order) {
    const Tid tid{process.pid.value};
    event(metadata("process_name", process.pid, tid, {{"name", story_.sides[process.side].role}}));
    event(metadata("process_sort_index", process.pid, tid, {{"sort_index", order}}));
    const model::TaskExec* program = program_of(story_, process);
    if (!program) return;
    std::string command;
    for (const std::string& word : program->argv) command += (command.empty() ? "" : " ") + word;
    event(metadata("process_labels", process.pid, tid, {{"labels", command}}));
  }

  void thread_track(const model::Call& call, int order) {
    const char* name = call.tid.value == call.pid.value ? "main thread" : "thread";
    event(metadata("thread_name", call.pid, call.tid, {{"name", name}}));
    event(metadata("thread_sort_index", call.pid, call.tid, {{"sort_index", order}}));
  }

  // --- events

  [[nodiscard]] Json json_of(const Mark& mark) const {
    switch (mark.kind) {
    case Mark::Kind::step: return step_json(story_.steps[mark.index]);
    case Mark::Kind::call: return call_json(calls_[mark.index]);
    case Mark::Kind::arrow_start: return arrow_json(mark, "s");
    case Mark::Kind::arrow_end: return arrow_json(mark, "f");
    case Mark::Kind::moment: break;
    }
    return moment_json(story_.trace->events[mark.index]);
  }

  [[nodiscard]] Json event_json(const std::string& name, const char* category, const char* phase,
                                Instant at, Pid pid, Tid tid) const {
    Json out = {{"name", name}, {"cat", category}, {"ph", phase}};
    out["ts"] = microseconds(origin_, at);
    out["pid"] = pid.value;
    out["tid"] = tid.value;
    return out;
  }

  [[nodiscard]] Json slice(const std::string& name, const char* category, const model::Call& first,
                           Instant until) const {
    Json out = event_json(name, category, "X", first.entered, first.pid, first.tid);
    out["dur"] = microseconds(first.entered, until);
    return out;
  }

  void put_place(Json& args, const model::Place& place) const {
    const auto put = [&args](const char* name, const std::string& value) {
      if (!value.empty()) args[name] = value;
    };
    put("place", line_label(story_, place));
    put("expression", place.text);
    put("function", place.function);
    put("file", place.file);
    if (place.span.line > 0) args["line"] = place.span.line;
  }

  // The call as the programmer wrote it, around the kernel calls that it became.
  [[nodiscard]] Json step_json(const Step& step) const {
    Instant until = step.calls.front()->entered;
    for (const model::Call* call : step.calls)
      until = std::max(until, calls_[numbers_.at(call)].until);
    std::string name = expression_of(step.place()).code;
    if (name.empty()) name = step.api.empty() ? step.main().name.text() : step.api;
    Json out = slice(name, "api", *step.calls.front(), until);
    Json& args = out["args"] = Json::object();
    args["step"] = step.number;
    args["says"] = said(step.main());
    args["api"] = step.api;
    put_place(args, step.place());
    return out;
  }

  [[nodiscard]] std::string said(const model::Call& call) const {
    return say(options_.language, sentence(call, socket_of(story_, call)));
  }

  [[nodiscard]] Json call_json(const ListedCall& listed) const {
    const model::Call& call = *listed.call;
    Json out = slice(call.name, is_trouble(call) ? "kernel,trouble" : "kernel", call, listed.until);
    Json& args = out["args"] = Json::object();
    args["call"] = call.id.value;
    args["step"] = story_.steps[listed.step].number;
    args["hidden"] = listed.hidden;
    args["says"] = said(call);
    args["text"] = call_text(call, options_.string_limit);
    for (const model::Field& field : call.args)
      args["arguments"][field.name] = field_text(field, options_.string_limit);
    put_outcome(args, call);
    put_socket(args, call);
    put_place(args, call.place);
    if (const auto wait = waits_.find(&call); wait != waits_.end())
      args["waited"] = wait_json(story_, *wait->second, options_.language);
    return out;
  }

  static void put_outcome(Json& args, const model::Call& call) {
    args["returned"] =
        call.outcome.has_value(); // false: the slice ends where the trace's knowledge does
    if (!call.outcome) return;
    args["result"] = call.outcome->result;
    if (call.outcome->error == 0) return;
    args["errno"] = call.outcome->error_name;
    args["meaning"] = error_meaning(call.outcome->error);
  }

  void put_socket(Json& args, const model::Call& call) const {
    if (const auto fd = descriptor_of(story_, call)) args["fd"] = *fd;
    if (call.socket) args["socket"] = call.socket->value;
    if (direction_of(call) != Direction::neither) args["bytes"] = bytes_moved(call);
    const model::Socket* socket = addressed(story_, call);
    if (socket && socket->local) args["local"] = endpoint_text(*socket->local);
    if (socket && socket->peer) args["peer"] = endpoint_text(*socket->peer);
  }

  [[nodiscard]] Json arrow_json(const Mark& mark, const char* phase) const {
    const Arrow& one = arrows_[mark.index];
    const model::Call& call = *phase == 's' ? *one.from : *one.to;
    Json out = event_json(fmt::format("{} → {}", one.from->name, one.to->name), one.category, phase,
                          mark.at, call.pid, call.tid);
    out["id"] = mark.index + 1;
    if (*phase == 'f') out["bp"] = "e"; // bound to the slice around it, not to the next one
    if (one.bytes > 0) out["args"] = {{"bytes", one.bytes}};
    return out;
  }

  [[nodiscard]] Json moment_json(const model::Event& event) const {
    if (const auto* signal = std::get_if<model::Signal>(&event.body)) {
      Json out = event_json(signal->name, "signal", "i", event.at, signal->pid, signal->tid);
      out["s"] = "t"; // it came to a thread
      out["args"] = {{"signal", signal->number}};
      return out;
    }
    const auto& gone = std::get<model::TaskGone>(event.body);
    Json out = event_json("exit", "process", "i", event.at, gone.pid, gone.tid);
    out["s"] = "p";
    Json& args = out["args"] = Json::object();
    if (gone.status) args["status"] = *gone.status;
    if (gone.signal) args["signal"] = *gone.signal;
    return out;
  }

  const Story& story_;
  const Options& options_;
  const std::vector<ListedCall> calls_ = list_calls(story_);
  std::unordered_map<const model::Call*, Index> numbers_; // in calls_
  std::unordered_map<const model::Call*, const Wait*> waits_;
  std::set<std::pair<const model::Call*, const model::Call*>> drawn_;
  std::vector<Arrow> arrows_;
  std::set<Pid> shown_; // processes with a call
  std::vector<Mark> marks_;
  Instant origin_; // the zero of the file: a joined trace may have begun before its first one
  std::string out_;
  bool first_ = true;
};

} // namespace

std::string render_perfetto(const Story& story, const Options& options) {
  return Events(story, options).run();
}

} // namespace socktale::reports
