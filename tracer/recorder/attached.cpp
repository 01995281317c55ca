// What the recorder does about processes that ran before they were traced: they are told as found,
// with what they hold, and never as if a call of theirs had been seen.
#include "tracer/recorder/recorder.hpp"

#include <string>
#include <utility>

namespace socktale::recorder {

void Recorder::attached(Pid pid, const std::string& role, std::span<const Tid> threads) {
  processes_.found(pid, role, clock_, threads.size() > 1);
  if (settings_.sampling && !asked_for_diag_) open_sampler();
  emit(model::TaskBorn{pid, Tid{pid.value}, {}, role});
  for (const Tid tid : threads)
    if (tid.value != pid.value) emit(model::TaskBorn{pid, tid, pid, role});
  book_.find(pid);
  model::Note note{"attached", pid, {}};
  if (const auto what = processes_.running(pid)) note.about.emplace_back("command", *what);
  tell_exec(pid);
  emit(std::move(note));
  tell_sockets();
}

// Between the first look and this stop some of its threads went on unseen.
void Recorder::on(engine::JoinStop&& stop) {
  book_.find(stop.pid());
  std::move(stop).resume();
  tell_sockets();
}

} // namespace socktale::recorder
