#include "tracer/cli/application.hpp"

#include "tracer/base/result.hpp"
#include "tracer/cli/help.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/cli/output.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace socktale::cli {
namespace {

int fail(Language language, Exit code, const Said& what, const Said& hint) {
  std::fflush(stdout);
  tell_user(language, tr("error: {what}"), what, hint);
  return static_cast<int>(code);
}

void describe(CLI::App& app, Language language, std::string& wish) {
  app.formatter(std::make_shared<Help>(language));
  app.set_help_flag("-h,--help", english(tr("Print this help message and exit")));
  app.set_version_flag("--version", "socktale " SOCKTALE_VERSION,
                       english(tr("Display program version information and exit")));
  std::vector<std::string> codes;
  for (const Language known : languages) codes.emplace_back(language_code(known));
  app.add_option("--lang", wish,
                 english(tr("Language, also after a command (default: that of SOCKTALE_LANG,\n"
                            "LC_ALL, LC_MESSAGES or LANG)")))
      ->check(CLI::IsMember(codes));
  app.fallthrough();
  app.require_subcommand(1);
  app.failure_message([](const CLI::App*, const CLI::Error&) { return std::string{}; });
  app.footer(english(
      tr("Examples:\n"
         "  socktale chat                        the hello/hi chat, both sides as one table\n"
         "  socktale lesson who-shakes-hands     a classroom demo: predict, run, compare\n"
         "  socktale run -- curl -s URL          any program's socket calls, live\n"
         "  socktale attach PID                  those of one that runs already\n"
         "  socktale report T.jsonl --to markdown\n"
         "  socktale explain connect\n\n"
         "Exit status: a traced command's own; 64 bad usage, 65 bad file, 66 no such file,\n"
         "73 output cannot be created, 74 output broke off, 76 trace of a newer socktale,\n"
         "77 tracing is not allowed here, 126 not executable, 127 command not found.")));
}

// `language`: of help and errors; what --lang says once it is known to be right.
int run_chosen(int argc, char** argv, Language& language) {
  unsetenv("DEBUGINFOD_URLS"); // libdw would ask servers for debug files
  CLI::App app{
      english(tr("socktale traces what programs do with sockets, and tells each call twice:\n"
                 "as the programmer wrote it and as the kernel heard it.")),
      "socktale"};
  std::string wish;
  describe(app, language, wish);
  Action chosen;
  add_chat(app, chosen);
  add_lesson(app, chosen);
  add_run(app, chosen);
  add_attach(app, chosen);
  add_report(app, chosen);
  add_check(app, chosen);
  add_compare(app, chosen);
  add_explain(app, chosen);
  add_generate(app, chosen);
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; }))
    if (!command->get_group().empty()) command->group(say(language, tr("Subcommands")));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error); // --help, --version
    std::string command = "socktale";
    for (const CLI::App* each : app.get_subcommands()) command += " " + each->get_name();
    return fail(language, Exit::usage, said_of(error),
                {tr("see {command} --help"), {{"command", command}}});
  }
  language = language_coded(wish).value_or(language_of_environment());
  return chosen(language);
}

} // namespace

int run_application(int argc, char** argv) {
  Language language = language_of(argc, argv);
  try {
    return run_chosen(argc, argv, language);
  } catch (const UserError& error) {
    return fail(language, error.code(), error.reason(), error.hint());
  } catch (const std::bad_alloc&) {
    return fail(
        language, Exit::os_error, tr("there is not enough memory"),
        tr("of a long trace, a report of its beginning takes less: socktale report --most"));
  } catch (const std::exception& error) {
    return fail(language, Exit::internal, as_it_is(error.what()),
                tr("this is a defect of socktale; please report it"));
  }
}

} // namespace socktale::cli
