// socktale check: does a trace show what a table expects, and does it show mistakes?
#include "reports/expect.hpp"
#include "reports/findings.hpp"
#include "reports/findings_text.hpp"
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
  bool findings = false;
  bool quiet = false;
  Colour colour = Colour::automatic;
};

bool as_expected(const CheckOptions& options, Language language, const reports::Story& story) {
  if (options.expect.empty()) return true;
  const reports::Expectation expectation = options.expect == "hello-hi"
                                               ? reports::hello_hi()
                                               : reports::read_expectation(options.expect);
  const reports::Verdict verdict = reports::judge(expectation, story);
  if (!options.quiet)
    write_output({}, reports::verdict_text(verdict, story, view(options.colour, language, stdout)));
  return verdict.holds();
}

bool without_findings(const CheckOptions& options, Language language, const reports::Story& story) {
  if (!options.findings) return true;
  if (!options.quiet)
    write_output({}, reports::findings_text(story, view(options.colour, language, stdout)));
  return reports::find_all(story).empty();
}

int check(const CheckOptions& options, Language language) {
  const model::Trace trace = model::read_trace(options.trace);
  const reports::Story story = reports::build_story(trace);
  const bool expected = as_expected(options, language, story);
  const bool clean = without_findings(options, language, story);
  return static_cast<int>(expected && clean ? Exit::ok : Exit::differs);
}

} // namespace

void add_check(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", english(tr("Compare a trace with an expected table, or look for "
                                             "mistakes")));
  command->add_option("--expect", options->expect,
                      english(tr("Expected table (JSON), or hello-hi for the document's")));
  command->add_flag("--findings", options->findings,
                    english(tr("Fail when a rule finds a mistake")));
  command->add_option("trace", options->trace, english(tr("Trace file; - is standard input")))
      ->required();
  command->add_flag("-q,--quiet", options->quiet, english(tr("Only the exit status")));
  command->footer(english(
      tr("Exit status: 0 the trace shows all of it and no mistake, 1 something is missing or "
         "different, or a mistake was found.\n\n"
         "Examples:\n"
         "  socktale check --expect lab2.json student.jsonl\n"
         "  socktale check --expect hello-hi out/chat.jsonl\n"
         "  socktale check --findings student.jsonl")));
  command->callback([options, &chosen] {
    if (options->expect.empty() && !options->findings)
      throw CLI::RequiredError("--expect or --findings");
    chosen = [options](Language language) { return check(*options, language); };
  });
}

} // namespace socktale::cli
