// Where a traced session goes: the trace file, the live lines, and a report at the end. Never
// traces.
#pragma once

#include "reports/strace.hpp"
#include "reports/terminal.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/model/trace.hpp"
#include "tracer/model/trace_file.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace socktale::cli {

struct RecordingOptions {
  std::string output;
  std::string format = "trace";
  bool quiet = false;
  Colour colour = Colour::automatic;
  reports::Options look;
};
void add_recording_options(CLI::App& command, RecordingOptions& options);

class Recording {
 public:
  // Throws UserError(no_output) before anything is run.
  Recording(const RecordingOptions& options, Language language, bool keep = false);
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  // Where a session's events are to go.
  [[nodiscard]] const std::vector<model::Sink*>& sinks() const { return sinks_; }
  // After the session. Writes the report that was asked for. Throws UserError(io_error) when the
  // trace file broke off.
  void finish();
  // The whole trace; only when it was to be kept.
  [[nodiscard]] const model::Trace& trace() const { return kept_.trace; }

 private:
  // Keeps everything, for a report that needs the whole.
  struct Keep final : model::Sink {
    model::Trace trace;
    void begin(const model::Header& header) override { trace.header = header; }
    void on(const model::Event& event) override { trace.events.push_back(event); }
  };
  [[nodiscard]] reports::Options look(std::FILE* out) const;

  RecordingOptions options_;
  Language language_;
  bool keeps_;
  Keep kept_;
  std::optional<model::TraceWriter> writer_;
  std::optional<reports::LiveTerminal> live_;
  OutputFile lines_file_;
  std::optional<reports::LiveStrace> lines_; // as strace's
  std::vector<model::Sink*> sinks_;          // those of the above that are there
};

// The exit code that passes a program's ending on; a signal that killed it kills us as well, so
// that whoever waits for us sees what happened to it.
[[nodiscard]] int pass_on(const std::optional<Ending>& ending);

} // namespace socktale::cli
