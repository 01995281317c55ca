// Options that several commands share, and how a command is added. CLI11 stays in this folder.
#pragma once

#include "tracer/cli/output.hpp"
#include "tracer/cli/payload_options.hpp"
#include "tracer/cli/session.hpp"

#include <functional>
#include <string>

#include <CLI/App.hpp>

namespace socktale::cli {

// The command that was chosen on the command line; takes the language that it speaks, returns the
// exit code.
using Action = std::function<int(Language)>;

// A text for CLI11, which keeps it; the formatter of help.hpp translates it when it is shown.
[[nodiscard]] inline std::string english(const Phrase& text) { return std::string(text.one); }

// What to record, for commands that trace.
struct TraceOptions {
  PayloadOptions payload;
  bool no_seccomp = false;
  bool no_lines = false;
  bool no_source = false;
  bool no_samples = false;
  std::uint32_t sample_time = 2; // percent
  [[nodiscard]] SessionOptions session() const;
};
void add_trace_options(CLI::App& command, TraceOptions& options);

void add_colour_option(CLI::App& command, Colour& colour);

// What reports are to look like: --string-limit, and what strace's own options say.
void add_strace_options(CLI::App& command, reports::Options& look);
// The same with the language and the terminal's facts.
[[nodiscard]] reports::Options looked_at(const reports::Options& wished, Colour wish,
                                         Language language, std::FILE* out);

// --to with the report formats, and "trace" where `or_trace`.
void add_format_option(CLI::App& command, std::string& format, bool or_trace);

// Each adds its command; `chosen` is set when it was given.
void add_run(CLI::App& app, Action& chosen);
void add_attach(CLI::App& app, Action& chosen);
void add_chat(CLI::App& app, Action& chosen);
void add_report(CLI::App& app, Action& chosen);
void add_check(CLI::App& app, Action& chosen);
void add_compare(CLI::App& app, Action& chosen);
void add_explain(CLI::App& app, Action& chosen);
void add_lesson(CLI::App& app, Action& chosen);
void add_generate(CLI::App& app, Action& chosen);

} // namespace socktale::cli
