#include "reports/lesson_facts.hpp"

#include "reports/facts.hpp"
#include "reports/steps.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

using Value = std::optional<std::string>;

class Measurement {
 public:
  // A launcher on the way to the program (a shim of Python, say) is not what the lesson is about:
  // its calls are in no step.
  explicit Measurement(const Story& story) : seen_(sockets_seen(*story.trace)) {
    for (const model::Event& event : story.trace->events) end_ = std::max(end_, event.at);
    if (story.end != nullptr) stops_ = story.end->stops;
    for (const Step& step : story.steps)
      std::ranges::copy(step.calls, std::back_inserter(of_[story.sides[step.side].role]));
    for (auto& [role, calls] : of_) std::ranges::sort(calls, {}, &model::Call::id);
  }

  [[nodiscard]] Value value(const LessonFact& fact) const {
    switch (fact.kind) {
    case LessonFact::Kind::result: return result(find(fact.call));
    case LessonFact::Kind::data: return data(find(fact.call));
    case LessonFact::Kind::before: return before(find(fact.call), find(fact.other));
    case LessonFact::Kind::waits: return waits(fact.call.role);
    case LessonFact::Kind::calls: return calls(fact.call.role);
    case LessonFact::Kind::all_calls: return all_calls();
    case LessonFact::Kind::queue:
    case LessonFact::Kind::owner:
    case LessonFact::Kind::sockets: return looked(fact);
    case LessonFact::Kind::rows: break; // of a verdict, not of a trace
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] const model::Call* find(const CallOf& wanted) const {
    const auto calls = of_.find(wanted.role);
    if (calls == of_.end()) return nullptr;
    std::size_t met = 0;
    for (const model::Call* call : calls->second)
      if (call->name == wanted.name && ++met == wanted.number) return call;
    return nullptr;
  }

  static Value result(const model::Call* call) {
    if (call == nullptr || !call->outcome) return std::nullopt;
    if (!call->outcome->error_name.empty()) return call->outcome->error_name;
    return fmt::to_string(call->outcome->result);
  }

  static Value data(const model::Call* call) {
    if (call == nullptr) return std::nullopt;
    const auto payload = payload_of(*call);
    if (!payload || payload->withheld) return std::nullopt;
    return c_escape(payload->data);
  }

  static Value before(const model::Call* first, const model::Call* second) {
    if (first == nullptr || second == nullptr || !first->outcome) return std::nullopt;
    return first->outcome->left < second->entered ? "yes" : "no";
  }

  [[nodiscard]] Value waits(const std::string& role) const {
    const auto calls = of_.find(role);
    if (calls == of_.end() || calls->second.empty()) return std::nullopt;
    constexpr std::int64_t long_wait = 1'000'000'000; // ns
    for (auto call = calls->second.rbegin(); call != calls->second.rend(); ++call) {
      const Instant left = (*call)->outcome ? (*call)->outcome->left : end_;
      if (left.ns - (*call)->entered.ns >= long_wait) return (*call)->name;
    }
    return "";
  }

  [[nodiscard]] Value calls(const std::string& role) const {
    std::size_t count = 0;
    for (const auto& [of, calls] : of_)
      if (role.empty() || role == of) count += calls.size();
    return fmt::to_string(count);
  }

  // Each is stopped twice, entering and leaving.
  [[nodiscard]] Value all_calls() const {
    if (!stops_) return std::nullopt;
    return fmt::to_string(*stops_ / 2);
  }

  [[nodiscard]] Value looked(const LessonFact& fact) const {
    std::vector<const SeenSocket*> rows;
    bool looked = false;
    for (const SeenSocket& row : seen_) {
      if (row.look != fact.look) continue;
      looked = true;
      if (row.state == fact.state && row.side == fact.side) rows.push_back(&row);
    }
    if (!looked) return std::nullopt;
    if (fact.kind == LessonFact::Kind::sockets) return fmt::to_string(rows.size());
    if (rows.size() != 1) return std::nullopt; // of none or of several there is no such thing
    if (fact.kind == LessonFact::Kind::owner) return rows[0]->owned ? "a process" : "none";
    return fmt::to_string(rows[0]->recv_queue);
  }

  std::vector<SeenSocket> seen_;
  Instant end_; // of the trace
  std::map<std::string, std::vector<const model::Call*>> of_;
  std::optional<std::uint64_t> stops_;
};

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool holds(const LessonFact& fact, const Value& value) {
  if (!value) return false;
  if (fact.at_least) {
    const auto measured = number(*value);
    return measured && *measured >= *fact.at_least;
  }
  // An empty text is a fact of data and waits, and no claim of the others.
  const bool may_be_empty =
      fact.kind == LessonFact::Kind::data || fact.kind == LessonFact::Kind::waits;
  return (fact.is.empty() && !may_be_empty) || *value == fact.is;
}

} // namespace

model::Note SeenSocket::note() const {
  return {note_code,
          std::nullopt,
          {{"look", look},
           {"local", local},
           {"peer", peer},
           {"state", state},
           {"recv_queue", fmt::to_string(recv_queue)},
           {"send_queue", fmt::to_string(send_queue)},
           {"owned", owned ? "yes" : "no"},
           {"side", side}}};
}

std::vector<SeenSocket> sockets_seen(const model::Trace& trace) {
  std::vector<SeenSocket> seen;
  for (const model::Event& event : trace.events) {
    const auto* note = std::get_if<model::Note>(&event.body);
    if (note == nullptr || note->code != SeenSocket::note_code) continue;
    const std::map<std::string, std::string> about(note->about.begin(), note->about.end());
    const auto text = [&](const char* name) {
      const auto found = about.find(name);
      return found == about.end() ? std::string{} : found->second;
    };
    seen.push_back({text("look"), text("local"), text("peer"), text("state"),
                    number(text("recv_queue")).value_or(0), number(text("send_queue")).value_or(0),
                    text("owned") == "yes", text("side")});
  }
  return seen;
}

std::vector<Measured> measure(const Lesson& lesson, const Story& story, const Verdict& verdict) {
  const Measurement measurement(story);
  std::vector<Measured> out;
  for (const LessonFact& fact : lesson.facts) {
    Value value = measurement.value(fact);
    const bool good = holds(fact, value);
    out.push_back({fact, std::move(value), good});
  }
  LessonFact table;
  table.name = "expected_rows";
  table.kind = LessonFact::Kind::rows;
  table.is = fmt::to_string(verdict.rows.size());
  const auto same = std::ranges::count(verdict.rows, RowVerdict::Is::same, &RowVerdict::is);
  out.push_back({table, fmt::to_string(same), verdict.holds()});
  return out;
}

Said question_text(const LessonFact& fact) {
  const auto call = [](const CallOf& of) {
    return Said{tr("{call} {number} of {role}"),
                {{"call", of.name}, {"number", of.number}, {"role", role_text(of.role)}}};
  };
  const auto at_look = [&](const Phrase& what) {
    return Said{what, {{"side", role_text(fact.side)}, {"state", fact.state}, {"look", fact.look}}};
  };
  using Kind = LessonFact::Kind;
  switch (fact.kind) {
  case Kind::result: return {tr("the result of {call}"), {{"call", call(fact.call)}}};
  case Kind::data: return {tr("the bytes of {call}"), {{"call", call(fact.call)}}};
  case Kind::before:
    return {tr("{first} returned before {second} was entered"),
            {{"first", call(fact.call)}, {"second", call(fact.other)}}};
  case Kind::waits:
    return {tr("the call in which {role} waited for long"), {{"role", role_text(fact.call.role)}}};
  case Kind::calls:
    if (fact.call.role.empty()) return tr("calls on sockets by all programs");
    return {tr("calls on sockets by {role}"), {{"role", role_text(fact.call.role)}}};
  case Kind::all_calls: return tr("kernel calls of any kind by all programs");
  case Kind::queue: return at_look(tr("Recv-Q of the {side}'s socket in {state}, look '{look}'"));
  case Kind::owner: return at_look(tr("who has the {side}'s socket in {state}, look '{look}'"));
  case Kind::sockets: return at_look(tr("sockets of the {side} in {state}, look '{look}'"));
  case Kind::rows: return tr("rows of the expected table (expect.json) that the run shows");
  }
  return {};
}

} // namespace socktale::reports
