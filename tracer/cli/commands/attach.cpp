// socktale attach: running programs are joined, and left as they were when the tracing ends.
#include "tracer/cli/options.hpp"
#include "tracer/cli/recording.hpp"
#include "tracer/cli/running.hpp"
#include "tracer/recorder/processes.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <memory>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

namespace socktale::cli {
namespace {

constexpr pid_t most_pid = 1 << 22; // PID_MAX_LIMIT of linux/threads.h

struct AttachOptions {
  RecordingOptions recording;
  TraceOptions trace;
  std::vector<std::string> roles;
  std::vector<pid_t> pids;
};

void check(const AttachOptions& options) {
  if (std::ranges::find(options.pids, getpid()) != options.pids.end())
    throw UserError(Exit::usage, tr("socktale cannot trace itself"),
                    tr("give it the number of another process; ps -e shows them"));
  for (const pid_t pid : options.pids) check_process(Pid{pid});
  if (options.roles.size() > options.pids.size())
    throw UserError(Exit::usage, tr("there are more roles than processes"),
                    tr("--role is given once for each process, in the order of their numbers"));
}

// What is to be called what: two of one name are told apart by their numbers.
std::vector<model::Program> programs_of(const AttachOptions& options) {
  std::vector<model::Program> programs;
  for (std::size_t i = 0; i < options.pids.size(); ++i) {
    const Pid pid{options.pids[i]};
    std::string role = i < options.roles.size() ? options.roles[i] : name_of(pid);
    if (std::ranges::find(programs, role, &model::Program::role) != programs.end())
      role = fmt::format("{} {}", role, pid.value);
    programs.push_back({std::move(role), recorder::arguments_of(pid)});
  }
  return programs;
}

// In a thread of its own, with whose end the programs are let go wherever they are (ptrace(2)):
// before anything is made of the trace, and without a stop for it.
void trace(const SessionOptions& session_options, const std::vector<model::Program>& programs,
           const AttachOptions& options, Recording& recording) {
  const sigset_t former = Interrupts::block();
  std::exception_ptr failure;
  std::thread tracing([&] {
    try {
      Session session(session_options, programs, recording.sinks());
      for (std::size_t i = 0; i < programs.size(); ++i)
        session.attach(Pid{options.pids[i]}, programs[i].role);
      session.run();
    } catch (...) {
      failure = std::current_exception();
    }
  });
  tracing.join();
  pthread_sigmask(SIG_SETMASK, &former, nullptr);
  if (failure) std::rethrow_exception(failure);
}

int attach(const AttachOptions& options, Language language) {
  check(options);
  SessionOptions session = options.trace.session();
  session.joins = true;
  Recording recording(options.recording, language);
  trace(session, programs_of(options), options, recording);
  recording.finish();
  return static_cast<int>(Exit::ok);
}

} // namespace

void add_attach(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<AttachOptions>();
  CLI::App* command = app.add_subcommand(
      "attach", english(tr("Record the socket calls of programs that run already")));
  add_recording_options(*command, options->recording);
  command
      ->add_option(
          "--role", options->roles,
          english(
              tr("Name of its side in reports, once for each process (default: its program's)")))
      ->allow_extra_args(false);
  add_trace_options(*command, options->trace);
  command->add_option("pid", options->pids, english(tr("Numbers of the processes")))
      ->check(CLI::Range(1, most_pid))
      ->required();
  command->footer(english(
      tr("All threads of each process are traced, and all children that it makes from now on.\n"
         "Ctrl-C (or SIGTERM) ends the tracing; the programs run on as they were. What they did\n"
         "before is unknown, and their open sockets are shown as found. There can be no filter in\n"
         "a running program, so each of its system calls is stopped at, whatever it is: a program\n"
         "that makes many becomes several times slower until it is let go.\n\n"
         "Examples:\n"
         "  socktale attach 4711\n"
         "  socktale attach $(pgrep redis-server) -o redis.jsonl\n"
         "  socktale attach --role server 4711 --role client 4712 --to markdown -o table.md")));
  command->callback([options, &chosen] {
    chosen = [options](Language language) { return attach(*options, language); };
  });
}

} // namespace socktale::cli
