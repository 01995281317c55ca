#include "tracer/engine/stop.hpp"

#include "tracer/engine/machine.hpp"
#include "tracer/engine/tracer.hpp"

#include <utility>

#include <sys/ptrace.h>
#include <sys/user.h>

namespace socktale::engine {

Held::Held(Held&& other) noexcept
    : tracer_(std::exchange(other.tracer_, nullptr)),
      pid_(other.pid_),
      tid_(other.tid_),
      memory_(other.tid_) {}

Held::~Held() {
  if (tracer_ != nullptr) go_on(false);
}

std::optional<Registers> Held::registers() const {
  user_regs_struct regs{};
  if (ptrace(PTRACE_GETREGS, tid_.value, nullptr, &regs) != 0) return std::nullopt;
  const bool narrow = regs.cs == machine::user_code_32;
  return Registers{.rip = regs.rip,
                   .rsp = regs.rsp,
                   .rbp = regs.rbp,
                   .rbx = regs.rbx,
                   .r12 = narrow ? regs.rsi : regs.r12,
                   .r13 = narrow ? regs.rdi : regs.r13,
                   .r14 = regs.r14,
                   .r15 = regs.r15,
                   .fs_base = regs.fs_base,
                   .narrow = narrow};
}

void Held::go_on(bool until_exit, std::span<const int> watched) {
  Tracer* tracer = std::exchange(tracer_, nullptr);
  if (watched.empty() || tracer->watch(pid_, tid_, watched)) tracer->resume(tid_, until_exit);
}

} // namespace socktale::engine
