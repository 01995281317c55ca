// The facts of a lesson, measured in the trace of its run. Decides, never prints; what the trace
// does not hold is unknown and does not hold.
#pragma once

#include "reports/judge.hpp"
#include "reports/lesson.hpp"
#include "tracer/base/said.hpp"
#include "tracer/model/trace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace socktale::reports {

// A TCP socket as a look found it in the kernel's table: sampled, not seen in a call. Its trace
// form is a note of this code; `about` has the members by their names.
struct SeenSocket {
  static constexpr const char* note_code = "look";
  std::string look;        // name of the look
  std::string local, peer; // "127.0.0.1:12345"
  std::string state;       // "CLOSE_WAIT"; empty: the look found no socket at all
  std::int64_t recv_queue = 0, send_queue = 0;
  bool owned = false; // a descriptor somewhere refers to it
  std::string side;   // "server": its local port is the lesson's; otherwise "client"
  [[nodiscard]] model::Note note() const;
};
// In the order in which they were seen.
[[nodiscard]] std::vector<SeenSocket> sockets_seen(const model::Trace& trace);

struct Measured {
  LessonFact fact;
  std::optional<std::string> value; // nothing: the trace does not tell
  bool holds = false;
};
// One for each fact of the lesson, and one for its expected table.
[[nodiscard]] std::vector<Measured> measure(const Lesson& lesson, const Story& story,
                                            const Verdict& verdict);

// "the result of recvfrom 2 of server": what a fact asks for.
[[nodiscard]] Said question_text(const LessonFact& fact);

} // namespace socktale::reports
