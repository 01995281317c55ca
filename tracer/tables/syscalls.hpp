// The table of system calls: one row a call, for the whole life of a socket. It drives the seccomp
// filter, what is captured, the decoder, the JSON names, `socktale explain` and the README.
// Data and look-up only.
#pragma once

#include "tracer/tables/spec.hpp"

#include <span>

namespace socktale::tables {

// In teaching order: as a program meets them.
[[nodiscard]] std::span<const Syscall> syscalls();

// nullptr: not in the table. Pointers are to rows that live for ever.
[[nodiscard]] const Syscall* by_number(long number);
[[nodiscard]] const Syscall* by_name(std::string_view name);

// "fd", "count" ... as the trace spells it.
[[nodiscard]] std::string_view to_string(Returns returns);

} // namespace socktale::tables
