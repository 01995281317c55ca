#include "tracer/tables/hiders.hpp"

#include <array>

#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <sys/syscall.h>

namespace socktale::tables {
namespace {

constexpr std::uint64_t int_bits = UINT32_MAX;
constexpr Test always{};
constexpr Test sets_seccomp{0, int_bits, PR_SET_SECCOMP};
constexpr Test untraced{0, CLONE_UNTRACED, CLONE_UNTRACED};

constexpr Test asks_for(std::uint64_t request, std::uint64_t mask = UINT64_MAX) {
  return {0, mask, request};
}

// i386's numbers: arch/x86/entry/syscalls/syscall_32.tbl.
constexpr std::array rows = {
    Hider{Abi::x86_64, SYS_io_uring_setup, Hides::ring, always},
    Hider{Abi::x86_64, SYS_seccomp, Hides::calls, always},
    Hider{Abi::x86_64, SYS_prctl, Hides::calls, sets_seccomp},
    Hider{Abi::x86_64, SYS_clone, Hides::child, untraced},
    Hider{Abi::x86_64, SYS_clone3, Hides::child3, always},
    Hider{Abi::x86_64, SYS_ptrace, Hides::tracer, asks_for(PTRACE_TRACEME)},
    Hider{Abi::x86_64, SYS_ptrace, Hides::tracer, asks_for(PTRACE_ATTACH)},
    Hider{Abi::x86_64, SYS_ptrace, Hides::tracer, asks_for(PTRACE_SEIZE)},
    Hider{Abi::i386, 425, Hides::ring, always},
    Hider{Abi::i386, 354, Hides::calls, always},
    Hider{Abi::i386, 172, Hides::calls, sets_seccomp},
    Hider{Abi::i386, 120, Hides::child, untraced},
    Hider{Abi::i386, 435, Hides::child3, always},
    Hider{Abi::i386, 26, Hides::tracer, asks_for(PTRACE_TRACEME, int_bits)},
    Hider{Abi::i386, 26, Hides::tracer, asks_for(PTRACE_ATTACH, int_bits)},
    Hider{Abi::i386, 26, Hides::tracer, asks_for(PTRACE_SEIZE, int_bits)},
};

} // namespace

std::span<const Hider> hiders() { return rows; }

const Hider* hider(Abi abi, long number, std::span<const std::uint64_t> args) {
  for (const Hider& row : rows) {
    if (row.number != number || row.abi != abi) continue;
    const std::uint64_t given = row.only.argument < args.size() ? args[row.only.argument] : 0;
    if ((given & row.only.mask) == row.only.value) return &row;
  }
  return nullptr;
}

} // namespace socktale::tables
