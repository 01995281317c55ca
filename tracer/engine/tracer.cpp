#include "tracer/engine/tracer.hpp"

#include "tracer/engine/machine.hpp"
#include "tracer/engine/process_memory.hpp"
#include "tracer/engine/seccomp.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <elf.h>
#include <linux/audit.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

namespace socktale::engine {
namespace {

constexpr int syscall_trap = SIGTRAP | 0x80; // PTRACE_O_TRACESYSGOOD

long ptrace_number(__ptrace_request request, Tid tid, std::uintptr_t data) {
  return ptrace(request, tid.value, nullptr, data);
}

pid_t event_message(Tid tid) {
  unsigned long message = 0;
  ptrace(PTRACE_GETEVENTMSG, tid.value, nullptr, &message);
  return static_cast<pid_t>(message);
}

std::optional<siginfo_t> signal_info(Tid tid) {
  siginfo_t info{};
  if (ptrace(PTRACE_GETSIGINFO, tid.value, nullptr, &info) != 0) return std::nullopt;
  return info;
}

bool is_thread_of(Tid tid, Pid pid) {
  std::error_code ignored;
  return std::filesystem::exists(
      "/proc/" + std::to_string(pid.value) + "/task/" + std::to_string(tid.value), ignored);
}

// The flags of the clone(2) that a 64-bit task is stopped in; fork(2) and vfork(2) have none.
std::optional<std::uint64_t> clone_flags(Tid tid) {
  user_regs_struct registers{};
  if (ptrace(PTRACE_GETREGS, tid.value, nullptr, &registers) != 0 ||
      registers.cs != machine::user_code_64)
    return std::nullopt;
  if (registers.orig_rax == SYS_clone) return registers.rdi;
  if (registers.orig_rax != SYS_clone3) return 0;
  return ProcessMemory(tid).read_value(Remote<std::uint64_t>{registers.rdi}); // struct clone_args
}

// Where flags cannot be read the kernel is asked (kcmp(2)); where that is not built in, threads are
// taken to share.
bool same_descriptors(Tid parent, Tid child, bool threads) {
  if (const auto flags = clone_flags(parent)) return (*flags & CLONE_FILES) != 0;
  const long order = syscall(SYS_kcmp, parent.value, child.value, KCMP_FILES, 0, 0);
  return order < 0 ? threads : order == 0;
}

// The ABI of the call, whatever the program's is: int $0x80 serves 64-bit programs too.
tables::Abi abi_of(std::uint32_t arch, std::uint64_t number) {
  constexpr std::uint64_t x32_bit = 0x40000000; // __X32_SYSCALL_BIT (asm/unistd.h)
  if (arch == AUDIT_ARCH_I386) return tables::Abi::i386;
  return (number & x32_bit) != 0 ? tables::Abi::x32 : tables::Abi::x86_64;
}

// The program of the process is a 32-bit one.
bool is_narrow(Pid pid) {
  std::ifstream file("/proc/" + std::to_string(pid.value) + "/exe", std::ios::binary);
  std::array<char, EI_NIDENT> identity{};
  return file.read(identity.data(), identity.size()) && identity[EI_CLASS] == ELFCLASS32;
}

bool is_job_control_stop(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

} // namespace

Tracer::Tracer(std::vector<Wanted> wanted, Mode mode) : wanted_(std::move(wanted)), mode_(mode) {
  for (const tables::Abi abi :
       {tables::Abi::x86_64, tables::Abi::i386}) // goes on with a wanted call
    wanted_.push_back({.number = tables::restart_number(abi), .abi = abi});
  for (const Wanted& each : wanted_) wanted_calls_.add(each.abi, each.number);
  for (const Wanted& each : own_numbers()) special_calls_.add(each.abi, each.number);
  for (const tables::Hider& each : tables::hiders()) special_calls_.add(each.abi, each.number);
  for (const int number : last_filter_calls()) special_calls_.add(tables::Abi::x86_64, number);
}

std::uintptr_t Tracer::trace_options() {
  return PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
         PTRACE_O_TRACECLONE | PTRACE_O_TRACESECCOMP;
}

Result<Pid> Tracer::start(const Launch& launch) {
  placement_.part(); // the child inherits our mask
  std::vector<sock_filter> filter;
  Process process;
  if (mode_ == Mode::filtered) {
    std::vector<Wanted> stopping = wanted_;
    std::ranges::copy(own_numbers(), std::back_inserter(stopping));
    for (const int number : last_filter_calls()) stopping.push_back({number});
    Addition first = process.watched.add(inherited_sockets(launch.stdio)).value_or(Addition{});
    first.base = true;
    auto built = build_filter(stopping, first);
    if (!built) return std::unexpected(built.error());
    filter = std::move(*built);
  }
  auto child = Child::fork_stopped(launch, filter);
  if (!child) return std::unexpected(child.error());
  const Tid leader{child->pid().value};
  if (ptrace_number(PTRACE_SEIZE, leader, trace_options() | PTRACE_O_EXITKILL) != 0) {
    const int code = errno;
    kill(leader.value, SIGKILL);
    waitpid(leader.value, nullptr, __WALL);
    return std::unexpected(Error{"ptrace", code, {}});
  }
  child->let_go();
  if (auto execed = wait_for_exec(*child); !execed) return std::unexpected(execed.error());
  tasks_[leader] = Task{.pid = child->pid(), .guise = own_guise()};
  process.narrow = is_narrow(child->pid());
  processes_[child->pid()] = process;
  placement_.started(child->pid(), leader);
  ready_.emplace_back(std::in_place_type<ExecStop>, *this, child->pid(), leader);
  return child->pid();
}

// Until its exec the child runs our code, whose stops are nobody's business.
Result<> Tracer::wait_for_exec(Child& child) {
  const Tid leader{child.pid().value};
  for (;;) {
    int status = 0;
    if (waitpid(leader.value, &status, __WALL) < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(Error{"waitpid", errno, {}});
    }
    if (!WIFSTOPPED(status)) return std::unexpected(child.failure());
    const int event = status >> 16;
    if (event == PTRACE_EVENT_EXEC) return {};
    const int signal = event == 0 && WSTOPSIG(status) != syscall_trap ? WSTOPSIG(status) : 0;
    restart(leader, signal);
  }
}

std::optional<Stop> Tracer::next(const std::atomic<bool>& stop) {
  for (;;) {
    if (stop && may_leave()) return std::nullopt;
    if (!ready_.empty()) {
      std::optional<Stop> first{std::move(ready_.front())};
      ready_.pop_front();
      return first;
    }
    if (!untold_.empty()) {
      const auto [task, what] = untold_.front();
      untold_.pop_front();
      if (auto told = on_status(task, what)) return told;
      continue;
    }
    adopt_orphans();
    if (tasks_.empty()) return std::nullopt;
    int status = 0;
    const pid_t tid = waitpid(-1, &status, __WALL);
    if (tid < 0) {
      if (errno == EINTR) continue;
      return std::nullopt; // ECHILD: everything was waited for
    }
    if (auto what = on_status(Tid{tid}, status)) return what;
  }
}

// Newborns whose parent was killed before it could tell of them.
void Tracer::adopt_orphans() {
  if (!tasks_.empty() || early_.empty()) return;
  for (const Tid tid : early_) {
    tasks_[tid] = Task{.pid = Pid{tid.value}};
    restart(tid, 0);
  }
  early_.clear();
}

std::optional<Stop> Tracer::on_status(Tid tid, int status) {
  const auto task = tasks_.find(tid);
  if (!WIFSTOPPED(status)) {
    early_.erase(tid);
    if (task == tasks_.end()) return std::nullopt;
    return on_end(tid, status);
  }
  const int event = status >> 16;
  if (task == tasks_.end()) { // the child's first stop came before its parent's (ptrace(2))
    early_.insert(tid);
    return std::nullopt;
  }
  return on_stop(tid, task->second, WSTOPSIG(status), event);
}

std::optional<Stop> Tracer::on_stop(Tid tid, Task& task, int signal, int event) {
  switch (event) {
  case PTRACE_EVENT_SECCOMP: return on_syscall(tid, task);
  case PTRACE_EVENT_FORK:
  case PTRACE_EVENT_VFORK:
  case PTRACE_EVENT_CLONE: return on_birth(tid, task);
  case PTRACE_EVENT_EXEC: return on_exec(tid);
  case PTRACE_EVENT_STOP: return on_event_stop(tid, task, signal);
  case 0: break;
  default: restart(tid, 0); return std::nullopt;
  }
  if (signal == syscall_trap) return on_syscall(tid, task);
  const Signalled seen{task.pid, tid, signal, signal_info(tid)};
  restart(tid, signal);
  return seen;
}

std::optional<Stop> Tracer::on_syscall(Tid tid, Task& task) {
  ++syscall_stops_;
  placement_.stopped();
  __ptrace_syscall_info info{};
  if (ptrace(PTRACE_GET_SYSCALL_INFO, tid.value, sizeof info, &info) <= 0) {
    restart(tid, 0); // killed in the meantime: its end comes next
    return std::nullopt;
  }
  if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
    task.entered = false;
    const bool awaited = std::exchange(task.inside, false);
    std::int64_t result = info.exit.rval;
    if (const auto own = std::exchange(task.own, std::nullopt))
      result = settle(tid, task, *own, result);
    if (awaited) return Stop{std::in_place_type<ExitStop>, *this, task.pid, tid, result};
    restart(tid, 0);
    return std::nullopt;
  }
  // Where all calls stop, a filter makes some stop twice (ptrace(2): the seccomp stop comes
  // second).
  if (std::exchange(task.entered, processes_[task.pid].every_call)) {
    restart(tid, 0);
    return std::nullopt;
  }
  if (leaving_) {
    restart(tid, 0);
    return std::nullopt;
  }
  EntryStop::Info entry{
      abi_of(info.arch, info.entry.nr), -1, {}, {info.instruction_pointer, info.stack_pointer}};
  // Both forms begin with the number and the arguments (linux/ptrace.h).
  entry.number = static_cast<long>(info.entry.nr);
  if (const auto before = std::exchange(task.restarts, std::nullopt);
      before && entry.number == tables::restart_number(entry.abi))
    entry.number = *before;
  std::ranges::copy(info.entry.args, entry.args.begin());
  if (entry.abi == tables::Abi::i386) // int $0x80 in a 64-bit program: the upper halves are rubbish
    for (std::uint64_t& arg : entry.args) arg &= UINT32_MAX;
  if (ends_by_strict_mode(tid, task, entry)) return std::nullopt;
  task.own.reset();
  if (special_calls_.contains(entry.abi, entry.number)) {
    if (ends_filtering(entry) && watch_everything(task.pid, tid)) return std::nullopt;
    task.own = own_call(tid, entry);
  }
  if (!wanted_calls_.contains(entry.abi, entry.number)) {
    restart(tid, 0);
    return std::nullopt;
  }
  return Stop{std::in_place_type<EntryStop>, *this, task.pid, tid, entry};
}

std::optional<Stop> Tracer::on_birth(Tid tid, const Task& task) {
  const Tid child{event_message(tid)};
  const bool thread = is_thread_of(child, task.pid);
  const BirthStop::Newborn newborn{thread ? task.pid : Pid{child.value}, child,
                                   same_descriptors(tid, child, thread)};
  const Pid parent = task.pid; // `task` may move when the map grows
  Task newborn_task{.pid = newborn.pid, .newborn = true, .guise = task.guise};
  if (task.own && task.own->kind == OwnCall::Kind::hides_child) newborn_task.own = task.own;
  if (!thread) {
    processes_[newborn.pid] = processes_[parent];
    // Two processes, one descriptor table: what one of them opens the other's filters do not know.
    if (newborn.shares_descriptors) {
      stop_every_call(parent);
      stop_every_call(newborn.pid);
    }
  }
  tasks_[child] = newborn_task;
  placement_.born(tid, newborn.pid, child);
  Stop stop{std::in_place_type<BirthStop>, *this, parent, tid, newborn};
  if (early_.erase(child) > 0) {
    begins(child, tasks_[child]);
    restart(child, 0);
  }
  return stop;
}

// A newborn's first stop, which comes after the exit of the call that made it.
void Tracer::begins(Tid tid, Task& task) {
  task.newborn = false;
  if (const auto own = std::exchange(task.own, std::nullopt)) (void)settle(tid, task, *own, 0);
}

std::optional<Stop> Tracer::on_exec(Tid tid) {
  // The thread that called execve(2) takes over the leader's id; the former leader says no goodbye.
  const Tid former{event_message(tid)};
  const Pid pid{tid.value};
  const Guise guise = tasks_[former].guise;
  if (former != tid) {
    tasks_.erase(former);
    placement_.renamed(former, tid);
  }
  tasks_[tid] = Task{.pid = pid, .guise = guise};
  Process& process = processes_[pid];
  process.narrow = is_narrow(pid);
  process.joining = 0;
  process.headless = false;
  if (process.unwatched && !process.narrow) stop_every_call(pid);
  return Stop{std::in_place_type<ExecStop>, *this, pid, former};
}

std::optional<Stop> Tracer::on_event_stop(Tid tid, Task& task, int signal) {
  const Pid pid = task.pid;
  const bool all_joined = joined(tid, task);
  const bool first = task.newborn;
  if (first) begins(tid, task);
  if (!first && is_job_control_stop(signal)) {
    ptrace_number(PTRACE_LISTEN, tid, 0); // it stays stopped, and may be continued by SIGCONT
  } else if (all_joined) {
    return Stop{std::in_place_type<JoinStop>, *this, pid, tid};
  } else {
    restart(tid, 0);
  }
  return std::nullopt;
}

Gone Tracer::on_end(Tid tid, int status) {
  const Pid pid = tasks_.at(tid).pid;
  (void)joined(tid, tasks_.at(tid));
  tasks_.erase(tid);
  placement_.gone(tid);
  Gone gone{pid, tid, is_last(pid, tid), {}, {}};
  if (gone.last) processes_.erase(pid);
  if (WIFEXITED(status)) gone.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) gone.signal = WTERMSIG(status);
  return gone;
}

void Tracer::resume(Tid tid, bool until_exit) {
  const auto task = tasks_.find(tid);
  if (task == tasks_.end()) return restart(tid, nullptr, 0);
  task->second.inside = until_exit;
  restart(tid, &task->second, 0);
}

void Tracer::restart(Tid tid, int signal) {
  const auto task = tasks_.find(tid);
  restart(tid, task == tasks_.end() ? nullptr : &task->second, signal);
}

// ESRCH is no error: the task was killed while it was stopped.
void Tracer::restart(Tid tid, const Task* task, int signal) {
  const auto stops_next = [&] {
    if (mode_ == Mode::every_call) return true;
    return task != nullptr && (task->inside || task->own || processes_[task->pid].every_call);
  };
  const auto request = !leaving_ && stops_next() ? PTRACE_SYSCALL : PTRACE_CONT;
  ptrace_number(request, tid, static_cast<std::uintptr_t>(signal));
}

} // namespace socktale::engine
