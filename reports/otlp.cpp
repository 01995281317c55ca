#include "reports/otlp.hpp"

#include "reports/call_list.hpp"
#include "reports/doings.hpp"
#include "reports/facts.hpp"
#include "reports/inert_json.hpp"
#include "reports/otlp_attributes.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

// Numbers of opentelemetry/proto/trace/v1/trace.proto.
enum class Kind { internal = 1, server = 2, client = 3 };
constexpr int status_error = 2;

// The first byte of a span's id tells what the span is of; the rest counts.
enum class Of : std::uint8_t { process = 1, step = 2, call = 3 };
std::string span_id(Of of, Index index) {
  return fmt::format("{:02x}{:014x}", static_cast<unsigned>(of), index + 1);
}

// FNV-1a of what tells one recording from another: the same trace has the same id anywhere.
std::string trace_id(const Story& story) {
  const model::Header& header = story.trace->header;
  std::string text = fmt::format("{} {} {} {}", header.began_at, header.kernel, header.system,
                                 story.trace->events.size());
  for (const Process& process : story.processes) text += fmt::format(" {}", process.pid.value);
  for (const model::Program& program : header.programs)
    for (const std::string& word : program.argv) text += '\0' + word;
  std::string out;
  for (std::uint64_t hash : {0xcbf29ce484222325U, 0x6c62272e07bb0142U}) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    out += fmt::format("{:016x}", hash);
  }
  return out;
}

struct Life {
  Instant from, until;
};

class Request {
 public:
  Request(const Story& story, const Options& options) : story_(story), options_(options) {
    for (Index i = 0; i < calls_.size(); ++i) {
      numbers_.emplace(calls_[i].call, i);
      by_process_[story.steps[calls_[i].step].process].push_back(i);
    }
    for (const Wait& wait : story.waits) waits_.emplace(wait.call, &wait);
    for (const Transfer& transfer : story.transfers)
      if (transfer.send && transfer.recv) taken_[transfer.recv].push_back(&transfer);
    for (const Connection& connection : story.connections) read(connection);
    read_events();
  }

  // A span a line.
  std::string run() {
    out_ = "{\"resourceSpans\":[";
    const char* before = "\n";
    for (const auto& [process, calls] : by_process_) {
      out_ += before;
      before = ",\n";
      resource(process, calls);
    }
    return std::move(out_) + "\n]}\n";
  }

 private:
  void read(const Connection& connection) {
    if (connection.accept && connection.connect)
      connect_of_[connection.accept] = connection.connect;
    // The ends of a socketpair(2) are alike.
    const auto effect = connection.connect ? effect_of(*connection.connect) : std::nullopt;
    if (effect == tables::Effect::creates_pair) return;
    if (connection.ends[0]) kinds_.try_emplace(*connection.ends[0], Kind::client);
    if (connection.ends[1]) kinds_.try_emplace(*connection.ends[1], Kind::server);
    if (connection.listener) kinds_.try_emplace(*connection.listener, Kind::server);
  }

  void read_events() {
    const Instant end = end_of(*story_.trace);
    std::map<Pid, Index> known;
    for (const auto& [process, calls] : by_process_) {
      known.emplace(story_.processes[process].pid, process);
      lives_[process] = {calls_[calls.front()].call->entered, end};
    }
    for (const model::Event& event : story_.trace->events) {
      const auto process_of = [&](Pid pid) {
        const auto found = known.find(pid);
        return found != known.end() ? &lives_[found->second] : nullptr;
      };
      if (const auto* born = std::get_if<model::TaskBorn>(&event.body)) {
        if (Life* life = process_of(born->pid)) life->from = std::min(life->from, event.at);
      } else if (const auto* gone = std::get_if<model::TaskGone>(&event.body)) {
        Life* life = gone->last ? process_of(gone->pid) : nullptr;
        if (life) life->until = std::max(life->from, event.at);
      } else if (const auto* signal = std::get_if<model::Signal>(&event.body)) {
        if (known.contains(signal->pid)) signals_[signal->pid].push_back(&event);
      }
    }
  }

  void resource(Index index, const std::vector<Index>& calls) {
    const Process& process = story_.processes[index];
    const Json resource = {{"attributes", resource_attributes(story_, process)}};
    const std::string& tool = story_.trace->header.tool;
    const std::size_t space = std::min(tool.find(' '), tool.size());
    const Json scope = {{"name", "socktale"},
                        {"version", tool.substr(std::min(space + 1, tool.size()))}};
    out_ += fmt::format("{{\"resource\":{},\n\"scopeSpans\":[{{\"scope\":{},\n\"spans\":[\n",
                        inert_json(resource), inert_json(scope));
    out_ += inert_json(process_span(index, process));
    for (const Index number : calls) {
      const Step& step = story_.steps[calls_[number].step];
      if (stands_above(step) && calls_[number].call == step.calls.front())
        out_ += ",\n" + inert_json(step_span(calls_[number].step, step));
      out_ += ",\n" + inert_json(call_span(number));
    }
    out_ += fmt::format("\n],\"schemaUrl\":\"{0}\"}}],\"schemaUrl\":\"{0}\"}}", schema_url);
  }

  // Nanoseconds since 1970 as a decimal text, as 64-bit numbers are in JSON.
  [[nodiscard]] std::string unix_time(Instant at) const {
    std::int64_t ns = 0;
    if (__builtin_add_overflow(story_.trace->header.began_at, at.ns, &ns)) ns = 0;
    return fmt::to_string(std::max<std::int64_t>(ns, 0));
  }

  [[nodiscard]] Json span(const std::string& id, const std::string& parent, const std::string& name,
                          Kind kind, Life life) const {
    Json out = {{"traceId", trace_id_}, {"spanId", id}};
    if (!parent.empty()) out["parentSpanId"] = parent;
    out["name"] = name;
    out["kind"] = static_cast<int>(kind);
    out["startTimeUnixNano"] = unix_time(life.from);
    out["endTimeUnixNano"] = unix_time(life.until);
    return out;
  }

  [[nodiscard]] Json process_span(Index index, const Process& process) const {
    const bool has_parent = process.parent && by_process_.contains(*process.parent);
    Json out =
        span(span_id(Of::process, index), has_parent ? span_id(Of::process, *process.parent) : "",
             story_.sides[process.side].role, Kind::internal, lives_.at(index));
    out["attributes"] = end_attributes(process);
    const auto signals = signals_.find(process.pid);
    if (signals == signals_.end()) return out;
    for (const model::Event* event : signals->second) {
      const auto& signal = std::get<model::Signal>(event->body);
      out["events"].push_back({{"timeUnixNano", unix_time(event->at)},
                               {"name", signal.name},
                               {"attributes", signal_attributes(signal)}});
    }
    return out;
  }

  [[nodiscard]] Json step_span(Index index, const Step& step) const {
    Life life{step.calls.front()->entered, step.calls.front()->entered};
    for (const model::Call* call : step.calls)
      life.until = std::max(life.until, calls_[numbers_.at(call)].until);
    Json out =
        span(span_id(Of::step, index), span_id(Of::process, step.process),
             step.api.empty() ? step.main().name.text() : step.api, kind_of(step.main()), life);
    out["attributes"] = step_attributes(story_, step, options_);
    put_status(out, step.main());
    return out;
  }

  [[nodiscard]] Json call_span(Index number) const {
    const ListedCall& listed = calls_[number];
    const model::Call& call = *listed.call;
    const Step& step = story_.steps[listed.step];
    const std::string parent =
        stands_above(step) ? span_id(Of::step, listed.step) : span_id(Of::process, step.process);
    Json out = span(span_id(Of::call, number), parent, call.name, kind_of(call),
                    {call.entered, listed.until});
    const auto wait = waits_.find(&call);
    out["attributes"] =
        call_attributes(story_, listed, options_, wait != waits_.end() ? wait->second : nullptr);
    put_links(out, call);
    put_status(out, call);
    return out;
  }

  // Calls that talk are of the client or the server; those that only prepare are of neither.
  [[nodiscard]] Kind kind_of(const model::Call& call) const {
    const auto effect = effect_of(call);
    const bool talks = direction_of(call) != Direction::neither ||
                       effect == tables::Effect::connects || effect == tables::Effect::accepts;
    const auto known = call.socket ? kinds_.find(*call.socket) : kinds_.end();
    return talks && known != kinds_.end() ? known->second : Kind::internal;
  }

  // To the calls whose bytes it took, or whose connection.
  void put_links(Json& span, const model::Call& call) const {
    const auto link = [&](const model::Call* to, Json attributes) {
      const auto number = numbers_.find(to);
      if (number == numbers_.end()) return;
      span["links"].push_back({{"traceId", trace_id_},
                               {"spanId", span_id(Of::call, number->second)},
                               {"attributes", std::move(attributes)}});
    };
    if (const auto taken = taken_.find(&call); taken != taken_.end())
      for (const Transfer* transfer : taken->second)
        link(transfer->send, transfer_attributes(*transfer));
    if (const auto from = connect_of_.find(&call); from != connect_of_.end())
      link(from->second, Json::array());
  }

  static void put_status(Json& span, const model::Call& call) {
    if (!is_trouble(call)) return;
    span["status"] = {{"message", error_meaning(call.outcome->error)}, {"code", status_error}};
  }

  const Story& story_;
  const Options& options_;
  const std::string trace_id_ = trace_id(story_);
  const std::vector<ListedCall> calls_ = list_calls(story_);
  std::unordered_map<const model::Call*, Index> numbers_; // in calls_
  std::map<Index, std::vector<Index>> by_process_;
  std::map<Index, Life> lives_; // of processes
  std::map<Pid, std::vector<const model::Event*>> signals_;
  std::map<model::SocketId, Kind> kinds_;
  std::unordered_map<const model::Call*, const Wait*> waits_;
  std::unordered_map<const model::Call*, std::vector<const Transfer*>> taken_; // by the receive
  std::unordered_map<const model::Call*, const model::Call*> connect_of_;      // by the accept
  std::string out_;
};

} // namespace

std::string render_otlp(const Story& story, const Options& options) {
  return Request(story, options).run();
}

} // namespace socktale::reports
