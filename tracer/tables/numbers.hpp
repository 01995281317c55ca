// Which number means which call of the table, ABI by ABI, and how that ABI hands over what the row
// describes. Numbers only: what the arguments are is said once, in syscalls.cpp.
#pragma once

#include "tracer/tables/spec.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace socktale::tables {

// An interface of the x86-64 kernel that programs call it by.
enum class Abi : std::uint8_t { x86_64, i386, x32 };
// "x86-64", "i386", "x32", as the trace spells it.
[[nodiscard]] std::string_view to_string(Abi abi);

// In what a number's arguments differ from the row's in this ABI.
enum class Form : std::uint8_t {
  plain,
  wide_time,   // its times are 8 bytes a member, as after the year 2038
  wide_offset, // its file offsets are 8 bytes
  packed,      // the arguments are words in memory, where the first one points
};

// How a program asked for a call.
struct Entry {
  const Syscall* row;
  // What it asked for when that is not called what the row is: "fcntl64",
  // "socketcall(SYS_SENDTO)".
  std::string_view via;
  Form form = Form::plain;
  std::size_t words = 0; // packed: how many
};

// Nothing: no call of the table, or one of x32, which is not traced.
[[nodiscard]] std::optional<Entry> entry_of(Abi abi, long number);
// socketcall(2), of i386: which call it is says its first argument, and the second points at the
// arguments.
[[nodiscard]] bool is_socketcall(Abi abi, long number);
[[nodiscard]] std::optional<Entry> entry_of_socketcall(std::uint64_t call);

// restart_syscall(2): what goes on with a call that was interrupted, and the result that such a
// call shows to a tracer alone (ERESTART_RESTARTBLOCK of the kernel's linux/errno.h).
[[nodiscard]] int restart_number(Abi abi);
inline constexpr std::int64_t restart_block = -516;

// Every number of an ABI that means a call of the table, socketcall(2) included; of x32, which is
// not traced, socket(2), by which its use is noticed.
[[nodiscard]] std::vector<int> numbers_of(Abi abi);

} // namespace socktale::tables
