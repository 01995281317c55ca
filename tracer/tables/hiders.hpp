// The calls after which some of what a program does cannot be seen or that fail because it is
// traced, and when they have that effect. Data and look-up only; they are no socket calls and have
// no row in syscalls.cpp.
#pragma once

#include "tracer/tables/numbers.hpp"

#include <cstdint>
#include <span>

namespace socktale::tables {

enum class Hides : std::uint8_t {
  ring,   // an io_uring: what is sent and received by it makes no call
  calls,  // a seccomp filter of the program's own: what it refuses does not stop for us
  child,  // a child that is not to be traced
  child3, // the same by clone3(2), whose flags are in memory
  tracer, // nothing, but a process has one tracer (ptrace(2)): another is refused
};

// (argument & mask) == value.
struct Test {
  std::uint8_t argument = 0;
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
};

struct Hider {
  Abi abi;
  int number;
  Hides what;
  Test only; // it matters only when this holds; a mask of 0: always
};

[[nodiscard]] std::span<const Hider> hiders();
// nullptr: none, or not with these arguments.
[[nodiscard]] const Hider* hider(Abi abi, long number, std::span<const std::uint64_t> args);

} // namespace socktale::tables
