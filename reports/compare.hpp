// Two to eight traces side by side: which step of one answers which step of another, and in what
// they differ. Decides and words it, never lays it out. Points into the stories, which must outlive
// it.
#pragma once

#include "reports/renaming.hpp"
#include "reports/story.hpp"
#include "tracer/base/said.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::reports {

inline constexpr std::size_t most_compared = 8;

enum class View {
  runs,      // of one program: every line, argument and result counts, under consistent names
  languages, // programs that do the same: what each of them asks the kernel for counts
};

// "runs" or "languages".
[[nodiscard]] std::string_view view_word(View view);

struct Compared {
  const Story* story = nullptr;
  std::string file; // as it was given
};

// What a trace did in a row: one kernel call, and those that its API call made along with it.
struct Cell {
  const Step* step = nullptr;
  std::vector<const model::Call*> calls; // never empty
  std::size_t main_call = 0;
  bool hidden = false;   // the API call is named for another kernel call
  std::size_t times = 1; // it is of a part that came so often in a row, of which the first is shown

  [[nodiscard]] const model::Call& main() const { return *calls[main_call]; }
};

struct Row {
  Said what;                              // "listen", "receive: the peer has closed"
  std::vector<std::optional<Cell>> cells; // by column
  std::vector<Said> differences;          // sentences; none: the row is the same in all columns
};

// One role of the conversation, in all traces.
struct RoleTable {
  std::string role;
  std::vector<const Side*> sides; // by column; nullptr: the trace has none of that role
  std::vector<Row> rows;
  std::vector<Said> findings; // differences of the rows, each once, and of the whole role
  std::vector<Said> alike;    // worth knowing and the same in all
};

struct Comparison {
  View view = View::languages;
  std::vector<std::string> columns; // "Python", "C++"; of runs the file's name
  std::vector<Compared> traces;     // by column
  std::vector<RoleTable> roles;
  std::vector<Said> remarks; // what has to be known before it is trusted
  bool same = false;         // nothing differs
};

// runs when the sides of all traces are of the same programs, by executable and source files.
[[nodiscard]] View view_of(std::span<const Compared> traces);

// Time grows with the number of calls, not with its square.
[[nodiscard]] Comparison compare(std::span<const Compared> traces, View view);

} // namespace socktale::reports
