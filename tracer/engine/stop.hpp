// What the tracer can be told of a task, as types: a stopped task is a move-only value that is
// consumed by letting the task go on, so it can neither go on twice nor be read while it runs.
// Knows nothing of what the calls mean.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/registers.hpp"
#include "tracer/engine/process_memory.hpp"
#include "tracer/tables/numbers.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

namespace socktale::engine {

class Tracer;

// A task in a ptrace stop. Dropped without a word it goes on, not watched.
class Held {
 public:
  Held(Tracer& tracer, Pid pid, Tid tid) : tracer_(&tracer), pid_(pid), tid_(tid), memory_(tid) {}
  Held(Held&& other) noexcept;
  Held& operator=(Held&&) = delete;
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held();

  [[nodiscard]] Pid pid() const { return pid_; }
  [[nodiscard]] Tid tid() const { return tid_; }
  [[nodiscard]] Memory& memory() { return memory_; }
  // Nothing when the task was killed in the meantime.
  [[nodiscard]] std::optional<Registers> registers() const;

 protected:
  void go_on(bool until_exit, std::span<const int> watched = {});

 private:
  Tracer* tracer_; // null: consumed
  Pid pid_;
  Tid tid_;
  ProcessMemory memory_;
};

// Before the kernel does the call.
class EntryStop : public Held {
 public:
  struct Info {
    tables::Abi abi{}; // of this call: a program may make calls of several
    long number = -1;
    std::array<std::uint64_t, 6> args{}; // as wide as the ABI's registers
    StackTop top; // where it was made; of x86-64's calls it is known that their code is 64-bit
  };
  EntryStop(Tracer& tracer, Pid pid, Tid tid, const Info& info)
      : Held(tracer, pid, tid), info_(info) {}
  [[nodiscard]] const Info& info() const { return info_; }
  void watch() && { go_on(true); }   // there will be an ExitStop, unless the task dies inside
  void ignore() && { go_on(false); } // there will be none

 private:
  Info info_;
};

// After the kernel did the call.
class ExitStop : public Held {
 public:
  ExitStop(Tracer& tracer, Pid pid, Tid tid, std::int64_t result)
      : Held(tracer, pid, tid), result_(result) {}
  // As the kernel returned it: -errno on failure, -512 and below when it will restart the call.
  [[nodiscard]] std::int64_t result() const { return result_; }
  // `watched`: descriptors of its process that have come to be of interest: calls that are given
  // them stop from now on (Wanted::On).
  void resume(std::span<const int> watched = {}) && { go_on(false, watched); }

 private:
  std::int64_t result_;
};

// The parent, stopped after it made a process or thread that has not run yet.
class BirthStop : public Held {
 public:
  struct Newborn {
    Pid pid;
    Tid tid;
    bool shares_descriptors = false; // CLONE_FILES
  };
  BirthStop(Tracer& tracer, Pid pid, Tid tid, const Newborn& newborn)
      : Held(tracer, pid, tid), newborn_(newborn) {}
  [[nodiscard]] const Newborn& newborn() const { return newborn_; }
  void resume() && { go_on(false); }

 private:
  Newborn newborn_;
};

// A process that has just become another program. All its other threads are gone.
class ExecStop : public Held {
 public:
  ExecStop(Tracer& tracer, Pid pid, Tid former)
      : Held(tracer, pid, Tid{pid.value}), former_(former) {}
  // The thread that called execve(2); it has become the leader.
  [[nodiscard]] Tid former() const { return former_; }
  void resume() && { go_on(false); }

 private:
  Tid former_;
};

// All threads of a process that was attached have stopped once: from here on no call is missed.
class JoinStop : public Held {
 public:
  using Held::Held;
  void resume() && { go_on(false); }
};

// A signal is on its way to the task, which goes on with it.
struct Signalled {
  Pid pid;
  Tid tid;
  int number = 0;
  std::optional<siginfo_t> info; // absent: the task was killed in the meantime
};

// A task is no more.
struct Gone {
  Pid pid;
  Tid tid;
  bool last = false; // the process with it
  std::optional<int> status;
  std::optional<int> signal;
};

using Stop = std::variant<EntryStop, ExitStop, BirthStop, ExecStop, JoinStop, Signalled, Gone>;

} // namespace socktale::engine
