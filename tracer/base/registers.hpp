// The registers of a stopped thread that attribution needs, x86-64's or i386's. Read by the engine.
#pragma once

#include <cstdint>

namespace socktale {

struct Registers {
  std::uint64_t rip = 0, rsp = 0, rbp = 0;
  std::uint64_t rbx = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0; // the callee keeps these (psABI 3.2.1)
  std::uint64_t fs_base = 0; // thread pointer: what pthread_self(3) returns
  // It runs 32-bit code: rip is eip, rsp esp and so on; r12 and r13 stand for esi and edi, which
  // the callee keeps there.
  bool narrow = false;
};

// Where a thread is and where its stack ends: what the kernel tells of a call without being asked
// for registers.
struct StackTop {
  std::uint64_t rip = 0, rsp = 0;
};

} // namespace socktale
