// socktale check: does a trace show what a table expects?
#include "reports/expect.hpp"
#include "reports/judge.hpp"
#include "reports/story.hpp"
#include "reports/verdict_text.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/model/trace_file.hpp"

#include <memory>

namespace socktale::cli {
namespace {

struct CheckOptions {
  std::string expect;
  std::string trace;
  bool quiet = false;
  Colour colour = Colour::automatic;
};

int check(const CheckOptions& options, Language language) {
  const reports::Expectation expectation = options.expect == "hello-hi"
                                               ? reports::hello_hi()
                                               : reports::read_expectation(options.expect);
  const model::Trace trace = model::read_trace(options.trace);
  const reports::Story story = reports::build_story(trace);
  const reports::Verdict verdict = reports::judge(expectation, story);
  if (!options.quiet)
    write_output({}, reports::verdict_text(verdict, story, view(options.colour, language, stdout)));
  return static_cast<int>(verdict.holds() ? Exit::ok : Exit::differs);
}

} // namespace

void add_check(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", english(tr("Compare a trace with an expected table")));
  command
      ->add_option("--expect", options->expect,
                   english(tr("Expected table (JSON), or hello-hi for the document's")))
      ->required();
  command->add_option("trace", options->trace, english(tr("Trace file; - is standard input")))
      ->required();
  command->add_flag("-q,--quiet", options->quiet, english(tr("Only the exit status")));
  command->footer(english(
      tr("Exit status: 0 the trace shows all of it, 1 something is missing or different.\n\n"
         "Examples:\n"
         "  socktale check --expect lab2.json student.jsonl\n"
         "  socktale check --expect hello-hi out/chat.jsonl")));
  command->callback([options, &chosen] {
    chosen = [options](Language language) { return check(*options, language); };
  });
}

} // namespace socktale::cli
