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

int explain(const ExplainOptions& options) {
  if (options.list) {
    write_output({}, reports::call_table());
    return static_cast<int>(Exit::ok);
  }
  const auto text = reports::explain(options.word, view(options.colour, stdout));
  if (!text) throw UserError(Exit::usage, text.error().op, text.error().detail);
  write_output({}, *text);
  return static_cast<int>(Exit::ok);
}

} // namespace

void add_explain(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = app.add_subcommand("explain", "Explain a call or an error");
  CLI::Option* word = command->add_option("word", options->word,
                                          "connect, accept4 ... or EADDRINUSE, ECONNREFUSED ...");
  CLI::Option* list = command->add_flag("--list", options->list,
                                        "List the calls that are recorded, as a Markdown table");
  word->excludes(list);
  add_colour_option(*command, options->colour);
  command->footer("Examples:\n  socktale explain accept4\n  socktale explain EADDRINUSE");
  command->callback([options, &chosen] {
    if (options->word.empty() && !options->list) throw CLI::RequiredError("word");
    chosen = [options] { return explain(*options); };
  });
}

} // namespace socktale::cli
