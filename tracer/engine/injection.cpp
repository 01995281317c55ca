#include "tracer/engine/injection.hpp"

#include "tracer/engine/machine.hpp"

#include <cerrno>
#include <utility>

#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

namespace socktale::engine {
namespace {

constexpr std::uint16_t syscall_instruction = 0x050f;

enum class Where { inside, exit, elsewhere };

// Where a stop that waitpid(2) told of is in the call.
Where where(Tid tid, int status) {
  if (!WIFSTOPPED(status)) return Where::elsewhere;
  const int event = status >> 16;
  const bool syscall_stop = event == 0 && WSTOPSIG(status) == (SIGTRAP | 0x80);
  if (!syscall_stop && event != PTRACE_EVENT_SECCOMP) return Where::elsewhere;
  __ptrace_syscall_info info{};
  if (ptrace(PTRACE_GET_SYSCALL_INFO, tid.value, sizeof info, &info) <= 0) return Where::elsewhere;
  return info.op == PTRACE_SYSCALL_INFO_EXIT ? Where::exit : Where::inside;
}

// Lets the task go on to the exit of the call that it is about to make or in.
std::expected<void, Injection::Interrupted> to_exit(Tid tid) {
  for (;;) {
    int status = 0;
    if (ptrace(PTRACE_SYSCALL, tid.value, nullptr, nullptr) != 0 && errno != ESRCH) break;
    while (waitpid(tid.value, &status, __WALL) < 0)
      if (errno != EINTR) return std::unexpected(Injection::Interrupted{});
    const Where at = where(tid, status);
    if (at == Where::exit) return {};
    if (at == Where::elsewhere) return std::unexpected(Injection::Interrupted{status});
  }
  return std::unexpected(Injection::Interrupted{});
}

bool get_registers(Tid tid, user_regs_struct& registers) {
  return ptrace(PTRACE_GETREGS, tid.value, nullptr, &registers) == 0;
}

} // namespace

Injection::Injection(Tid tid) : tid_(tid) {
  if (get_registers(tid_, saved_)) begin();
}

Injection::Injection(Tid tid, const user_regs_struct& afterwards) : tid_(tid), saved_(afterwards) {
  begin();
}

Injection::Injection(Injection&& other) noexcept
    : tid_(other.tid_),
      saved_(other.saved_),
      signals_(other.signals_),
      possible_(other.possible_),
      active_(std::exchange(other.active_, false)) {}

std::expected<Injection, Injection::Interrupted> Injection::before_call(Tid tid) {
  user_regs_struct entry{};
  if (!get_registers(tid, entry)) return std::unexpected(Interrupted{});
  user_regs_struct again = entry; // the instruction once more, with the number that it had
  again.rip -= machine::instruction_size;
  again.rax = entry.orig_rax;
  again.orig_rax = machine::no_call;
  user_regs_struct skip = entry;
  skip.orig_rax = machine::no_call;
  if (ptrace(PTRACE_SETREGS, tid.value, nullptr, &skip) != 0) return std::unexpected(Interrupted{});
  if (auto exit = to_exit(tid); !exit) {
    ptrace(PTRACE_SETREGS, tid.value, nullptr, &again);
    return std::unexpected(exit.error());
  }
  return Injection(tid, again);
}

// No signal may come between: its handler would run with our registers (PTRACE_SETSIGMASK).
void Injection::begin() {
  std::uint16_t instruction = 0;
  user_regs_struct now{};
  if (!get_registers(tid_, now)) return;
  iovec to{&instruction, sizeof instruction};
  iovec from{reinterpret_cast<void*>(now.rip - machine::instruction_size), sizeof instruction};
  if (now.cs != machine::user_code_64 ||
      process_vm_readv(tid_.value, &to, 1, &from, 1, 0) != sizeof instruction ||
      instruction != syscall_instruction) {
    restore();
    return;
  }
  const std::uint64_t all = ~0ULL;
  const auto size = reinterpret_cast<void*>(sizeof signals_);
  if (ptrace(PTRACE_GETSIGMASK, tid_.value, size, &signals_) != 0 ||
      ptrace(PTRACE_SETSIGMASK, tid_.value, size, &all) != 0) {
    restore();
    return;
  }
  active_ = possible_ = true;
}

void Injection::restore() { ptrace(PTRACE_SETREGS, tid_.value, nullptr, &saved_); }

Injection::~Injection() {
  if (!active_) return;
  restore();
  const auto size = reinterpret_cast<void*>(sizeof signals_);
  ptrace(PTRACE_SETSIGMASK, tid_.value, size, &signals_);
}

std::expected<std::int64_t, Injection::Interrupted>
Injection::call(long number, const std::array<std::uint64_t, 6>& arguments) {
  user_regs_struct registers{};
  if (!get_registers(tid_, registers)) return std::unexpected(Interrupted{});
  registers.rip -= machine::instruction_size;
  registers.rax = static_cast<unsigned long long>(number);
  registers.orig_rax = machine::no_call;
  registers.rdi = arguments[0];
  registers.rsi = arguments[1];
  registers.rdx = arguments[2];
  registers.r10 = arguments[3];
  registers.r8 = arguments[4];
  registers.r9 = arguments[5];
  if (ptrace(PTRACE_SETREGS, tid_.value, nullptr, &registers) != 0)
    return std::unexpected(Interrupted{});
  if (auto exit = to_exit(tid_); !exit) return std::unexpected(exit.error());
  if (!get_registers(tid_, registers)) return std::unexpected(Interrupted{});
  return static_cast<std::int64_t>(registers.rax);
}

bool Injection::write(std::uint64_t at, std::span<const std::byte> bytes) const {
  iovec from{const_cast<std::byte*>(bytes.data()), bytes.size()};
  iovec to{reinterpret_cast<void*>(at), bytes.size()};
  return process_vm_writev(tid_.value, &from, 1, &to, 1, 0) == static_cast<ssize_t>(bytes.size());
}

} // namespace socktale::engine
