// The record as strace(1) prints it: the lines of "strace -f", as calls are entered and return.
// Owns what a line is and where one is broken off; the spelling of a call is strace_text's.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"
#include "reports/strace_descriptors.hpp"
#include "reports/strace_text.hpp"
#include "tracer/model/sink.hpp"

#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace socktale::reports {

class StraceLines {
 public:
  explicit StraceLines(const Options& options) : options_(options) {}

  void begin(const model::Header& header);
  // A call is entered; only its inputs are looked at.
  void entered(const model::Call& call, Instant at);
  // It returns. Without an outcome its thread ended inside.
  void returned(const model::Call& call, Instant at);
  // Everything else that happens; calls are passed over.
  void on(const model::Event& event);
  // What was written since the last time: whole lines, and the beginning of one.
  [[nodiscard]] std::string take();

 private:
  void on(const model::Socket& socket, Instant at);
  void on(const model::Sample& sample, Instant at);
  void on(const model::TaskBorn& born, Instant at);
  void on(const model::TaskGone& gone, Instant at);
  void on(const model::Signal& signal, Instant at);
  template <class Other> void on(const Other& /*of no interest*/, Instant /*at*/) {}

  [[nodiscard]] static bool goes_on(const model::Call& call);
  [[nodiscard]] bool wanted(const model::Call& call) const;
  [[nodiscard]] Spelling spelling(Pid pid);
  void start_line(Tid tid, Instant at);
  void put(std::string_view text);
  void put_result(std::string_view result);
  void end_line();
  [[nodiscard]] std::string time_text(Instant at);

  Options options_;
  std::int64_t began_at_ = 0;
  std::map<std::int64_t, std::string> interfaces_; // the names of network interfaces
  StraceDescriptors descriptors_;
  std::set<Tid> tasks_;
  std::map<Tid, bool> inside_; // a call's line was begun; whether it was broken off
  std::optional<Tid> open_;    // whose line is not at its end
  std::size_t column_ = 0;
  std::optional<Instant> last_; // line's time
  std::string out_;
};

// The same while the programs run: every piece is written as it happens, as strace does.
class LiveStrace final : public model::Sink {
 public:
  // Writes to `out`, which stays the caller's.
  LiveStrace(std::FILE* out, const Options& options) : out_(out), lines_(options) {}

  void begin(const model::Header& header) override { lines_.begin(header); }
  void on(const model::Event& event) override;
  [[nodiscard]] bool wants_entries() const override { return true; }
  void entered(const model::Call& call) override;

 private:
  void write();

  std::FILE* out_;
  StraceLines lines_;
};

[[nodiscard]] std::string render_strace(const Story& story, const Options& options);

} // namespace socktale::reports
