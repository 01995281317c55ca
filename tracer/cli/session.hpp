// One tracing session: tracer, recorder, locator and sinks joined, from the first program's start
// to the last one's end. Never parses options, never prints.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/cli/interrupts.hpp"
#include "tracer/engine/tracer.hpp"
#include "tracer/recorder/recorder.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace socktale::cli {

struct SessionOptions {
  recorder::Settings recording;
  bool filter = true;   // seccomp; otherwise every call stops
  bool joins = false;   // running programs, which outlive the tracing
  std::string document; // of the header: whose chat is traced
};

struct ProgramStart {
  std::string role;
  std::vector<std::string> argv;
  std::array<int, 3> stdio = {0, 1, 2};
};

// How a program ended.
struct Ending {
  std::optional<int> status;
  std::optional<int> signal;
};

class Session {
 public:
  Session(const SessionOptions& options, const std::vector<model::Program>& programs,
          const std::vector<model::Sink*>& sinks, recorder::Watcher* watcher = nullptr);

  // Throws UserError: not found, not executable, ptrace or seccomp refused.
  Pid start(const ProgramStart& program);

  // Joins a process that runs already. It outlives the tracing, which ends for it when the calling
  // thread does. Throws UserError: no such process, not permitted, traced already ...
  void attach(Pid pid, const std::string& role);

  // Until every task has ended or tracing was given up. `after_each` runs after each thing that
  // happened, with all tasks let go; it may start programs.
  void run(const std::function<void()>& after_each = {});

  [[nodiscard]] std::optional<Ending> ending(Pid pid) const;
  [[nodiscard]] Interrupts& interrupts() { return interrupts_; }
  [[nodiscard]] recorder::Recorder& recorder() { return recorder_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }

 private:
  Clock clock_;
  Interrupts interrupts_;
  bool joins_;
  engine::Tracer tracer_;
  recorder::Recorder recorder_;
  std::map<Pid, std::optional<Ending>> started_;
};

} // namespace socktale::cli
