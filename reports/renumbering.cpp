#include "reports/renumbering.hpp"

#include "reports/in_order.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// Numbers from `after` + 1 on, in the order of the old ones.
template <class Number> class Numbers {
 public:
  void meet(Number old) { new_.emplace(old, 0); }
  void assign(Number after) {
    for (auto& [old, number] : new_) number = ++after;
  }
  void change(Number& number) const {
    if (const auto found = new_.find(number); found != new_.end()) number = found->second;
  }

 private:
  std::map<Number, Number> new_;
};

// Calls `visit` with each number of a kind in the event.
class Places {
 public:
  virtual ~Places() = default;
  void go(model::Event& event) {
    std::visit([this](auto& body) { this->on(body); }, event.body);
  }

 protected:
  virtual void call(std::uint64_t& id) = 0;
  virtual void socket(std::uint32_t& id) = 0;
  virtual void stack(std::uint32_t& id) = 0;
  virtual void task(pid_t& id) = 0;
  virtual void role(std::string& role) = 0;

 private:
  void on(model::Call& one) {
    call(one.id.value);
    task(one.pid.value);
    task(one.tid.value);
    if (one.socket) socket(one.socket->value);
    for (model::SocketId& id : one.touched) socket(id.value);
    if (one.stack) stack(*one.stack);
  }
  void on(model::Socket& one) {
    socket(one.id.value);
    if (one.parent) socket(one.parent->value);
  }
  void on(model::Stack& one) { stack(one.id); }
  void on(model::TaskBorn& one) {
    task(one.pid.value);
    task(one.tid.value);
    task(one.parent.value);
    role(one.role);
  }
  void on(model::TaskExec& one) { task(one.pid.value); }
  void on(model::TaskGone& one) {
    task(one.pid.value);
    task(one.tid.value);
  }
  void on(model::Signal& one) {
    task(one.pid.value);
    task(one.tid.value);
  }
  void on(model::Note& one) {
    if (one.pid) task(one.pid->value);
  }
  void on(model::Sample& one) {
    if (one.call) call(one.call->value);
    for (model::SocketState& state : one.sockets)
      if (state.socket) socket(state.socket->value);
  }
  static void on(const model::End&) {}
  static void on(const model::SourceFile&) {}
};

// What a trace has taken.
class Taken final : public Places {
 public:
  std::uint64_t calls = 0;
  std::uint32_t sockets = 0, stacks = 0;
  std::set<pid_t> tasks;
  std::set<std::string> roles;

 private:
  void call(std::uint64_t& id) override { calls = std::max(calls, id); }
  void socket(std::uint32_t& id) override { sockets = std::max(sockets, id); }
  void stack(std::uint32_t& id) override { stacks = std::max(stacks, id); }
  void task(pid_t& id) override { tasks.insert(id); }
  void role(std::string& role) override { roles.insert(role); }
};

class Met final : public Places {
 public:
  Numbers<std::uint64_t> calls;
  Numbers<std::uint32_t> sockets, stacks;
  std::set<pid_t> tasks;

 private:
  void call(std::uint64_t& id) override { calls.meet(id); }
  void socket(std::uint32_t& id) override { sockets.meet(id); }
  void stack(std::uint32_t& id) override { stacks.meet(id); }
  void task(pid_t& id) override { tasks.insert(id); }
  void role(std::string&) override {}
};

class Change final : public Places {
 public:
  Change(Met& met, const Taken& taken) : met_(met), taken_(taken) {
    met.calls.assign(taken.calls);
    met.sockets.assign(taken.sockets);
    met.stacks.assign(taken.stacks);
    pid_t free = 1 << 22; // the kernel gives no greater ones, see proc_sys_kernel(5)
    for (const pid_t task : met.tasks) {
      if (task == 0 || !taken.tasks.contains(task)) continue;
      do ++free;
      while (taken.tasks.contains(free) || met.tasks.contains(free));
      tasks_[task] = free;
    }
  }
  void role(std::string& role) override {
    if (role.empty() || !taken_.roles.contains(role)) return;
    std::string& other = roles_[role];
    for (int number = 2; other.empty() || taken_.roles.contains(other); ++number)
      other = fmt::format("{} {}", role, number);
    role = other;
  }

 private:
  void call(std::uint64_t& id) override { met_.calls.change(id); }
  void socket(std::uint32_t& id) override { met_.sockets.change(id); }
  void stack(std::uint32_t& id) override { met_.stacks.change(id); }
  void task(pid_t& id) override {
    if (const auto found = tasks_.find(id); found != tasks_.end()) id = found->second;
  }

  Met& met_;
  const Taken& taken_;
  std::unordered_map<pid_t, pid_t> tasks_;
  std::map<std::string, std::string> roles_;
};

void renumber(model::Trace& trace, const Taken& taken) {
  Met met;
  for (model::Event& event : trace.events) met.go(event);
  Change change(met, taken);
  for (model::Event& event : trace.events) change.go(event);
  for (model::Program& program : trace.header.programs) change.role(program.role);
}

void add_words(std::string& into, const std::string& words) {
  if (into != words) into += (into.empty() || words.empty() ? "" : "; ") + words;
}

void add_header(model::Header& into, const model::Header& next) {
  add_words(into.tool, next.tool);
  add_words(into.kernel, next.kernel);
  add_words(into.machine, next.machine);
  add_words(into.system, next.system);
  add_words(into.libc, next.libc);
  into.payload_limit = std::min(into.payload_limit, next.payload_limit);
  into.payload_withheld |= next.payload_withheld;
  into.payload_unseen |= next.payload_unseen;
  into.payload_patterns = std::max(into.payload_patterns, next.payload_patterns);
  into.source_withheld |= next.source_withheld;
  if (into.interfaces != next.interfaces) into.interfaces.clear(); // of another machine
  into.programs.insert(into.programs.end(), next.programs.begin(), next.programs.end());
}

// Takes the end lines out; nothing where there was none.
std::optional<model::End> take_end(model::Trace& trace) {
  std::optional<model::End> end;
  for (const model::Event& event : trace.events)
    if (const auto* one = std::get_if<model::End>(&event.body)) end = *one;
  std::erase_if(trace.events, [](const model::Event& event) {
    return std::holds_alternative<model::End>(event.body);
  });
  return end;
}

void add_end(model::Trace& into, const std::optional<model::End>& end) {
  if (end)
    into.events.push_back({0, into.events.empty() ? Instant{} : into.events.back().at, *end});
}

using CallNumbers = std::unordered_map<std::uint64_t, std::uint64_t>;

// A sample may name a call that is not in the trace.
void change_calls(model::Event& event, const CallNumbers& numbers) {
  if (auto* call = std::get_if<model::Call>(&event.body)) call->id = {numbers.at(call->id.value)};
  auto* sample = std::get_if<model::Sample>(&event.body);
  if (!sample || !sample->call) return;
  const auto known = numbers.find(sample->call->value);
  if (known == numbers.end())
    sample->call.reset();
  else
    sample->call = model::CallId{known->second};
}

void shift(Instant& instant, std::int64_t ns) {
  if (__builtin_add_overflow(instant.ns, ns, &instant.ns))
    instant.ns = ns > 0 ? std::numeric_limits<std::int64_t>::max()
                        : std::numeric_limits<std::int64_t>::min();
}

} // namespace

Seam append(model::Trace& into, model::Trace next) {
  Taken taken;
  renumber(into, taken); // so that there is room behind
  for (const model::Program& program : into.header.programs) taken.roles.insert(program.role);
  const auto first_end = take_end(into);
  const auto second_end = take_end(next);
  for (model::Event& event : into.events) taken.go(event);
  renumber(next, taken);
  const Seam seam{into.events.size(), {taken.calls + 1}};
  into.events.insert(into.events.end(), std::make_move_iterator(next.events.begin()),
                     std::make_move_iterator(next.events.end()));
  add_header(into.header, next.header);
  into.unknown += next.unknown;
  into.cut |= next.cut;
  into.read_only = std::max(into.read_only, next.read_only);
  if (first_end && second_end)
    add_end(into,
            model::End{first_end->calls + second_end->calls, first_end->stops + second_end->stops});
  return seam;
}

void shift(model::Trace& trace, const Seam& seam, std::int64_t ns) {
  for (std::size_t i = seam.event; i < trace.events.size(); ++i) {
    model::Event& event = trace.events[i];
    shift(event.at, ns);
    if (auto* sample = std::get_if<model::Sample>(&event.body)) shift(sample->taken, ns);
    auto* call = std::get_if<model::Call>(&event.body);
    if (!call) continue;
    shift(call->entered, ns);
    if (call->outcome) shift(call->outcome->left, ns);
  }
}

void finish(model::Trace& trace, std::vector<model::Note> notes) {
  const auto end = take_end(trace);
  put_in_order(trace.events, &model::Event::at);
  // A call may be told twice; the first time says when it was entered as well as the last.
  std::vector<std::pair<Instant, std::uint64_t>> entered;
  for (const model::Event& event : trace.events)
    if (const auto* call = std::get_if<model::Call>(&event.body))
      entered.emplace_back(call->entered, call->id.value);
  std::ranges::sort(entered);
  CallNumbers numbers;
  for (const auto& [at, id] : entered) numbers.try_emplace(id, numbers.size() + 1);
  for (model::Event& event : trace.events) change_calls(event, numbers);
  const Instant last = trace.events.empty() ? Instant{} : trace.events.back().at;
  for (model::Note& note : notes) trace.events.push_back({0, last, std::move(note)});
  add_end(trace, end);
  for (std::size_t i = 0; i < trace.events.size(); ++i) trace.events[i].seq = i + 1;
}

} // namespace socktale::reports
