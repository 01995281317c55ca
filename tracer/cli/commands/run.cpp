// socktale run: a command is run and its socket calls are recorded.
#include "tracer/cli/options.hpp"
#include "tracer/cli/recording.hpp"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace socktale::cli {
namespace {

struct RunOptions {
  RecordingOptions recording;
  TraceOptions trace;
  std::string role;
  std::vector<std::string> command;
};

int run(const RunOptions& options, Language language) {
  const std::string role = options.role.empty()
                               ? std::filesystem::path(options.command.front()).filename().string()
                               : options.role;
  Recording recording(options.recording, language);
  Session session(options.trace.session(), {{role, options.command}}, recording.sinks());
  const Pid pid = session.start({role, options.command});
  session.run();
  recording.finish();
  return pass_on(session.ending(pid));
}

} // namespace

void add_run(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      app.add_subcommand("run", english(tr("Run a command and record its socket calls")));
  add_recording_options(*command, options->recording);
  command->add_option("--role", options->role,
                      english(tr("Name of its side in reports (default: the command's name)")));
  add_trace_options(*command, options->trace);
  command
      ->add_option("command", options->command,
                   english(tr("The command and its arguments, after --")))
      ->required();
  command->positionals_at_end();
  command->footer(english(
      tr("The command keeps its own input and output; what socktale shows goes to standard\n"
         "error, and its exit status is the command's.\n\n"
         "Examples:\n"
         "  socktale run -- curl -s http://127.0.0.1:8000/\n"
         "  socktale run -o server.jsonl --role server -- python3 -m http.server 8000\n"
         "  socktale run --quiet --to markdown -o table.md -- ./client")));
  command->callback([options, &chosen] {
    chosen = [options](Language language) { return run(*options, language); };
  });
}

} // namespace socktale::cli
