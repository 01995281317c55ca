// On which CPUs tracer and tasks run. Waking another CPU can cost several times what a stop does
// otherwise, so while that is what pays (sharing_rule.hpp) all share one CPU; at other times every
// task is where it wants to be. Never shows: a task's own mask is kept here, and told when it is
// asked for.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/engine/sharing_rule.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>

#include <sched.h>

namespace socktale::engine {

class Placement {
 public:
  Placement();
  Placement(const Placement&) = delete;
  Placement& operator=(const Placement&) = delete;
  ~Placement(); // the calling thread's mask is as it was; tasks are not touched

  // For good: tasks that outlive the tracer must not be found where it has put them.
  void leave_alone() { ours_.reset(); }
  void started(Pid pid, Tid tid);          // a program's first task
  void born(Tid parent, Pid pid, Tid tid); // with its parent's mask (sched_setaffinity(2))
  void renamed(Tid former, Tid tid);       // the thread that called execve(2)
  void gone(Tid tid);
  void set_by_program(Tid tid); // a sched_setaffinity(2) on it succeeded
  // What sched_getaffinity(2) is to tell of the task; nothing: what the kernel says.
  [[nodiscard]] std::optional<cpu_set_t> told(Tid tid) const;

  // To be called at each stop for a system call: now and then it decides anew.
  void stopped() {
    if (++stops_ % stops_between_looks == 0) look();
  }
  [[nodiscard]] bool shared() const { return cpu_ >= 0; }
  // Everybody where it wants to be: before a program is started, which inherits our mask.
  void part();

 private:
  static constexpr std::uint64_t stops_between_looks = 32;

  struct Task {
    Pid pid;
    cpu_set_t own{};     // the mask that it would have untraced
    bool placed = false; // it has ours instead
  };
  Task& add(Tid tid, const Task& task);
  void look();
  void join();
  void place(Tid tid, Task& task) const;
  [[nodiscard]] double cpu_seconds() const;

  std::unordered_map<Tid, Task> tasks_;
  std::unordered_map<Pid, std::size_t> processes_; // and how many of the tasks each has
  std::optional<cpu_set_t> ours_; // nothing: all stay where they are, as on a machine with more
                                  // CPUs than a cpu_set_t has
  int cpu_ = -1;                  // that all share; -1: they do not
  bool joined_ = false;           // they did, at some time
  std::uint64_t stops_ = 0, stops_then_ = 0;
  SharingRule::Time then_; // the last look
  double cpu_then_ = 0;
  SharingRule rule_;
};

} // namespace socktale::engine
