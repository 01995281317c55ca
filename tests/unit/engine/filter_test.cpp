// The filter by itself: a small machine runs it for every number of every ABI, so that what stops
// is what was wanted and nothing else, whatever libseccomp makes of multiplexed calls.
#include "tests/support/catch.hpp"
#include "tracer/engine/seccomp.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <set>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

using namespace socktale;
using namespace socktale::engine;
using tables::Abi;

namespace {

constexpr std::uint32_t x32_bit = 0x40000000;

bool jumps(const sock_filter& op, std::uint32_t a) {
  switch (BPF_OP(op.code)) {
  case BPF_JEQ: return a == op.k;
  case BPF_JGT: return a > op.k;
  case BPF_JGE: return a >= op.k;
  case BPF_JSET: return (a & op.k) != 0;
  default: FAIL("an unknown jump"); return false;
  }
}

// What the kernel would do with this call (seccomp(2), the operations that libseccomp uses).
std::uint32_t verdict(const std::vector<sock_filter>& program, const seccomp_data& data) {
  std::array<std::uint32_t, sizeof data / 4> words{};
  std::memcpy(words.data(), &data, sizeof data);
  std::uint32_t a = 0;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const sock_filter& op = program[at];
    switch (BPF_CLASS(op.code)) {
    case BPF_LD: a = words.at(op.k / 4); break;
    case BPF_ALU: a &= op.k; break;
    case BPF_RET: return op.k;
    case BPF_JMP: at += BPF_OP(op.code) == BPF_JA ? op.k : jumps(op, a) ? op.jt : op.jf; break;
    default: FAIL("an unknown operation"); return 0;
    }
  }
  FAIL("the program has no end");
  return 0;
}

bool stops(const std::vector<sock_filter>& program, std::uint32_t arch, std::uint32_t number,
           std::uint64_t argument = 0) {
  seccomp_data data{};
  data.arch = arch;
  data.nr = static_cast<int>(number);
  data.args[0] = argument;
  return (verdict(program, data) & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRACE;
}

} // namespace

TEST_CASE("the filter stops each ABI's wanted numbers and no others") {
  std::vector<Wanted> wanted;
  std::set<int> wide;
  std::set<int> narrow;
  for (const int number : tables::numbers_of(Abi::x86_64)) {
    wanted.push_back({.number = number});
    wide.insert(number);
  }
  for (const int number : tables::numbers_of(Abi::i386)) {
    wanted.push_back({.number = number, .abi = Abi::i386});
    narrow.insert(number);
  }
  for (const int number : tables::numbers_of(Abi::x32))
    wanted.push_back({.number = number, .abi = Abi::x32});
  const auto program = build_filter(wanted, Addition{.base = true, .blocks = {}});
  REQUIRE(program);
  for (int number = 0; number < 600; ++number) {
    CAPTURE(number);
    const auto at = static_cast<std::uint32_t>(number);
    CHECK(stops(*program, AUDIT_ARCH_X86_64, at) == wide.contains(number));
    CHECK(stops(*program, AUDIT_ARCH_I386, at) == narrow.contains(number));
    CHECK(stops(*program, AUDIT_ARCH_X86_64, at | x32_bit) == (number == SYS_socket));
    CHECK_FALSE(stops(*program, AUDIT_ARCH_AARCH64, at));
  }
  CHECK_FALSE(stops(*program, AUDIT_ARCH_X86_64, ~0U));
  CHECK_FALSE(stops(*program, AUDIT_ARCH_I386, ~0U));
}

TEST_CASE("a call that hides something stops only when it does so") {
  std::vector<Wanted> wanted;
  for (const tables::Hider& hider : tables::hiders())
    wanted.push_back({.number = hider.number, .abi = hider.abi, .only = hider.only});
  const auto program = build_filter(wanted, Addition{.base = true, .blocks = {}});
  REQUIRE(program);
  constexpr std::uint64_t untraced = 0x00800000;
  constexpr std::uint64_t set_seccomp = 22;
  CHECK(stops(*program, AUDIT_ARCH_X86_64, SYS_clone, untraced | 17));
  CHECK_FALSE(stops(*program, AUDIT_ARCH_X86_64, SYS_clone, 17));
  CHECK(stops(*program, AUDIT_ARCH_I386, 120, untraced));
  CHECK_FALSE(stops(*program, AUDIT_ARCH_I386, 120, 17));
  CHECK(stops(*program, AUDIT_ARCH_X86_64, SYS_prctl, set_seccomp));
  CHECK_FALSE(stops(*program, AUDIT_ARCH_X86_64, SYS_prctl, 15));
  CHECK(stops(*program, AUDIT_ARCH_I386, 172, set_seccomp));
  for (const std::uint64_t request : {0, 16, 0x4206}) { // PTRACE_TRACEME, _ATTACH, _SEIZE
    CHECK(stops(*program, AUDIT_ARCH_X86_64, SYS_ptrace, request));
    CHECK_FALSE(stops(*program, AUDIT_ARCH_X86_64, SYS_ptrace, request | 1ULL << 32U));
    CHECK(stops(*program, AUDIT_ARCH_I386, 26, request));
  }
  CHECK_FALSE(stops(*program, AUDIT_ARCH_X86_64, SYS_ptrace, 7)); // PTRACE_CONT
  CHECK(stops(*program, AUDIT_ARCH_X86_64, SYS_io_uring_setup));
  CHECK_FALSE(stops(*program, AUDIT_ARCH_X86_64, SYS_io_uring_enter));
}
