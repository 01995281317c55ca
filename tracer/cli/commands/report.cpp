// socktale report: a trace file, or several of one conversation, become a report.
#include "reports/joining.hpp"
#include "reports/registry.hpp"
#include "reports/story.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/model/trace_file.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace socktale::cli {
namespace {

struct ReportOptions {
  std::vector<std::string> traces;
  std::string format = "terminal";
  std::string output;
  std::uint64_t most = 1024; // MiB
  bool all = false;
  Colour colour = Colour::automatic;
  reports::Options look;
};

std::vector<reports::Recording> recordings_of(const ReportOptions& options, Language language) {
  std::vector<reports::Recording> recordings;
  for (const std::string& path : options.traces) {
    recordings.push_back({path, model::read_trace(path, options.most << 20)});
    if (const std::uint64_t bytes = recordings.back().trace.read_only; bytes > 0)
      tell_user(language, tr("warning: {what}"),
                {tr("{file}: {what}"),
                 {{"file", printable(path)}, {"what", reports::read_only_text(bytes)}}},
                tr("--most 0 reads all of it, and takes about twice its size of memory"));
  }
  return recordings;
}

int report(const ReportOptions& options, Language language) {
  const bool to_stdout = options.output.empty() || options.output == "-";
  const reports::Format& format = *reports::format(options.format);
  keep_off_terminal(options.output, format.binary);
  reports::Options look = looked_at(options.look, options.colour, language, stdout);
  if (!to_stdout && options.colour == Colour::automatic) look.colour = false;
  const model::Trace trace = reports::join(recordings_of(options, language));
  const reports::Story story = reports::build_story(trace, {.unfold_launchers = options.all});
  const std::string text = format.render(story, look);
  write_output(options.output, text);
  return static_cast<int>(Exit::ok);
}

} // namespace

void add_report(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand("report", english(tr("Make a report of a trace")));
  command
      ->add_option("trace", options->traces,
                   english(tr("Trace file; - is standard input. Several, as of a server and a "
                              "client that were recorded apart, are joined into one story")))
      ->required();
  add_format_option(*command, options->format, false);
  command->add_option("-o,--output", options->output,
                      english(tr("File to write to (default: standard output)")));
  command
      ->add_option("--most", options->most,
                   english(tr("MiB of each trace that are read; a report takes about twice as "
                              "much memory. 0: all")))
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 24))
      ->capture_default_str();
  command->add_flag("--all", options->all,
                    english(tr("Show what launchers did as well (shell shims before an exec)")));
  add_colour_option(*command, options->colour);
  add_strace_options(*command, options->look);
  command->footer(english(tr("Examples:\n"
                             "  socktale report chat.jsonl\n"
                             "  socktale report chat.jsonl --to markdown -o chat.md\n"
                             "  socktale report server.jsonl client.jsonl")));
  command->callback([options, &chosen] {
    chosen = [options](Language language) { return report(*options, language); };
  });
}

} // namespace socktale::cli
