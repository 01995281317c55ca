// Calls whose answers would show a program what the tracer has done to it, put right at their ends:
// on which CPUs it runs, whether it has seccomp filters, whether it could gain privileges. And
// seccomp's strict mode, which the kernel refuses a program that has a filter, and which is kept
// here instead. Never looks at what else a program does.
#include "tracer/engine/tracer.hpp"
#include "tracer/engine/untraced_flag.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

namespace socktale::engine {
namespace {

using tables::Abi;
using Kind = OwnCall::Kind;

enum class Call : std::uint8_t { asks_cpus, sets_cpus, prctl, seccomp };

struct Row {
  Abi abi;
  int number;
  Call call;
};
// i386's numbers: arch/x86/entry/syscalls/syscall_32.tbl.
constexpr std::array rows = {
    Row{Abi::x86_64, SYS_sched_getaffinity, Call::asks_cpus},
    Row{Abi::x86_64, SYS_sched_setaffinity, Call::sets_cpus},
    Row{Abi::x86_64, SYS_prctl, Call::prctl},
    Row{Abi::x86_64, SYS_seccomp, Call::seccomp},
    Row{Abi::i386, 242, Call::asks_cpus},
    Row{Abi::i386, 241, Call::sets_cpus},
    Row{Abi::i386, 172, Call::prctl},
    Row{Abi::i386, 354, Call::seccomp},
};

constexpr int exit_32 = 1;

// What the strict mode leaves a task (mode1_syscalls of kernel/seccomp.c).
struct Number {
  Abi abi;
  int number;
};
constexpr std::array left_by_strict = {
    Number{Abi::x86_64, SYS_read}, Number{Abi::x86_64, SYS_write},
    Number{Abi::x86_64, SYS_exit}, Number{Abi::x86_64, SYS_rt_sigreturn},
    Number{Abi::i386, 3},          Number{Abi::i386, 4},
    Number{Abi::i386, exit_32},    Number{Abi::i386, 119},
};

std::optional<Kind> kind_of_prctl(const EntryStop::Info& call) {
  switch (static_cast<int>(call.args[0])) {
  case PR_GET_SECCOMP: return Kind::asks_seccomp;
  case PR_GET_NO_NEW_PRIVS: return Kind::asks_no_new_privs;
  case PR_SET_NO_NEW_PRIVS: return Kind::sets_no_new_privs;
  case PR_SET_SECCOMP: break;
  default: return std::nullopt;
  }
  if (call.args[1] == SECCOMP_MODE_STRICT) return Kind::goes_strict;
  return call.args[1] == SECCOMP_MODE_FILTER ? std::optional(Kind::adds_filter) : std::nullopt;
}

std::optional<Kind> kind_of_seccomp(const EntryStop::Info& call) {
  if (call.args[0] == SECCOMP_SET_MODE_FILTER) return Kind::adds_filter;
  const bool valid = call.args[1] == 0 && call.args[2] == 0;
  return call.args[0] == SECCOMP_SET_MODE_STRICT && valid ? std::optional(Kind::goes_strict)
                                                          : std::nullopt;
}

std::optional<Kind> kind_of(Call row, const EntryStop::Info& call) {
  switch (row) {
  case Call::asks_cpus: return Kind::asks_cpus;
  case Call::sets_cpus: return Kind::sets_cpus;
  case Call::prctl: return kind_of_prctl(call);
  case Call::seccomp: return kind_of_seccomp(call);
  }
  return std::nullopt;
}

std::uint64_t filter_flags(const OwnCall& call) { return call.by_prctl ? 0 : call.args[1]; }

// seccomp(2): a listener's descriptor, or with TSYNC the id of a thread that stood in the way.
bool has_filter_now(const OwnCall& call, std::int64_t result) {
  return result == 0 ||
         (result > 0 && (filter_flags(call) & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0);
}

bool poke(Tid tid, std::size_t offset, std::int64_t value) {
  return ptrace(PTRACE_POKEUSER, tid.value, offset, value) == 0;
}

// True: the child that the call is about to make will be seen.
bool show_child(Tid tid, const tables::Hider& hider, EntryStop::Info& entry) {
  std::optional<std::uint64_t> argument;
  const FirstArgument given{entry.abi, entry.args[0]};
  if (hider.what == tables::Hides::child) argument = take_flag_of_clone(tid, given);
  if (hider.what == tables::Hides::child3)
    argument = take_flag_of_clone3(tid, given, entry.args[1]);
  if (argument) entry.args[0] = *argument;
  return argument.has_value();
}

// What the program sees instead of the kernel's result.
std::int64_t answer(Tid tid, std::int64_t value) {
  poke(tid, offsetof(user, regs.rax), value);
  return value;
}

} // namespace

Guise own_guise() {
  return {.filter = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) > 0,
          .no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) > 0};
}

std::vector<Wanted> Tracer::own_numbers() {
  std::vector<Wanted> numbers;
  for (const Row& row : rows) numbers.push_back({.number = row.number, .abi = row.abi});
  return numbers;
}

std::optional<OwnCall> Tracer::own_call(Tid tid, EntryStop::Info& entry) const {
  const tables::Hider* hider = tables::hider(entry.abi, entry.number, entry.args);
  if (hider != nullptr && !outlived_) { // of what outlives us nothing is changed
    const OwnCall made{Kind::hides_child, entry.abi, entry.args};
    if (show_child(tid, *hider, entry)) return made;
  }
  const auto row = std::ranges::find_if(
      rows, [&](const Row& each) { return each.number == entry.number && each.abi == entry.abi; });
  if (row == rows.end()) return std::nullopt;
  const auto kind = kind_of(row->call, entry);
  const bool cpus = kind == Kind::asks_cpus || kind == Kind::sets_cpus;
  if (!kind || (mode_ == Mode::every_call && !cpus)) return std::nullopt; // no filter shows
  return OwnCall{*kind, entry.abi, entry.args, row->call == Call::prctl};
}

std::int64_t Tracer::settle(Tid tid, Task& task, const OwnCall& call, std::int64_t result) {
  switch (call.kind) {
  case Kind::asks_cpus: tell_cpus(tid, call, result); break;
  case Kind::sets_cpus:
    if (result == 0) placement_.set_by_program(target(tid, call));
    break;
  case Kind::asks_seccomp:
    if (result > 0 && !task.guise.filter) return answer(tid, SECCOMP_MODE_DISABLED);
    break;
  case Kind::asks_no_new_privs:
    if (result > 0 && !task.guise.no_new_privs) return answer(tid, 0);
    break;
  case Kind::sets_no_new_privs: task.guise.no_new_privs |= result == 0; break;
  case Kind::adds_filter:
    if (has_filter_now(call, result)) on_own_filter(task, call);
    break;
  case Kind::goes_strict:
    if (result != -EINVAL || task.guise.filter) break;
    task.guise.strict = true;
    stop_every_call(task.pid);
    return answer(tid, 0);
  case Kind::hides_child: // its own argument again, in the parent and in the child
    set_first_argument(tid, {call.abi, call.args[0]});
    break;
  }
  return result;
}

Tid Tracer::target(Tid tid, const OwnCall& call) {
  return call.args[0] == 0 ? tid : Tid{static_cast<pid_t>(call.args[0])};
}

// A program is told of the mask that it would have untraced, and keeps the one that it sets.
void Tracer::tell_cpus(Tid tid, const OwnCall& call, std::int64_t result) const {
  const auto mask = result < 0 ? std::nullopt : placement_.told(target(tid, call));
  if (!mask) return;
  iovec from{const_cast<cpu_set_t*>(&*mask),
             std::min(sizeof *mask, static_cast<std::size_t>(result))};
  iovec to{reinterpret_cast<void*>(call.args[2]), from.iov_len};
  process_vm_writev(tid.value, &from, 1, &to, 1, 0);
}

void Tracer::on_own_filter(Task& task, const OwnCall& call) {
  task.guise.filter = true;
  if ((filter_flags(call) & SECCOMP_FILTER_FLAG_TSYNC) == 0) return;
  for (auto& [tid, other] : tasks_) { // and what lets an unprivileged one have it (seccomp(2))
    if (other.pid != task.pid) continue;
    other.guise.filter = true;
    other.guise.no_new_privs |= task.guise.no_new_privs;
  }
}

// __secure_computing_strict of kernel/seccomp.c: the thread ends as if it was killed. One of
// several can be made to end only by itself.
bool Tracer::ends_by_strict_mode(Tid tid, const Task& task, const EntryStop::Info& call) {
  const auto is_call = [&](const Number& each) {
    return each.abi == call.abi && each.number == call.number;
  };
  if (!task.guise.strict || std::ranges::any_of(left_by_strict, is_call)) return false;
  const auto others =
      std::ranges::count_if(tasks_, [&](const auto& each) { return each.second.pid == task.pid; });
  if (others == 1) {
    kill(task.pid.value, SIGKILL);
  } else {
    poke(tid, offsetof(user, regs.orig_rax), call.abi == Abi::i386 ? exit_32 : SYS_exit);
    restart(tid, 0);
  }
  return true;
}

} // namespace socktale::engine
