// CLONE_UNTRACED, with which a program makes a child that the kernel keeps from its tracer: behind
// a filter of ours every socket call of such a child would fail with ENOSYS (seccomp(2)). Takes the
// flag out of a call that is about to be made; the program's own memory is not touched.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/tables/numbers.hpp"

#include <cstdint>
#include <optional>

namespace socktale::engine {

// A stopped task's first argument, which the calls that make children have their flags in, or a
// pointer to them.
struct FirstArgument {
  tables::Abi abi{};
  std::uint64_t value = 0;
};

// False: the task is no more.
bool set_first_argument(Tid tid, const FirstArgument& argument);

// The task is about to make the call; clone3(2) has `size` bytes of struct clone_args. The argument
// that it makes it with instead; nothing when the flag is not there, or cannot be taken out.
[[nodiscard]] std::optional<std::uint64_t> take_flag_of_clone(Tid tid, const FirstArgument& flags);
[[nodiscard]] std::optional<std::uint64_t>
take_flag_of_clone3(Tid tid, const FirstArgument& pointer, std::uint64_t size);

} // namespace socktale::engine
