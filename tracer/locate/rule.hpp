// How to get from one stack frame to its caller at one address: plain data computed from the unwind
// tables by cfi.cpp and applied by unwind.cpp. Knows nothing of files or memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace socktale::locate {

// The registers that are followed: those that a callee keeps, the stack pointer, and the address of
// the code. `cfa` (canonical frame address, DWARF 5 section 6.4) is the caller's rsp. Of i386 code
// they are the lower halves, and r12 and r13 stand for esi and edi.
enum class Reg : std::uint8_t { rsp, rbp, rbx, r12, r13, r14, r15, rip, cfa };
inline constexpr std::size_t followed = 8; // all but the cfa

constexpr std::size_t index(Reg reg) { return static_cast<std::size_t>(reg); }

using RegisterSet = std::uint8_t; // a bit each
constexpr RegisterSet bit(Reg reg) { return static_cast<RegisterSet>(1U << index(reg)); }

// base + offset.
struct Sum {
  Reg base = Reg::rsp;
  std::int64_t offset = 0;
  bool operator==(const Sum&) const = default;
};

// Where the caller's value of a register is.
struct Origin {
  enum class Kind : std::uint8_t {
    same,   // unchanged
    memory, // in the word at `where`
    value,  // `where` itself
    lost,   // not to be had; for rip: there is no caller
  } kind = Kind::same;
  Sum where;
  bool operator==(const Origin&) const = default;
};

struct Rule {
  Sum cfa;
  bool cfa_in_memory = false; // the word at `cfa` is the frame address, not `cfa` itself
  bool signal = false;        // the caller was interrupted: its address is exact, no return address
  bool switches_stack = false;            // the caller's frame is on another stack
  bool ends_at_zero = false;              // a caller's frame pointer of 0 marks the outermost frame
  std::array<Origin, followed> origins{}; // by Reg; rsp's is never used: it is the cfa
};

// i386's __kernel_vsyscall, which the C library's calls of 32-bit code go through, after the
// kernel's work: it has pushed ecx, edx and ebp (arch/x86/entry/vdso/vdso32/system_call.S).
constexpr Rule vsyscall_rule() {
  Rule rule{.cfa = {Reg::rsp, 16}, .origins = {}};
  rule.origins[index(Reg::rip)] = {Origin::Kind::memory, {Reg::cfa, -4}};
  rule.origins[index(Reg::rbp)] = {Origin::Kind::memory, {Reg::cfa, -16}};
  return rule;
}

// push %rbp; mov %rsp,%rbp: what Go's compiler does in every function that has a frame, and V8 and
// HotSpot in the code that they make up at run time.
constexpr Rule frame_pointer_rule() {
  Rule rule{.cfa = {Reg::rbp, 16}, .ends_at_zero = true, .origins = {}};
  rule.origins[index(Reg::rip)] = {Origin::Kind::memory, {Reg::cfa, -8}};
  rule.origins[index(Reg::rbp)] = {Origin::Kind::memory, {Reg::cfa, -16}};
  return rule;
}

// The same in code that is made at run time: nothing says where it keeps other registers, and a
// frame pointer of 0 proves nothing.
constexpr Rule made_code_rule() {
  Rule rule = frame_pointer_rule();
  rule.ends_at_zero = false;
  for (const Reg reg : {Reg::rbx, Reg::r12, Reg::r13, Reg::r14, Reg::r15})
    rule.origins[index(reg)] = {Origin::Kind::lost, {}};
  return rule;
}

} // namespace socktale::locate
