// A trace on disk: JSON Lines, a header and then one event a line, written as they come so that a
// crash loses no whole line that was handed to the kernel. Never interprets events.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/base/result.hpp"
#include "tracer/base/unique_fd.hpp"
#include "tracer/model/sink.hpp"
#include "tracer/model/trace.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace socktale::model {

// The longest line that read_trace takes, without its newline.
constexpr std::size_t max_trace_line = std::size_t{64} << 20;

// Writes a trace. The file holds whole lines only, apart from moments inside one write(2). What was
// not flushed yet is at most 64 KiB and one line; on() flushes it when the last flush is 100 ms
// ago.
class TraceWriter final : public Sink {
 public:
  // Creates or replaces `path`, which may also be a FIFO or a device. Throws UserError(no_output)
  // when it cannot be opened, or when another tracer is writing to it.
  explicit TraceWriter(const std::string& path);
  ~TraceWriter() override;
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  void begin(const Header& header) override;
  void on(const Event& event) override;
  // Hands everything to the kernel.
  void flush();
  // The first write that failed, if any; from then on nothing more is written.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  void add_line(std::string_view line);
  void fail(int error, std::size_t written);

  std::string path_;
  UniqueFd fd_;
  bool regular_ = false; // can be cut back to its last whole line
  std::string pending_;
  Clock clock_;
  Instant flushed_;
  std::optional<Error> failure_;
};

// Reads a trace whole; "-" is standard input. Throws UserError: no_input (cannot be read), bad_data
// (not a trace, or a line that does not fit, by its number), or newer_schema. A last line cut short
// is left out and marked in Trace::cut. Events of types that are
// not known here are left out and counted.
[[nodiscard]] Trace read_trace(const std::string& path);

} // namespace socktale::model
