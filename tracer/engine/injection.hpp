// System calls that a stopped task makes for the tracer, as if its program had asked for them. The
// task is put back into the stop in which it was. Knows nothing of what the calls are for.
#pragma once

#include "tracer/base/ids.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include <signal.h>
#include <sys/user.h>

namespace socktale::engine {

class Injection {
 public:
  // Why a call was not made: the task is in another stop, or gone, and this is what waitpid(2)
  // said; nothing where it is still to say that the task was killed. Registers are as if nothing
  // was tried.
  struct Interrupted {
    std::optional<int> status;
  };

  // `tid` is at the exit of a system call that it made with the instruction SYSCALL.
  explicit Injection(Tid tid);
  // `tid` is at the entry of one, which it will make again from the beginning afterwards.
  static std::expected<Injection, Interrupted> before_call(Tid tid);
  Injection(Injection&& other) noexcept;
  Injection& operator=(Injection&&) = delete;
  ~Injection(); // registers and signal mask as they were

  [[nodiscard]] Tid tid() const { return tid_; }
  // The stop allows it: 64-bit code that has just executed a SYSCALL instruction.
  [[nodiscard]] bool possible() const { return possible_; }
  // What the call returned, -errno on failure.
  [[nodiscard]] std::expected<std::int64_t, Interrupted>
  call(long number, const std::array<std::uint64_t, 6>& arguments);
  // Puts bytes into memory that a call has made.
  [[nodiscard]] bool write(std::uint64_t at, std::span<const std::byte> bytes) const;

 private:
  Injection(Tid tid, const user_regs_struct& afterwards);
  void begin();
  void restore();

  Tid tid_;
  user_regs_struct saved_{};  // to be put back
  std::uint64_t signals_ = 0; // the task's mask
  bool possible_ = false;
  bool active_ = false; // there is something to be put back
};

} // namespace socktale::engine
