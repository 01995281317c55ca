// The ptrace loop: starts programs or joins running ones, follows all that they start, and hands
// out stops one at a time. One thread owns it (ptrace(2) binds a tracee to the thread that
// attached). Knows which calls are to stop, never what they mean.
#pragma once

#include "tracer/engine/call_set.hpp"
#include "tracer/engine/injection.hpp"
#include "tracer/engine/launch.hpp"
#include "tracer/engine/own_call.hpp"
#include "tracer/engine/placement.hpp"
#include "tracer/engine/stop.hpp"
#include "tracer/engine/watch_list.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace socktale::engine {

enum class Mode {
  filtered,   // seccomp filters stop only the wanted calls
  every_call, // no filter: every call stops, those not wanted are passed on here
};

class Tracer {
 public:
  // Where filters do not serve, `Wanted::only` is left to who gets the stops.
  Tracer(std::vector<Wanted> wanted, Mode mode);
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  // Kills what is still traced of the programs that were started here (PTRACE_O_EXITKILL).
  ~Tracer() = default;

  // Starts a program and returns when it has reached its first instruction; its ExecStop comes from
  // next(). Error: op is "execve", "seccomp", "ptrace", "fork" ... and says what was refused.
  [[nodiscard]] Result<Pid> start(const Launch& launch);

  // Joins a process that runs already, with all its threads (attach.cpp), and returns which they
  // are. It does not die with the tracer: when the tracing thread ends, however that comes about,
  // the kernel lets it go on as it is, in the call that it is in. Only in Mode::every_call.
  // Error: op is "ptrace", code that of PTRACE_SEIZE.
  [[nodiscard]] Result<std::vector<Tid>> attach(Pid pid);

  // Waits for the next thing that happens. Nothing: no task is left, or `stop` was set and a signal
  // interrupted the wait; what was attached can then be left.
  [[nodiscard]] std::optional<Stop> next(const std::atomic<bool>& stop);

  // How often a task was stopped for a system call, wanted or not.
  [[nodiscard]] std::uint64_t syscall_stops() const { return syscall_stops_; }
  // Whether tracer and tasks share a CPU at the moment (placement.hpp).
  [[nodiscard]] bool shares_cpu() const { return placement_.shared(); }
  [[nodiscard]] bool empty() const { return tasks_.empty(); }

 private:
  friend class Held;
  struct Task {
    Pid pid;
    bool inside = false;             // its next syscall stop is an exit that somebody waits for
    bool newborn = false;            // has not had its first stop
    bool entered = false;            // its entry stop of this call was handled
    std::optional<OwnCall> own = {}; // that it is in
    Guise guise = {};
    bool joining = false; // attached, and has not stopped since
    bool leaving = false; // was asked to stop once more, before it is let go
    // What restart_syscall(2) goes on with, which began before it was attached.
    std::optional<long> restarts = {};
  };

  // What the filters of a process stop.
  struct Process {
    WatchList watched;
    bool every_call = false; // filters do not serve: all calls stop
    bool narrow = false;     // runs a 32-bit program, whose wanted calls all stop from the start
    bool unwatched = false;  // it has opened what a 64-bit program would have to be watched on
    bool headless = false;   // was attached when its leader had ended
    unsigned joining = 0;    // of its threads
  };

  void resume(Tid tid, bool until_exit);
  // Filters (tracer_filters.cpp).
  [[nodiscard]] static std::vector<int> inherited_sockets(const std::array<int, 3>& stdio);
  [[nodiscard]] static std::vector<int> last_filter_calls();
  [[nodiscard]] static bool ends_filtering(const EntryStop::Info& call);
  // False: the task is no longer in its stop, and next() tells what became of it.
  [[nodiscard]] bool watch(Pid pid, Tid tid, std::span<const int> descriptors);
  [[nodiscard]] bool watch_everything(Pid pid, Tid tid);
  [[nodiscard]] bool add_filter(Pid pid, Injection& injection, const Addition& addition);
  void tell_later(Tid tid, const Injection::Interrupted& what);
  // What a program is not to see (tracer_own_calls.cpp).
  [[nodiscard]] static std::vector<Wanted> own_numbers();
  // `entry` is afterwards as the kernel will see it.
  [[nodiscard]] std::optional<OwnCall> own_call(Tid tid, EntryStop::Info& entry) const;
  // At the call's exit. The result is that which the program gets.
  [[nodiscard]] std::int64_t settle(Tid tid, Task& task, const OwnCall& call, std::int64_t result);
  [[nodiscard]] static Tid target(Tid tid, const OwnCall& call);
  void tell_cpus(Tid tid, const OwnCall& call, std::int64_t result) const;
  void on_own_filter(Task& task, const OwnCall& call);
  [[nodiscard]] bool ends_by_strict_mode(Tid tid, const Task& task, const EntryStop::Info& call);
  // Running processes (attach.cpp).
  [[nodiscard]] bool seize(Pid pid, Tid tid);
  [[nodiscard]] bool joined(Tid tid, Task& task);
  [[nodiscard]] bool is_last(Pid pid, Tid tid) const;
  [[nodiscard]] bool may_leave();
  void begin_leaving();
  void undo_interruption(Tid tid, Task& task);
  [[nodiscard]] static std::uintptr_t trace_options();
  void stop_every_call(Pid pid) { processes_[pid].every_call = true; }
  void restart(Tid tid, int signal);
  void restart(Tid tid, const Task* task, int signal);
  void adopt_orphans();
  [[nodiscard]] Result<> wait_for_exec(Child& child);
  [[nodiscard]] std::optional<Stop> on_status(Tid tid, int status);
  [[nodiscard]] std::optional<Stop> on_stop(Tid tid, Task& task, int signal, int event);
  [[nodiscard]] std::optional<Stop> on_syscall(Tid tid, Task& task);
  [[nodiscard]] std::optional<Stop> on_birth(Tid tid, const Task& task);
  void begins(Tid tid, Task& task);
  [[nodiscard]] std::optional<Stop> on_exec(Tid tid);
  [[nodiscard]] std::optional<Stop> on_event_stop(Tid tid, Task& task, int signal);
  [[nodiscard]] Gone on_end(Tid tid, int status);

  std::vector<Wanted> wanted_;
  CallSet wanted_calls_;  // the same
  CallSet special_calls_; // about which there is something to do here
  Mode mode_;
  Placement placement_;
  std::unordered_map<Tid, Task> tasks_;
  std::unordered_map<Pid, Process> processes_;
  std::deque<std::pair<Tid, int>> untold_; // what waitpid(2) said when nobody could listen
  std::unordered_set<Tid> early_;          // stopped newborns whose parent has not told of them yet
  std::deque<Stop> ready_;
  std::uint64_t syscall_stops_ = 0;
  bool outlived_ = false;   // by what was attached
  bool leaving_ = false;    // no more calls stop
  unsigned impatience_ = 0; // how often the end was asked for while a stop was still to come
};

} // namespace socktale::engine
