// The traced processes: which program each belongs to and what it runs. Reads /proc while a process
// is stopped; never follows descriptors or calls.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/model/event.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace socktale::recorder {

// What it was started with, as far as that is told; empty when the process is gone.
[[nodiscard]] std::vector<std::string> arguments_of(Pid pid);

class Processes {
 public:
  void started(Pid pid, std::string role);
  // One that ran already: when it began is asked of the kernel.
  void found(Pid pid, std::string role, const Clock& clock, bool threads);
  void born(Pid parent, Pid child); // the same process: a thread
  void gone(Pid pid) { known_.erase(pid); }
  [[nodiscard]] const std::string& role(Pid pid) const;
  // Has, or has had, more than one since its exec.
  [[nodiscard]] bool has_threads(Pid pid) const;
  // When the program that it runs was started, by itself or by the parent that it is a copy of, ns
  // since 1970, where sources that it names may be kept (SourceKeeper::may_keep()).
  [[nodiscard]] std::optional<std::int64_t> sources_since(Pid pid, const Clock& clock);

  // What the process runs now; told later, when it is known which runtime it is.
  void exec(Pid pid, Instant at);
  struct Exec {
    Instant at;
    model::TaskExec what;
  };
  // The name of what it runs, while that is to be told.
  [[nodiscard]] std::optional<std::string> running(Pid pid) const;
  // Once for each exec.
  [[nodiscard]] std::optional<Exec> take_exec(Pid pid);

 private:
  struct Known {
    std::string role;
    Instant began;
    bool threads = false;
    std::optional<bool> keeps_sources; // absent: not looked up yet
    std::optional<Exec> exec;
  };
  std::unordered_map<Pid, Known> known_;
};

} // namespace socktale::recorder
