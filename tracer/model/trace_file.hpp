// A trace on disk: JSON Lines, a header and then one event a line, written as they come so that a
// crash loses no whole line that was handed to the kernel. Never interprets events.
#pragma once

#include "tracer/base/result.hpp"
#include "tracer/base/unique_fd.hpp"
#include "tracer/model/sink.hpp"
#include "tracer/model/trace.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace socktale::model {

// The longest line that read_trace takes, without its newline.
constexpr std::size_t max_trace_line = std::size_t{64} << 20;

// Writes a trace. The file holds whole lines only, apart from moments inside one write(2). What was
// not flushed yet is at most 64 KiB and one line, and at most 100 ms old: a thread of its own sees
// to that while nothing happens.
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
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  void add_line(std::string_view line);
  void flush_pending();
  void flush_when_idle(const std::stop_token& stop);
  void fail(int error, std::size_t written);

  std::string path_;
  UniqueFd fd_;
  bool regular_ = false;     // can be cut back to its last whole line
  mutable std::mutex mutex_; // guards what follows
  std::condition_variable_any wake_;
  std::string pending_;
  std::optional<Error> failure_;
  std::jthread idle_; // last: it uses all of the above
};

// Reads a trace whole; "-" is standard input. Throws UserError: no_input (cannot be read), bad_data
// (not a trace, or a line that does not fit, by its number), or newer_schema. A last line cut short
// is left out and marked in Trace::cut. Events of types that are
// not known here are left out and counted. `most` bytes, up to the end of a line, are read, so that
// a file of any length takes no more memory than that: some two bytes for each. 0: all.
[[nodiscard]] Trace read_trace(const std::string& path, std::uint64_t most = 0);

} // namespace socktale::model
