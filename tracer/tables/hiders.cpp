#include "tracer/tables/hiders.hpp"

#include <array>

#include <linux/prctl.h>
#include <linux/sched.h>
#include <sys/syscall.h>

namespace socktale::tables {
namespace {

constexpr std::uint64_t int_bits = UINT32_MAX;
constexpr Test always{};
constexpr Test sets_seccomp{0, int_bits, PR_SET_SECCOMP};
constexpr Test untraced{0, CLONE_UNTRACED, CLONE_UNTRACED};

// i386's numbers: arch/x86/entry/syscalls/syscall_32.tbl.
constexpr std::array rows = {
    Hider{Abi::x86_64, SYS_io_uring_setup, Hides::ring, always},
    Hider{Abi::x86_64, SYS_seccomp, Hides::calls, always},
    Hider{Abi::x86_64, SYS_prctl, Hides::calls, sets_seccomp},
    Hider{Abi::x86_64, SYS_clone, Hides::child, untraced},
    Hider{Abi::x86_64, SYS_clone3, Hides::child3, always},
    Hider{Abi::i386, 425, Hides::ring, always},
    Hider{Abi::i386, 354, Hides::calls, always},
    Hider{Abi::i386, 172, Hides::calls, sets_seccomp},
    Hider{Abi::i386, 120, Hides::child, untraced},
    Hider{Abi::i386, 435, Hides::child3, always},
};

} // namespace

std::span<const Hider> hiders() { return rows; }

const Hider* hider(Abi abi, long number, std::span<const std::uint64_t> args) {
  for (const Hider& row : rows) {
    if (row.number != number || row.abi != abi) continue;
    const std::uint64_t given = row.only.argument < args.size() ? args[row.only.argument] : 0;
    return (given & row.only.mask) == row.only.value ? &row : nullptr;
  }
  return nullptr;
}

} // namespace socktale::tables
