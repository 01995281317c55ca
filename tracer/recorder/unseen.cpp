#include "tracer/recorder/unseen.hpp"

#include "tracer/base/process_status.hpp"

#include <cerrno>
#include <utility>

#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <unistd.h>

namespace socktale::recorder {
namespace {

using tables::Hides;

// seccomp(2) numbers its modes from 0, prctl(2) from 1; both have the strict one first.
bool is_strict(const engine::EntryStop::Info& info) {
  const bool by_prctl = tables::hider(info.abi, info.number, info.args)->only.mask != 0;
  return by_prctl ? info.args[1] == SECCOMP_MODE_STRICT : info.args[0] == SECCOMP_SET_MODE_STRICT;
}

// struct clone_args begins with the flags.
bool is_untraced(engine::EntryStop& stop) {
  const auto flags = stop.memory().read_value(Remote<std::uint64_t>{stop.info().args[0]});
  return flags && (*flags & CLONE_UNTRACED) != 0;
}

// Whether ptrace(2) was refused because we trace whom it was for; in a PID namespace of the
// program's own its number may be nobody's here. A process that asks for itself is refused
// untraced, too.
bool is_ours(const engine::EntryStop::Info& call, Pid caller) {
  if (call.args[0] == PTRACE_TRACEME) return true;
  const ProcessStatus other(static_cast<pid_t>(call.args[1]));
  return other.number<pid_t>("TracerPid") == getpid() &&
         other.number<pid_t>("Tgid") != caller.value;
}

} // namespace

bool Unseen::entered(engine::EntryStop& stop) {
  const auto& info = stop.info();
  if (info.abi == tables::Abi::x32) {
    note_once(stop.pid(), "x32-call");
    return false;
  }
  const tables::Hider* hider = tables::hider(info.abi, info.number, info.args);
  if (hider == nullptr) return false;
  if (hider->what == Hides::child3 && !is_untraced(stop)) return false;
  const bool strict = hider->what == Hides::calls && is_strict(info);
  const bool ours = hider->what == Hides::tracer && is_ours(info, stop.pid());
  pending_[stop.tid()] = {stop.pid(), hider->what, strict, ours};
  return true;
}

void Unseen::left(Tid tid, std::int64_t result) {
  const auto node = pending_.extract(tid);
  if (node.empty()) return;
  const Pending& call = node.mapped();
  switch (call.what) {
  case Hides::ring:
    if (result >= 0) note_once(call.pid, "io-uring");
    return;
  case Hides::calls:
    if (result >= 0) note_once(call.pid, call.strict ? "strict-seccomp" : "own-filter");
    return;
  case Hides::tracer:
    if (result == -EPERM && call.ours) note_once(call.pid, "one-tracer");
    return;
  case Hides::child:
  case Hides::child3:
    if (result > 0)
      notes_.push_back({filtered_ ? "untraced-child-filtered" : "untraced-child",
                        call.pid,
                        {{"child", std::to_string(result)}}});
    return;
  }
}

void Unseen::gone(const engine::Gone& gone) {
  pending_.erase(gone.tid);
  if (gone.last) std::erase_if(told_, [&](const auto& each) { return each.second == gone.pid; });
}

void Unseen::note_once(Pid pid, const char* code) {
  if (told_.emplace(code, pid).second) notes_.push_back({code, pid, {}});
}

std::vector<model::Note> Unseen::take_notes() { return std::exchange(notes_, {}); }

} // namespace socktale::recorder
