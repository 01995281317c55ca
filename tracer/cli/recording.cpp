#include "tracer/cli/recording.hpp"

#include "reports/registry.hpp"
#include "reports/story.hpp"

#include <csignal>
#include <string_view>

#include <CLI/CLI.hpp>

#include <sys/resource.h>

namespace socktale::cli {
namespace {

constexpr std::string_view live_format = "strace"; // written as things happen, not in the end

} // namespace

void add_recording_options(CLI::App& command, RecordingOptions& options) {
  command.add_option("-o,--output", options.output,
                     english(tr("File that gets the trace, or what --to says")));
  add_format_option(command, options.format, true);
  command.add_flag("-q,--quiet", options.quiet, english(tr("No live lines on standard error")));
  add_colour_option(command, options.colour);
  add_strace_options(command, options.look);
}

Recording::Recording(const RecordingOptions& options, Language language, bool keep)
    : options_(options),
      language_(language),
      keeps_(keep || (options.format != "trace" && options.format != live_format)) {
  if (const reports::Format* format = reports::format(options.format))
    keep_off_terminal(options.output, format->binary);
  if (options.format == "trace" && !options.output.empty()) writer_.emplace(options.output);
  if (options.format == live_format) {
    lines_file_ = open_output(options.output);
    lines_.emplace(lines_file_.get(), look(stderr));
  }
  if (!options.quiet && lines_file_.get() != stderr) live_.emplace(stderr, look(stderr));
  if (writer_) sinks_.push_back(&*writer_);
  if (keeps_) sinks_.push_back(&kept_);
  if (live_) sinks_.push_back(&*live_);
  if (lines_) sinks_.push_back(&*lines_);
}

reports::Options Recording::look(std::FILE* out) const {
  return looked_at(options_.look, options_.colour, language_, out);
}

void Recording::finish() {
  if (writer_) {
    writer_->flush();
    if (const auto failure = writer_->failure())
      throw UserError(
          Exit::io_error, {tr("the trace broke off: {why}"), {{"why", failure->said()}}},
          {tr("{path} holds every whole line up to there"), {{"path", options_.output}}});
  }
  if (options_.format == "trace" || options_.format == live_format) return;
  const reports::Story story = reports::build_story(kept_.trace);
  write_output(options_.output, reports::format(options_.format)->render(story, look(stdout)));
}

int pass_on(const std::optional<Ending>& ending) {
  if (!ending) return static_cast<int>(Exit::ok);
  if (!ending->signal) return ending->status.value_or(0);
  const rlimit no_core{0, 0}; // the program's core is the one that matters
  setrlimit(RLIMIT_CORE, &no_core);
  std::fflush(nullptr);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, *ending->signal);
  std::signal(*ending->signal, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);
  std::raise(*ending->signal);
  return 128 + *ending->signal; // a signal that does not end us
}

} // namespace socktale::cli
