// socktale: the command line. Chooses the command and turns every failure into an error, a hint and
// an exit code.
#include "tracer/base/result.hpp"
#include "tracer/cli/options.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using socktale::Exit;

int fail(Exit code, const std::string& what, const std::string& hint) {
  std::fflush(stdout);
  fmt::print(stderr, "error: {}\n", what);
  if (!hint.empty()) fmt::print(stderr, "hint: {}\n", hint);
  return static_cast<int>(code);
}

int run(int argc, char** argv) {
  unsetenv("DEBUGINFOD_URLS"); // libdw would ask servers for debug files
  CLI::App app{"socktale traces what programs do with sockets, and tells each call twice:\n"
               "as the programmer wrote it and as the kernel heard it.",
               "socktale"};
  app.set_version_flag("--version", "socktale " SOCKTALE_VERSION);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App*, const CLI::Error&) { return std::string{}; });
  app.footer("Examples:\n"
             "  socktale chat                        the hello/hi chat, both sides as one table\n"
             "  socktale run -- curl -s URL          any program's socket calls, live\n"
             "  socktale report T.jsonl --to markdown\n"
             "  socktale explain connect\n\n"
             "Exit status: a traced command's own; 64 bad usage, 65 bad file, 66 no such file,\n"
             "73 output cannot be created, 74 output broke off, 76 trace of a newer socktale,\n"
             "77 tracing is not allowed here, 126 not executable, 127 command not found.");
  socktale::cli::Action chosen;
  socktale::cli::add_chat(app, chosen);
  socktale::cli::add_run(app, chosen);
  socktale::cli::add_report(app, chosen);
  socktale::cli::add_check(app, chosen);
  socktale::cli::add_compare(app, chosen);
  socktale::cli::add_explain(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error); // --help, --version
    const auto chosen_commands = app.get_subcommands();
    const std::string command =
        chosen_commands.empty() ? "" : " " + chosen_commands.front()->get_name();
    return fail(Exit::usage, error.what(), fmt::format("see socktale{} --help", command));
  }
  return chosen();
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const socktale::UserError& error) {
    return fail(error.code(), error.what(), socktale::fill_in(error.hint()));
  } catch (const std::exception& error) {
    return fail(Exit::internal, error.what(), "this is a defect of socktale; please report it");
  }
}
