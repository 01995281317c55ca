// The story that a trace tells: its sides, the calls of each as steps of the programmer's own
// calls, and the sockets. Derived from the trace alone; points into it, so the trace must outlive
// it.
#pragma once

#include "reports/talk.hpp"
#include "tracer/model/trace.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace socktale::reports {

// One call as the programmer wrote it, and the kernel calls that it became.
struct Step {
  Index side = 0;
  Index process = 0;
  std::size_t number = 0; // from 1 within its side
  std::string api;        // "accept"; empty: no call is written, or its text is unknown
  std::vector<const model::Call*> calls; // in the order in which they were entered; never empty
  std::size_t main_call = 0;             // the one that the step is named for; others are hidden

  [[nodiscard]] const model::Call& main() const { return *calls[main_call]; }
  [[nodiscard]] const model::Place& place() const { return main().place; }
  [[nodiscard]] bool hides(std::size_t call) const { return call != main_call; }
};

// What a process runs from an exec(3) on, or since its fork.
struct Image {
  const model::TaskExec* exec = nullptr; // nullptr: its parent's program, or unknown
  bool replaced = false;                 // another image followed in the same process
  bool user_code = false;                // a call was tied to a line of the user's source
  bool launcher = false;                 // it only prepared another program
  bool interpreted = false;              // an interpreter runs the user's code
};

struct Process {
  Pid pid;
  std::optional<Index> parent;
  Index parent_image = 0; // what the parent ran when it made this process
  Index side = 0;
  std::vector<Image> images; // never empty
  const model::TaskGone* gone = nullptr;
  std::size_t shown_calls = 0;
};

// Calls that are left out because a launcher made them, and their processes.
struct Folded {
  std::size_t calls = 0;
  std::size_t processes = 0;
};

// One of the programs that were started, with every process that came of it.
struct Side {
  std::string role; // "server"; where none was given, the program's name
  std::vector<std::string> argv;
  const model::TaskExec* runs = nullptr; // the program after its launchers; nullptr: unknown
  const model::TaskGone* gone = nullptr; // the end of its first process
  std::optional<Index> process;          // its first process
  std::vector<Index> steps;
  std::size_t calls = 0;
  std::size_t processes = 0; // that made a call which is shown
  Folded folded;
};

// What became of a socket's last descriptor.
enum class Closing {
  open,        // still open when the trace ended
  program,     // the program's own call, or its leaving a scope
  library,     // library code, with no line of the user's on the stack
  interpreter, // the interpreter's clean-up at its end
  exit,        // the kernel, when the process ended
  exec,        // the kernel, when another program was started (FD_CLOEXEC)
};

struct Descriptor {
  Pid pid;
  int number = -1;
  auto operator<=>(const Descriptor&) const = default;
};

struct SocketStory {
  const model::Socket* last = nullptr; // as the book knew it in the end
  std::vector<const model::Event*> history;
  Index side = 0;
  std::vector<Descriptor> descriptors; // every number that it had
  std::optional<Index> made_in;        // steps
  std::optional<Index> closed_in;
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::optional<model::SocketId> other_end; // of its connection, where that was traced too
  Closing closing = Closing::open;

  // The program had the last descriptor and never closed it.
  [[nodiscard]] bool never_closed() const {
    return closing == Closing::interpreter || closing == Closing::exit || closing == Closing::exec;
  }
};

struct Story {
  const model::Trace* trace = nullptr;
  bool one_clock = true; // StoryOptions
  std::vector<Side> sides;
  std::vector<Process> processes;
  std::vector<Step> steps; // of all sides, in the order in which they began
  std::map<model::SocketId, SocketStory> sockets;
  std::vector<const model::Note*> notes;
  std::vector<const model::SourceFile*> sources; // the user's, as the trace keeps them
  std::vector<Connection> connections;           // in the order in which they came to be
  std::vector<Transfer> transfers;               // by connection, then as the bytes were taken
  std::vector<Wait> waits;                       // in the order in which the calls were entered
  std::vector<Deadlock> deadlocks;
  std::map<model::SocketId, std::vector<StateChange>> states; // of TCP sockets, in order of time
  const model::End* end = nullptr; // nullptr: the trace was not ended in good order
  std::map<std::string, std::string>
      file_labels; // source file -> shortest name that tells it apart
};

struct StoryOptions {
  bool unfold_launchers = false;
  // False: times of different sides cannot be compared, and nothing may follow from them.
  bool one_clock = true;
};

// Linear in the number of events, but for sorting.
[[nodiscard]] Story build_story(const model::Trace& trace, const StoryOptions& options = {});
Story build_story(const model::Trace&& trace, const StoryOptions& options = {}) = delete;

// Whether a place names a line that the user wrote.
[[nodiscard]] bool is_user_code(const model::Place& place);

// "server.py:20"; empty when no line is known.
[[nodiscard]] std::string line_label(const Story& story, const model::Place& place);
[[nodiscard]] std::string line_label(const Story& story, const std::string& file,
                                     std::int32_t line);

} // namespace socktale::reports
