// socktale explain: what a call or an error is for.
#include "reports/explain.hpp"

#include "reports/call_table.hpp"
#include "tracer/cli/options.hpp"

#include <memory>

namespace socktale::cli {
namespace {

struct ExplainOptions {
  std::string word;
  bool list = false;
  Colour colour = Colour::automatic;
};

int explain(const ExplainOptions& options, Language language) {
  if (options.list) {
    write_output({}, reports::call_table());
    return static_cast<int>(Exit::ok);
  }
  const auto text = reports::explain(options.word, view(options.colour, language, stdout));
  if (!text) throw UserError(Exit::usage, text.error().reason, text.error().hint);
  write_output({}, *text);
  return static_cast<int>(Exit::ok);
}

} // namespace

void add_explain(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = app.add_subcommand("explain", english(tr("Explain a call or an error")));
  CLI::Option* word = command->add_option(
      "word", options->word, english(tr("connect, accept4 ... or EADDRINUSE, ECONNREFUSED ...")));
  CLI::Option* list =
      command->add_flag("--list", options->list,
                        english(tr("List the calls that are recorded, as a Markdown table")));
  word->excludes(list);
  add_colour_option(*command, options->colour);
  command->footer(
      english(tr("Examples:\n  socktale explain accept4\n  socktale explain EADDRINUSE")));
  command->callback([options, &chosen] {
    if (options->word.empty() && !options->list) throw CLI::RequiredError("word");
    chosen = [options](Language language) { return explain(*options, language); };
  });
}

} // namespace socktale::cli
