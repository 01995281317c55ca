#include "reports/strace.hpp"

#include "reports/facts.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <string.h>

namespace socktale::reports {
namespace {

constexpr std::size_t result_column = 40; // strace's -a
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t day = std::int64_t{24} * 60 * 60;

// strace's %net, of the calls that Linux still has.
constexpr std::array<std::string_view, 19> net_calls = {
    "socket",      "bind",       "connect",  "listen",   "accept",   "accept4",    "getsockname",
    "getpeername", "socketpair", "sendto",   "recvfrom", "shutdown", "setsockopt", "getsockopt",
    "sendmsg",     "recvmsg",    "sendmmsg", "recvmmsg", "sendfile",
};

std::string signal_text(int number) {
  constexpr int first_real_time = 32;
  if (number == first_real_time) return "SIGRTMIN";
  if (number > first_real_time) return fmt::format("SIGRT_{}", number - first_real_time);
  const char* name = sigabbrev_np(number);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::to_string(number);
}

std::string seconds_text(std::int64_t ns) {
  return fmt::format("{}.{:06}", ns / second, ns % second / 1000);
}

// Seconds of a day as "12:34:56".
std::string clock_text(std::int64_t seconds) {
  const std::int64_t of_day = (seconds % day + day) % day;
  return fmt::format("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
}

} // namespace

// restart_syscall(2), which the record tells as the call that was interrupted.
bool StraceLines::goes_on(const model::Call& call) {
  return call.number == 219 || (call.number == 0 && call.name != "read"); // x86-64, i386
}

void StraceLines::begin(const model::Header& header) {
  began_at_ = header.began_at;
  for (const model::Interface& each : header.interfaces) interfaces_[each.index] = each.name;
}

bool StraceLines::wanted(const model::Call& call) const {
  return !options_.strace.net_only ||
         (std::ranges::find(net_calls, call.name) != net_calls.end() && !goes_on(call));
}

Spelling StraceLines::spelling(Pid pid) {
  Spelling spelling{options_.string_limit, {}, false};
  spelling.interface = [this](std::int64_t index) {
    const auto known = interfaces_.find(index);
    return known == interfaces_.end() ? std::string{} : known->second;
  };
  if (options_.strace.descriptors)
    spelling.descriptor = [this, pid](int fd) { return descriptors_.text(pid, fd); };
  return spelling;
}

void StraceLines::entered(const model::Call& call, Instant at) {
  if (options_.strace.descriptors) descriptors_.entered(call);
  if (!wanted(call)) return;
  start_line(call.tid, at);
  put(goes_on(call)
          ? fmt::format("restart_syscall(<... resuming interrupted {} ...>", printable(call.name))
          : entry_text(call, spelling(call.pid)));
  open_ = call.tid;
  inside_[call.tid] = false;
}

void StraceLines::returned(const model::Call& call, Instant at) {
  if (options_.strace.descriptors) descriptors_.returned(call);
  const auto inside = inside_.find(call.tid);
  const bool known = inside != inside_.end();
  if (wanted(call) && known) {
    if (inside->second) {
      start_line(call.tid, at);
      put(fmt::format("<... {} resumed>", goes_on(call) ? "restart_syscall" : strace_name(call)));
    }
    inside_.erase(inside);
    open_ = call.tid;
    const Spelling how = spelling(call.pid);
    const bool shown = goes_on(call); // with the arguments of the call that it goes on with
    put(!call.outcome ? " <unfinished ...>)" : shown ? ")" : return_text(call, how));
    put_result(shown && succeeded(call) ? fmt::to_string(call.outcome->result)
                                        : result_text(call, how));
    if (call.outcome && options_.strace.time_spent)
      put(fmt::format(" <{}>", seconds_text(at.ns - call.entered.ns)));
    end_line();
  }
  if (options_.strace.descriptors) descriptors_.ended(call);
}

void StraceLines::on(const model::Event& event) {
  std::visit([&](const auto& body) { on(body, event.at); }, event.body);
}

void StraceLines::on(const model::Socket& socket, Instant /*at*/) { descriptors_.know(socket); }

void StraceLines::on(const model::Sample& sample, Instant /*at*/) { descriptors_.know(sample); }

void StraceLines::on(const model::TaskBorn& born, Instant /*at*/) {
  tasks_.insert(born.tid);
  if (born.pid.value == born.tid.value) descriptors_.born(born.parent, born.pid);
}

void StraceLines::on(const model::TaskGone& gone, Instant at) {
  const bool replaced = !gone.status && !gone.signal; // its exec made it the leader
  start_line(replaced ? Tid{gone.pid.value} : gone.tid, at);
  if (replaced)
    put(fmt::format("+++ superseded by execve in pid {} +++", gone.tid.value));
  else if (gone.signal)
    put(fmt::format("+++ killed by {} +++", signal_text(*gone.signal)));
  else
    put(fmt::format("+++ exited with {} +++", gone.status.value_or(0)));
  end_line();
  inside_.erase(gone.tid);
  tasks_.erase(gone.tid);
  if (gone.last) descriptors_.gone(gone.pid);
}

void StraceLines::on(const model::Signal& signal, Instant at) {
  start_line(signal.tid, at);
  const std::string name =
      signal.name.empty() ? fmt::to_string(signal.number) : printable(signal.name);
  const std::string info = signal.info.empty() ? "" : value_text(signal.info) + ' ';
  put(fmt::format("--- {} {}---", name, info));
  end_line();
}

// What was begun by another thread is broken off.
void StraceLines::start_line(Tid tid, Instant at) {
  if (open_) {
    inside_[*open_] = true;
    put(" <unfinished ...>");
    end_line();
  }
  switch (options_.strace.pids) {
  case StraceLook::Pids::column: put(fmt::format("{:<5} ", tid.value)); break;
  case StraceLook::Pids::prefix:
    if (tasks_.size() > 1) put(fmt::format("[pid {:>5}] ", tid.value));
    break;
  case StraceLook::Pids::none: break;
  }
  put(time_text(at));
}

std::string StraceLines::time_text(Instant at) {
  const std::int64_t since = last_ ? at.ns - last_->ns : 0;
  last_ = at;
  const std::int64_t epoch = began_at_ + at.ns;
  const std::int64_t local = epoch / second + options_.strace.utc_offset;
  switch (options_.strace.times) {
  case StraceLook::Times::none: return "";
  case StraceLook::Times::seconds: return clock_text(local) + ' ';
  case StraceLook::Times::fractions:
    return fmt::format("{}.{:06} ", clock_text(local), epoch % second / 1000);
  case StraceLook::Times::epoch: return seconds_text(epoch) + ' ';
  case StraceLook::Times::relative:
    return fmt::format("{:6}.{:06} ", since / second, since % second / 1000);
  }
  return "";
}

void StraceLines::put(std::string_view text) {
  out_ += text;
  column_ += text.size();
}

void StraceLines::put_result(std::string_view result) {
  put(" ");
  if (column_ < result_column) put(std::string(result_column - column_, ' '));
  put("= ");
  put(result);
}

void StraceLines::end_line() {
  out_ += '\n';
  column_ = 0;
  open_.reset();
}

std::string StraceLines::take() { return std::exchange(out_, {}); }

void LiveStrace::on(const model::Event& event) {
  if (const auto* call = std::get_if<model::Call>(&event.body))
    lines_.returned(*call, call->outcome ? call->outcome->left : event.at);
  else
    lines_.on(event);
  write();
}

void LiveStrace::entered(const model::Call& call) {
  lines_.entered(call, call.entered);
  write();
}

// A reader that went away is no reason to stop tracing, so failures are left to the stream's state.
void LiveStrace::write() {
  const std::string text = lines_.take();
  if (text.empty()) return;
  (void)std::fwrite(text.data(), 1, text.size(), out_);
  (void)std::fflush(out_);
}

namespace {

// Something at its time: a call's entry, its return, or what another event says.
struct Moment {
  enum class Kind { entry, returning, other };
  Instant at;
  Kind kind;
  const model::Event* event;
};

// In the order in which it happened. What the book learned from a call is told before the call is,
// and later than the call was over: it belongs to the return.
std::vector<Moment> moments_of(const model::Trace& trace) {
  std::vector<Moment> moments;
  std::vector<const model::Event*> learned;
  std::map<model::CallId, Instant> returns; // for what the kernel was asked then
  for (const model::Event& event : trace.events)
    if (const auto* call = std::get_if<model::Call>(&event.body); call != nullptr && call->outcome)
      returns.emplace(call->id, call->outcome->left);
  const auto time_of = [&](const model::Event& event) {
    const auto* sample = std::get_if<model::Sample>(&event.body);
    if (sample == nullptr || !sample->call || sample->at_entry) return event.at;
    const auto left = returns.find(*sample->call);
    return left != returns.end() ? left->second : event.at;
  };
  const auto settle = [&](Instant entered, Instant left) {
    for (const model::Event* event : std::exchange(learned, {}))
      moments.push_back({event->at > entered ? left : event->at, Moment::Kind::other, event});
  };
  for (const model::Event& event : trace.events) {
    const auto* call = std::get_if<model::Call>(&event.body);
    if (std::holds_alternative<model::Socket>(event.body)) {
      learned.push_back(&event);
    } else if (call == nullptr) {
      moments.push_back({time_of(event), Moment::Kind::other, &event});
    } else {
      const Instant left = call->outcome ? call->outcome->left : event.at;
      moments.push_back({call->entered, Moment::Kind::entry, &event});
      settle(call->entered, left);
      moments.push_back({left, Moment::Kind::returning, &event});
    }
  }
  settle({}, {});
  std::ranges::stable_sort(moments, {}, [](const Moment& moment) {
    return std::pair(moment.at, moment.kind == Moment::Kind::returning);
  });
  return moments;
}

} // namespace

std::string render_strace(const Story& story, const Options& options) {
  StraceLines lines(options);
  lines.begin(story.trace->header);
  for (const Moment& moment : moments_of(*story.trace)) {
    if (moment.kind == Moment::Kind::other) {
      lines.on(*moment.event);
      continue;
    }
    const auto& call = std::get<model::Call>(moment.event->body);
    if (moment.kind == Moment::Kind::entry)
      lines.entered(call, moment.at);
    else
      lines.returned(call, moment.at);
  }
  return lines.take();
}

} // namespace socktale::reports
