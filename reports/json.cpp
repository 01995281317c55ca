#include "reports/json.hpp"

#include "reports/facts.hpp"
#include "reports/findings_text.hpp"
#include "reports/hexdump.hpp"
#include "reports/kernel_view_text.hpp"
#include "reports/sentences.hpp"
#include "reports/strace_text.hpp"
#include "reports/talk_json.hpp"
#include "reports/uncalled.hpp"
#include "reports/wording.hpp"
#include "tracer/model/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

Json address_json(const std::optional<model::Endpoint>& endpoint) {
  return endpoint ? model::to_json(*endpoint) : Json(nullptr);
}

Json argument_json(const model::Field& field) {
  Json out = {{"name", field.name}, {"text", field_text(field)}};
  if (!field.before.empty()) out["in"] = model::to_json(field.before);
  if (!field.after.empty()) out["out"] = model::to_json(field.after);
  if (!field.meaning.empty()) out["as"] = model::to_json(field.meaning);
  add_hexdumps(out);
  return out;
}

Json outcome_json(const model::Call& call) {
  if (!call.outcome) return nullptr;
  Json out = {{"result", call.outcome->result}, {"kind", call.outcome->result_kind}};
  if (call.outcome->error == 0) return out;
  out["errno"] = call.outcome->error;
  out["error"] = call.outcome->error_name;
  out["meaning"] = error_meaning(call.outcome->error);
  return out;
}

class Report {
 public:
  Report(const Story& story, const Options& options) : story_(story), options_(options) {}

  // One step or socket a line, each written out before the next is made: a trace may be long.
  std::string run() {
    out_ = "{\n";
    member("schema", report_schema);
    member("kind", "socktale-report");
    member("lang", language_code(options_.language));
    member("environment", environment_json());
    member("remarks", remarks_json());
    list("sides", story_.sides, [this](const Side& side) { return side_json(side); });
    list("steps", story_.steps, [this](const Step& step) { return step_json(step); });
    list("sockets", story_.sockets,
         [this](const auto& entry) { return socket_json(entry.second); });
    list("connections", story_.connections,
         [this](const Connection& one) { return connection_json(story_, one, options_.language); });
    list("transfers", story_.transfers, transfer_json);
    list("waits", story_.waits,
         [this](const Wait& wait) { return wait_json(story_, wait, options_.language); });
    list("deadlocks", story_.deadlocks, [this](const Deadlock& deadlock) {
      return deadlock_json(story_, deadlock, options_.language);
    });
    list("states", story_.states,
         [](const auto& entry) { return states_json(entry.first, entry.second); });
    list("findings", find_all(story_),
         [this](const Finding& finding) { return finding_json(finding); });
    list("uncalled", find_uncalled(story_),
         [this](const Uncalled& uncalled) { return uncalled_json(uncalled); });
    list("sources", story_.sources,
         [this](const model::SourceFile* source) { return source_json(*source); });
    list("samples", tell_samples(*story_.trace), json_sample);
    member("check", json_document_check(story_, options_));
    const auto verdict = judge_document(story_);
    out_ += "\"document\": " + dump(verdict ? verdict_json(*verdict) : Json(nullptr)) + "\n}\n";
    return std::move(out_);
  }

 private:
  // Bytes that are no UTF-8 become U+FFFD in texts; the values beside them keep the bytes. In
  // ASCII, because what steers a terminal or hides is beyond it.
  static std::string dump(const Json& json) {
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
  }
  void member(const char* name, const Json& value) {
    out_ += fmt::format("\"{}\": {},\n", name, dump(value));
  }
  void list(const char* name, const auto& items, auto to_json) {
    out_ += fmt::format("\"{}\": [", name);
    bool first = true;
    for (const auto& item : items) {
      out_ += first ? "\n " : ",\n ";
      first = false;
      out_ += dump(to_json(item));
    }
    out_ += first ? "],\n" : "\n],\n";
  }

  std::string told(const Said& said) const { return say(options_.language, said); }

  Json remarks_json() const {
    Json out = Json::array();
    for (const Said& remark : remarks(story_)) out.push_back(told(remark));
    return out;
  }

  Json environment_json() const {
    const model::Header& header = story_.trace->header;
    return {{"tool", header.tool},
            {"began_at_ns", header.began_at},
            {"system", header.system},
            {"kernel", header.kernel},
            {"machine", header.machine},
            {"libc", header.libc},
            {"payload_limit", header.payload_limit},
            {"payload_withheld", header.payload_withheld},
            {"payload_unseen", header.payload_unseen},
            {"payload_patterns", header.payload_patterns},
            {"source_withheld", header.source_withheld},
            {"complete", !story_.trace->cut && story_.end != nullptr}};
  }

  Json side_json(const Side& side) const {
    Json out = {{"role", side.role}, {"argv", side.argv}, {"runtime", runtime_text(side)}};
    out["pid"] = side.process ? Json(story_.processes[*side.process].pid.value) : Json(nullptr);
    out["exit_status"] = side.gone && side.gone->status ? Json(*side.gone->status) : Json(nullptr);
    out["signal"] = side.gone && side.gone->signal ? Json(*side.gone->signal) : Json(nullptr);
    out["calls"] = side.calls;
    out["folded"] = {{"calls", side.folded.calls}, {"processes", side.folded.processes}};
    return out;
  }

  Json step_json(const Step& step) const {
    Json out = {{"side", story_.sides[step.side].role}, {"step", step.number}, {"api", step.api}};
    out["line"] = line_label(story_, step.place());
    const Json place = model::to_json(step.place());
    out["place"] = place.empty() ? Json(nullptr) : place;
    out["says"] = told(sentence(step.main(), socket_of(story_, step.main())));
    for (std::size_t i = 0; i < step.calls.size(); ++i)
      out["calls"].push_back(call_json(*step.calls[i], step.hides(i)));
    return out;
  }

  Json call_json(const model::Call& call, bool hidden) const {
    Json out = {{"id", call.id.value}, {"pid", call.pid.value}, {"tid", call.tid.value}};
    out["name"] = call.name;
    out["number"] = call.number;
    if (!call.abi.empty()) out["abi"] = call.abi;
    if (!call.via.empty()) out["via"] = call.via;
    out["libc"] = call.place.libc;
    out["hidden"] = hidden;
    out["text"] = call_text(call, options_.string_limit);
    for (Json& args = out["args"] = Json::array(); const model::Field& field : call.args)
      args.push_back(argument_json(field));
    out["outcome"] = outcome_json(call);
    out["socket"] = call.socket ? Json(call.socket->value) : Json(nullptr);
    out["entered_ns"] = call.entered.ns;
    const auto duration = duration_of(call);
    out["duration_ns"] = duration ? Json(*duration) : Json(nullptr);
    return out;
  }

  Json socket_json(const SocketStory& socket) const {
    const model::Socket& last = *socket.last;
    Json out = {{"id", last.id.value}, {"side", story_.sides[socket.side].role}};
    out["family"] = last.family;
    out["type"] = last.type;
    out["protocol"] = last.protocol;
    out["origin"] = last.origin;
    out["role"] = last.role;
    for (Json& list = out["descriptors"] = Json::array();
         const Descriptor& each : socket.descriptors)
      list.push_back({{"pid", each.pid.value}, {"fd", each.number}});
    out["local"] = address_json(last.local);
    out["peer"] = address_json(last.peer);
    out["other_end"] = socket.other_end ? Json(socket.other_end->value) : Json(nullptr);
    out["bytes_in"] = socket.bytes_in;
    out["bytes_out"] = socket.bytes_out;
    out["made_in"] = step_ref(socket.made_in);
    out["closed_in"] = step_ref(socket.closed_in);
    out["never_closed"] = socket.never_closed();
    out["closing"] = told(closing_text(story_, socket));
    return out;
  }

  Json finding_json(const Finding& finding) const {
    Json out = {{"rule", finding.rule}, {"side", story_.sides[finding.side].role}};
    out["line"] = line_label(story_, finding.at->place);
    out["at"] = finding.at->id.value;
    for (Json& list = out["evidence"] = Json::array(); const model::Call* call : finding.evidence) {
      const Step* step = places_.step_of(*call);
      list.push_back({{"call", call->id.value},
                      {"side", step ? Json(story_.sides[step->side].role) : Json(nullptr)},
                      {"step", step ? Json(step->number) : Json(nullptr)},
                      {"line", line_label(story_, call->place)},
                      {"text", call_text(*call, options_.string_limit)}});
    }
    out["times"] = finding.times;
    out["title"] = told(finding.title);
    out["meaning"] = told(finding.meaning);
    out["mend"] = told(finding.mend);
    return out;
  }

  Json uncalled_json(const Uncalled& uncalled) const {
    model::Place place;
    place.kind = model::PlaceKind::call;
    place.file = uncalled.source->file;
    place.span = uncalled.span;
    place.text = uncalled.text;
    return {{"line", line_label(story_, place)},
            {"place", model::to_json(place)},
            {"api", uncalled.api},
            {"known", known_word(uncalled.known)},
            {"says", told(known_text(uncalled.known))},
            {"does", told(uncalled.does)}};
  }

  Json source_json(const model::SourceFile& source) const {
    return {{"file", source.file}, {"label", line_label(story_, source.file, 0)},
            {"size", source.size}, {"text", source.text},
            {"cut", source.cut},   {"changed", source.changed}};
  }

  Json step_ref(std::optional<Index> step) const {
    if (!step) return nullptr;
    return {{"side", story_.sides[story_.steps[*step].side].role},
            {"step", story_.steps[*step].number}};
  }

  Json verdict_json(const Verdict& verdict) const {
    Json out = {{"title", told(title_text(*verdict.expectation))}, {"holds", verdict.holds()}};
    for (const RowVerdict& row : verdict.rows) {
      Json each = {{"role", row.row->role}, {"api", row.row->api}, {"claim", row.row->claim}};
      each["verdict"] = verdict_word(row.is);
      each["at"] = step_ref(row.step);
      each["observed"] = row.call ? Json(call_text(*row.call)) : Json(nullptr);
      each["parts"] = Json::array();
      for (const Part& part : row.parts) each["parts"].push_back(part_json(part));
      out["rows"].push_back(std::move(each));
    }
    out["left_out"] = Json::array();
    for (const LeftOut& each : verdict.left_out)
      out["left_out"].push_back({{"side", story_.sides[each.side].role},
                                 {"api", each.api},
                                 {"kernel", each.kernel},
                                 {"hidden", each.hidden},
                                 {"count", each.count},
                                 {"first", step_ref(each.first_step)}});
    return out;
  }

  static Json part_json(const Part& part) {
    return {{"where", part.where},
            {"kind", part_word(part.kind)},
            {"claimed", part.claimed},
            {"observed", part.observed}};
  }

  const Story& story_;
  const Options& options_;
  const CallPlaces places_{story_};
  std::string out_;
};

} // namespace

std::string render_json(const Story& story, const Options& options) {
  return Report(story, options).run();
}

} // namespace socktale::reports
