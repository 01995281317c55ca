// Joining processes that run already: finding their threads, and stopping each once without its
// program noticing. Leaving them needs nothing: they go on when the tracing thread ends
// (ptrace(2)).
#include "tracer/base/numbers_in.hpp"
#include "tracer/base/process_status.hpp"
#include "tracer/engine/machine.hpp"
#include "tracer/engine/tracer.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

namespace socktale::engine {
namespace {

std::vector<Tid> threads_of(Pid pid) {
  std::vector<Tid> tids;
  for (const int tid : numbers_in("/proc/" + std::to_string(pid.value) + "/task"))
    tids.push_back(Tid{tid});
  return tids;
}

// A signal that is neither held back nor taken yet: SigPnd and ShdPnd without SigBlk of proc(5).
bool has_signal(Tid tid) {
  const ProcessStatus status(tid.value);
  const auto set = [&](std::string_view name) { return status.number<std::uint64_t>(name, 16); };
  return ((set("SigPnd") | set("ShdPnd")) & ~set("SigBlk")) != 0;
}

} // namespace

// Children and threads that the process makes meanwhile come by themselves, by the options.
bool Tracer::seize(Pid pid, Tid tid) {
  if (ptrace(PTRACE_SEIZE, tid.value, nullptr, trace_options()) != 0) return false;
  tasks_[tid] = Task{.pid = pid, .joining = true};
  Process& process = processes_[pid];
  process.every_call = true;
  ++process.joining;
  // Calls stop only from a stop on (PTRACE_SYSCALL). One that is stopped already has stopped here.
  ptrace(PTRACE_INTERRUPT, tid.value, nullptr, nullptr);
  return true;
}

Result<std::vector<Tid>> Tracer::attach(Pid pid) {
  placement_.leave_alone();
  outlived_ = true;
  std::vector<Tid> seized;
  int code = ESRCH;
  // A thread that was not seized yet may make others, so until there is none that is new.
  for (bool more = true; more;) {
    more = false;
    for (const Tid tid : threads_of(pid)) {
      if (tasks_.contains(tid)) continue;
      if (seize(pid, tid)) {
        seized.push_back(tid);
        more = true;
      } else if (seized.empty()) {
        code = errno; // otherwise it has ended, or is ours as a child of those that are
      }
    }
  }
  if (seized.empty()) {
    processes_.erase(pid);
    return std::unexpected(Error{"ptrace", code, {}});
  }
  processes_[pid].headless = !tasks_.contains(Tid{pid.value});
  return seized;
}

// A stop that was asked for. True: it is the first of the last thread of a process that joins.
bool Tracer::joined(Tid tid, Task& task) {
  const bool joining = std::exchange(task.joining, false);
  if (std::exchange(task.leaving, false) || joining) undo_interruption(tid, task);
  if (!joining) return false;
  Process& process = processes_[task.pid];
  if (process.joining == 0) return false;
  --process.joining;
  return process.joining == 0;
}

// When the tracer ends, a task that is stopped at the entry of a call makes it with a signal
// pending that is none, and EINTR is what it may see. So no task must be there: each is to stop
// once more, is let go on without stopping at calls, and only those inside a call stay as they are.
// One that does not stop, as while it waits for its child of vfork(2), is not waited for.
bool Tracer::may_leave() {
  constexpr unsigned most = 10; // of the wakings that come while somebody wants the end
  if (!outlived_) return true;
  if (!std::exchange(leaving_, true)) begin_leaving();
  const auto awaited = [](const auto& task) { return task.second.leaving || task.second.joining; };
  return std::ranges::none_of(tasks_, awaited) || ++impatience_ > most;
}

void Tracer::begin_leaving() {
  for (auto& [tid, task] : tasks_) {
    if (task.entered || task.joining || task.newborn) continue;
    task.leaving = ptrace(PTRACE_INTERRUPT, tid.value, nullptr, nullptr) == 0;
  }
}

// The stop that joining or leaving took has ended the call that the thread waited in. The kernel
// makes most calls again by itself; some, like epoll_wait(2) and those with a timeout of the
// socket's, return EINTR (signal(7)), which the program must not see. close(2) has closed
// nonetheless.
void Tracer::undo_interruption(Tid tid, Task& task) {
  constexpr int close_32 = 6;
  user_regs_struct registers{};
  if (ptrace(PTRACE_GETREGS, tid.value, nullptr, &registers) != 0) return;
  const auto call = static_cast<std::int64_t>(registers.orig_rax);
  const auto result = static_cast<std::int64_t>(registers.rax);
  if (call < 0) return; // in no call
  if (result == tables::restart_block) task.restarts = call;
  const auto close = registers.cs == machine::user_code_32 ? close_32 : SYS_close;
  if (result != -EINTR || call == close || has_signal(tid)) return;
  registers.rip -= machine::instruction_size;
  registers.rax = registers.orig_rax;
  registers.orig_rax = machine::no_call;
  ptrace(PTRACE_SETREGS, tid.value, nullptr, &registers);
}

// The leader's end is told last (wait(2)), unless that was before we came.
bool Tracer::is_last(Pid pid, Tid tid) const {
  const auto process = processes_.find(pid);
  if (process == processes_.end() || !process->second.headless) return tid.value == pid.value;
  return std::ranges::none_of(tasks_, [&](const auto& task) { return task.second.pid == pid; });
}

} // namespace socktale::engine
