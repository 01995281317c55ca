// What of the traced programs cannot be seen, from the calls that bring it about: an io_uring, a
// seccomp filter of a program's own, a child that is not to be traced, the x32 ABI; and that a
// program could not trace another because socktale does. Yields notes; knows no sockets.
#pragma once

#include "tracer/engine/stop.hpp"
#include "tracer/model/event.hpp"
#include "tracer/tables/hiders.hpp"

#include <set>
#include <unordered_map>
#include <vector>

namespace socktale::recorder {

class Unseen {
 public:
  // `filtered`: the programs run behind a filter of ours.
  explicit Unseen(bool filtered) : filtered_(filtered) {}

  // A call that is none of the table. True: its end is wanted too.
  [[nodiscard]] bool entered(engine::EntryStop& stop);
  void left(Tid tid, std::int64_t result);
  void gone(const engine::Gone& gone);

  // Each thing once a process, children one by one.
  [[nodiscard]] std::vector<model::Note> take_notes();

 private:
  struct Pending {
    Pid pid;
    tables::Hides what{};
    bool strict = false; // of seccomp(2): the mode without a filter
    bool ours = false;   // of ptrace(2): whom it asks to trace is traced by us
  };
  void note_once(Pid pid, const char* code);

  bool filtered_;
  std::unordered_map<Tid, Pending> pending_;
  std::set<std::pair<std::string, Pid>> told_;
  std::vector<model::Note> notes_;
};

} // namespace socktale::recorder
