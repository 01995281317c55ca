// The story on a terminal: live, line by line as calls end, and as tables afterwards. Never wider
// than the terminal, never a control character of the traced program's.
#pragma once

#include "reports/options.hpp"
#include "reports/steps.hpp"
#include "reports/story.hpp"
#include "tracer/model/sink.hpp"

#include <cstdio>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace socktale::reports {

[[nodiscard]] std::string render_terminal(const Story& story, const Options& options);
// Tells each call when it has ended. Every line is marked with its side and flushed.
class LiveTerminal final : public model::Sink {
 public:
  // Writes to `out`, which stays the caller's.
  LiveTerminal(std::FILE* out, Options options) : out_(out), options_(options) {}

  void begin(const model::Header& header) override;
  void on(const model::Event& event) override;

 private:
  struct Who {
    std::string role;
    Index side = 0;
    bool interpreted = false;
    bool launcher = false;
  };
  void tell(const model::Call& call);
  void remember(const model::Socket& socket);
  Index side_of(const std::string& role);
  void write(const std::string& text);

  std::FILE* out_;
  Options options_;
  StepGrouper grouper_;
  std::optional<std::size_t> told_; // the step that the last line was of
  std::map<Pid, Who> processes_;
  std::map<model::SocketId, model::Socket> sockets_;
  std::deque<model::SocketId> gone_; // of them, in the order of their end
  std::vector<std::string> roles_;
};

} // namespace socktale::reports
