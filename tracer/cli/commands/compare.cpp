// socktale compare: traces side by side, of several languages or of several runs.
#include "reports/compare.hpp"

#include "reports/compare_text.hpp"
#include "reports/story.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/model/trace_file.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

namespace socktale::cli {
namespace {

struct CompareOptions {
  std::vector<std::string> traces;
  std::string format = "terminal";
  std::string output;
  std::string as = "auto";
  bool all = false;
  bool quiet = false;
  Colour colour = Colour::automatic;
};

int compare(const CompareOptions& options, Language language) {
  if (std::ranges::count(options.traces, "-") > 1)
    throw UserError(Exit::usage, tr("standard input holds one trace only"),
                    tr("name a file for each of the others"));
  std::vector<model::Trace> traces;
  std::vector<reports::Story> stories;
  traces.reserve(options.traces.size()); // stories point into it
  stories.reserve(options.traces.size());
  std::vector<reports::Compared> compared;
  for (const std::string& path : options.traces) {
    traces.push_back(model::read_trace(path));
    stories.push_back(reports::build_story(traces.back(), {.unfold_launchers = options.all}));
    compared.push_back({&stories.back(), path});
  }
  reports::View view_as = reports::view_of(compared);
  if (options.as != "auto")
    view_as = options.as == "runs" ? reports::View::runs : reports::View::languages;
  const reports::Comparison result = reports::compare(compared, view_as);
  if (!options.quiet) {
    const bool to_stdout = options.output.empty() || options.output == "-";
    reports::Options look = view(options.colour, language, stdout);
    if (!to_stdout && options.colour == Colour::automatic) look.colour = false;
    write_output(options.output, reports::comparison_format(options.format)->render(result, look));
  }
  return static_cast<int>(result.same ? Exit::ok : Exit::differs);
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const reports::ComparisonFormat& format : reports::comparison_formats())
    names.emplace_back(format.name);
  return names;
}

} // namespace

void add_compare(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command = app.add_subcommand("compare", english(tr("Put traces side by side")));
  command
      ->add_option("trace", options->traces, english(tr("2 to 8 trace files; - is standard input")))
      ->required()
      ->expected(2, static_cast<int>(reports::most_compared));
  command->add_option("--to", options->format, english(tr("Format")))
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  command
      ->add_option(
          "--as", options->as,
          english(tr("runs: of one program, everything counts; languages: of programs that do the "
                     "same, what they ask the kernel for counts; auto: what they are")))
      ->check(CLI::IsMember({"auto", "runs", "languages"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output,
                      english(tr("File to write to (default: standard output)")));
  command->add_flag("--all", options->all,
                    english(tr("Compare what launchers did as well (shell shims before an exec)")));
  command->add_flag("-q,--quiet", options->quiet, english(tr("Only the exit status")));
  add_colour_option(*command, options->colour);
  command->footer(english(tr(
      "Runs are compared under names: descriptors, ports from 1024 on, hosts other than loopback,\n"
      "pids, memory addresses and waiting times are named as they are first met.\n\n"
      "Exit status: 0 nothing differs, 1 something does.\n\n"
      "Examples:\n"
      "  socktale compare python.jsonl cpp.jsonl\n"
      "  socktale compare python.jsonl cpp.jsonl go.jsonl --to markdown -o languages.md\n"
      "  socktale compare -q before.jsonl after.jsonl && echo the same")));
  command->callback([options, &chosen] {
    chosen = [options](Language language) { return compare(*options, language); };
  });
}

} // namespace socktale::cli
