// What the rules of findings.hpp stand on: the story's calls by socket, by line and by process,
// read once for all rules. Facts alone; what is a mistake is the rules' matter.
#pragma once

#include "reports/doings.hpp"
#include "reports/findings.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace socktale::reports {

// One end of a connection.
struct EndOf {
  Index connection = 0;
  std::size_t end = 0;
};

// Names that the program's text gives to numbers, and lines that set a port as it is.
struct SourceFacts {
  std::unordered_map<std::uint32_t, int> number_lines; // a port's number as written -> first line
  int bare_port_line = 0;                              // "sin_port = ..." without htons(3); 0: none
};

class Ground {
 public:
  explicit Ground(const Story& story);

  const Story& story;
  const Chronicle chronicle;
  Instant end; // of the trace

  // Whether the user wrote this very call: a line of theirs, with a function of the socket API.
  [[nodiscard]] bool written(const model::Call& call) const;
  [[nodiscard]] const Step* step_of(const model::Call& call) const;
  [[nodiscard]] std::optional<EndOf> end_of(std::optional<model::SocketId> id) const; // of a stream
  // All calls about a socket, polls and closing among them, in the order in which they were
  // entered.
  [[nodiscard]] const Calls& about(model::SocketId id) const;
  // The first call about the socket that was entered after this one; nullptr: none.
  [[nodiscard]] const model::Call* next_about(const model::Call& call) const;
  [[nodiscard]] const SocketStory* socket_of(const model::Call& call) const;

  // The notes that the recorder wrote about a call, right after it.
  [[nodiscard]] std::span<const model::Note* const> notes_on(const model::Call& call) const;
  [[nodiscard]] bool was_signalled(Pid pid, std::string_view signal) const;
  // A signal reached it that asks a program to end.
  [[nodiscard]] bool was_stopped(Pid pid) const;
  // Its exit status where it ended of itself; nothing where a signal did it, or it goes on.
  [[nodiscard]] std::optional<int> exit_status(Pid pid) const;
  // Threads of the process that were there after this moment.
  [[nodiscard]] std::size_t threads_after(Pid pid, Instant at) const;
  // Processes of its side that ran the same program at this moment, itself among them: what one had
  // open, another may have from a fork.
  [[nodiscard]] std::vector<Pid> relatives_of(Pid pid, Instant at) const;
  // A connect to that port by this side succeeded that was made later than `call`.
  [[nodiscard]] bool connected_later(const model::Call& call, std::uint16_t port) const;

  [[nodiscard]] const SourceFacts* source_facts(const model::Place& place) const;
  [[nodiscard]] std::string_view source_line(const model::Place& place, int after = 0) const;

 private:
  void read_calls();
  void read_events();
  void read_processes();
  void read_sources();
  void read_connections();

  std::unordered_map<const model::Call*, Index> step_of_;
  std::unordered_map<model::SocketId, EndOf> ends_;
  std::unordered_map<model::SocketId, Calls> about_;
  std::unordered_map<const model::Call*, std::vector<const model::Note*>> notes_;
  std::set<std::pair<Pid, std::string_view>> signals_;
  std::map<Pid, const model::TaskGone*> gone_;
  struct Life {
    Pid pid;
    Instant from, to;
    bool launched = false; // another program was started in it
  };
  std::map<Index, std::vector<Life>> lives_; // of the processes of a side
  std::map<Pid, Index> side_of_;
  std::map<Pid, std::vector<Instant>> threads_;                        // when each ended
  std::map<std::pair<Index, std::uint16_t>, model::CallId> connected_; // by the last of them
  std::unordered_map<std::string_view, SourceFacts> facts_;
  std::unordered_map<std::string_view, std::vector<std::string_view>> lines_;
};

// The address that a call names, and its port; of a bind, connect or send.
struct NamedAddress {
  std::string family; // "AF_INET"
  std::string text;   // "127.0.0.1:80"; empty: too short to be one
  std::string host;   // "127.0.0.1"
  std::uint16_t port = 0;
};
[[nodiscard]] std::optional<NamedAddress> named_address(const model::Call& call);

// The argument that gives the length of the address: what was given, and what came back.
[[nodiscard]] std::optional<std::int64_t> number_argument(const model::Call& call,
                                                          std::string_view name);
[[nodiscard]] inline std::uint16_t swapped(std::uint16_t port) {
  return static_cast<std::uint16_t>(port << 8U | port >> 8U);
}
[[nodiscard]] inline bool failed_with(const model::Call& call, std::string_view error) {
  return call.outcome && call.outcome->error_name == error;
}
// What was sent or received by the call, as far as it was kept without a gap.
[[nodiscard]] std::string kept_bytes(const model::Call& call);
// How many bytes it named; 0: unknown.
[[nodiscard]] std::uint64_t asked_for(const model::Call& call);

} // namespace socktale::reports
