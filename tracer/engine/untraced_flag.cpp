#include "tracer/engine/untraced_flag.hpp"

#include "tracer/engine/process_memory.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

#include <linux/sched.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

namespace socktale::engine {
namespace {

constexpr std::uint64_t untraced = CLONE_UNTRACED;
constexpr std::size_t largest_args = 256; // of struct clone_args; it has grown to 88 bytes so far
constexpr std::uint64_t red_zone = 128;   // below the stack pointer, a function's own (psABI 3.2.2)

// Below what a signal's frame would leave alone. Nothing that the program has is there.
std::optional<std::uint64_t> put_below_stack(Tid tid, std::span<std::byte> bytes) {
  user_regs_struct registers{};
  if (ptrace(PTRACE_GETREGS, tid.value, nullptr, &registers) != 0) return std::nullopt;
  constexpr std::uint64_t alignment = 16;
  const std::uint64_t at = (registers.rsp - red_zone - bytes.size()) & ~(alignment - 1);
  iovec from{bytes.data(), bytes.size()};
  iovec to{reinterpret_cast<void*>(at), bytes.size()};
  if (process_vm_writev(tid.value, &from, 1, &to, 1, 0) != static_cast<ssize_t>(bytes.size()))
    return std::nullopt;
  return at;
}

} // namespace

bool set_first_argument(Tid tid, const FirstArgument& argument) {
  const std::size_t offset =
      argument.abi == tables::Abi::i386 ? offsetof(user, regs.rbx) : offsetof(user, regs.rdi);
  return ptrace(PTRACE_POKEUSER, tid.value, offset, argument.value) == 0;
}

std::optional<std::uint64_t> take_flag_of_clone(Tid tid, const FirstArgument& flags) {
  const std::uint64_t rest = flags.value & ~untraced;
  if (rest == flags.value || !set_first_argument(tid, {flags.abi, rest})) return std::nullopt;
  return rest;
}

std::optional<std::uint64_t> take_flag_of_clone3(Tid tid, const FirstArgument& pointer,
                                                 std::uint64_t size) {
  std::array<std::byte, largest_args> room{};
  std::uint64_t flags = 0; // the first member
  if (size < sizeof flags || size > room.size()) return std::nullopt;
  const auto args = std::span(room).first(size);
  if (ProcessMemory(tid).read(Remote<>{pointer.value}, args) != size) return std::nullopt;
  std::memcpy(&flags, args.data(), sizeof flags);
  if ((flags & untraced) == 0) return std::nullopt;
  flags &= ~untraced;
  std::memcpy(args.data(), &flags, sizeof flags);
  const auto copy = put_below_stack(tid, args);
  if (!copy || !set_first_argument(tid, {pointer.abi, *copy})) return std::nullopt;
  return copy;
}

} // namespace socktale::engine
