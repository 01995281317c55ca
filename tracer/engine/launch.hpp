// Starts a program so that it can be traced from its first instruction. Owns what happens between
// fork(2) and execve(2); never waits for the program or looks at its calls.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/result.hpp"

#include <array>
#include <csignal>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <linux/filter.h>

namespace socktale::engine {

struct Launch {
  std::string path;                     // of the executable, found already
  std::vector<std::string> argv;        // argv[0] included
  std::array<int, 3> stdio = {0, 1, 2}; // our descriptors that become its 0, 1 and 2
  sigset_t signal_mask{};               // the mask that it starts with
};

// The executable that a shell would run for `name` (PATH is searched when it has no slash).
// Error codes: ENOENT, EACCES (found, but not executable).
[[nodiscard]] Result<std::string> find_program(const std::string& name);

// A child that waits, before its exec, until it is let go. Its failure to exec is told through
// memory that it shares with us, because a write(2) would stop behind the filter.
class Child {
 public:
  // `filter` may be empty: no filter. The child keeps PR_SET_NO_NEW_PRIVS off when it may.
  [[nodiscard]] static Result<Child> fork_stopped(const Launch& launch,
                                                  std::span<const sock_filter> filter);
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;
  ~Child(); // does not end the child

  [[nodiscard]] Pid pid() const { return pid_; }
  void let_go(); // once it is seized
  // After the child has exited without exec: what failed.
  [[nodiscard]] Error failure() const;

 private:
  struct Shared;
  Child(Pid pid, int gate, Shared* shared) : pid_(pid), gate_(gate), shared_(shared) {}
  Pid pid_;
  int gate_;
  Shared* shared_;
};

} // namespace socktale::engine
