#include "tracer/engine/placement.hpp"

#include <algorithm>
#include <utility>

#include <time.h>

namespace socktale::engine {
namespace {

std::optional<cpu_set_t> mask_of(Tid tid) {
  cpu_set_t mask;
  if (sched_getaffinity(tid.value, sizeof mask, &mask) != 0) return std::nullopt;
  return mask;
}

// The CPU-time clock of another process: clock_getcpuclockid(3) without the look for the process.
clockid_t cpu_clock(Pid pid) {
  constexpr unsigned scheduler_clock = 2; // CPUCLOCK_SCHED of linux/posix-timers.h
  return static_cast<clockid_t>(~static_cast<unsigned>(pid.value) << 3 | scheduler_clock);
}

} // namespace

Placement::Placement() : ours_(mask_of(Tid{0})), then_(std::chrono::steady_clock::now()) {}

Placement::~Placement() { part(); }

void Placement::started(Pid pid, Tid tid) {
  if (const auto mask = mask_of(tid)) add(tid, {pid, *mask, false});
}

void Placement::born(Tid parent, Pid pid, Tid tid) {
  const auto from = tasks_.find(parent);
  if (from == tasks_.end()) return started(pid, tid);
  // It has inherited the parent's mask of the moment at which it was made, which may be over.
  Task& task = add(tid, {pid, from->second.own, false});
  if (cpu_ >= 0)
    place(tid, task);
  else if (joined_)
    sched_setaffinity(tid.value, sizeof task.own, &task.own);
}

void Placement::renamed(Tid former, Tid tid) {
  const auto from = tasks_.find(former);
  if (from == tasks_.end()) return;
  Task task = from->second;
  gone(former);
  task.pid = Pid{tid.value};
  add(tid, task);
}

Placement::Task& Placement::add(Tid tid, const Task& task) {
  gone(tid);
  ++processes_[task.pid];
  return tasks_[tid] = task;
}

void Placement::gone(Tid tid) {
  const auto task = tasks_.find(tid);
  if (task == tasks_.end()) return;
  if (const auto process = processes_.find(task->second.pid); --process->second == 0)
    processes_.erase(process);
  tasks_.erase(task);
}

void Placement::set_by_program(Tid tid) {
  const auto task = tasks_.find(tid);
  if (task == tasks_.end()) return;
  if (const auto mask = mask_of(tid)) task->second.own = *mask;
  task->second.placed = false;
  if (cpu_ >= 0) place(tid, task->second);
}

std::optional<cpu_set_t> Placement::told(Tid tid) const {
  const auto task = tasks_.find(tid);
  if (task == tasks_.end() || !task->second.placed) return std::nullopt;
  return task->second.own;
}

void Placement::look() {
  const SharingRule::Time now = std::chrono::steady_clock::now();
  if (now - then_ < rule_.interval(tasks_.size()) || !ours_) return;
  const double seconds = std::chrono::duration<double>(now - then_).count();
  const double cpu = cpu_seconds();
  const auto advice = rule_.advise(
      {.stops = static_cast<double>(stops_ - stops_then_) / seconds,
       .cpus = std::max(0.0, cpu - cpu_then_) / seconds, // of those that ended: nothing
       .tasks = tasks_.size(),
       .shared = shared()},
      now);
  then_ = now;
  stops_then_ = stops_;
  cpu_then_ = cpu;
  if (advice == SharingRule::Advice::share) join();
  if (advice == SharingRule::Advice::part) part();
}

void Placement::join() {
  const int cpu = sched_getcpu();
  if (cpu < 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(cpu), &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) return;
  cpu_ = cpu;
  joined_ = true;
  for (auto& [tid, task] : tasks_) place(tid, task);
}

void Placement::place(Tid tid, Task& task) const {
  const auto cpu = static_cast<std::size_t>(cpu_);
  if (!CPU_ISSET(cpu, &task.own)) return; // the program wants it elsewhere
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  task.placed = sched_setaffinity(tid.value, sizeof one, &one) == 0;
}

void Placement::part() {
  if (cpu_ < 0) return;
  cpu_ = -1;
  for (auto& [tid, task] : tasks_)
    if (std::exchange(task.placed, false)) sched_setaffinity(tid.value, sizeof task.own, &task.own);
  sched_setaffinity(0, sizeof *ours_, &*ours_);
}

double Placement::cpu_seconds() const {
  double seconds = 0;
  for (const auto& [pid, tasks] : processes_) {
    timespec time{};
    if (clock_gettime(cpu_clock(pid), &time) == 0)
      seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  return seconds;
}

} // namespace socktale::engine
