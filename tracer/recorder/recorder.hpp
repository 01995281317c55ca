// The recorder: joins engine, locator and socket book, and keeps of each stop what the teller makes
// events of. One draft a thread, one call told a kernel call. Never decodes, never meets a sink.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/engine/stop.hpp"
#include "tracer/engine/watch_list.hpp"
#include "tracer/locate/locator.hpp"
#include "tracer/model/sink.hpp"
#include "tracer/recorder/peek.hpp"
#include "tracer/recorder/processes.hpp"
#include "tracer/recorder/sampler.hpp"
#include "tracer/recorder/socket_book.hpp"
#include "tracer/recorder/teller.hpp"
#include "tracer/recorder/unseen.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace socktale::recorder {

struct Settings {
  decode::Limits limits;
  bool filtered = true;                    // calls are seen by a seccomp filter of ours
  bool attribute = true;                   // find out whose line each call is
  bool sources = true;                     // keep the text of the files that these lines are in
  std::optional<model::Sampling> sampling; // ask the kernel for the state of sockets
};

// What the engine is to stop for: the calls of the table, and those that hide something.
[[nodiscard]] std::vector<engine::Wanted> wanted_calls();

// Hears in the tracing thread, at once, what sinks are told later: for who starts programs and
// types when something has happened.
class Watcher {
 public:
  Watcher() = default;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  virtual ~Watcher() = default;
  virtual void born(Pid pid, const std::string& role) = 0; // a process or thread of it
  virtual void returned(Pid pid, const tables::Syscall& row, std::int64_t result) = 0;
  virtual void gone(Pid /*pid*/) {} // the process
};

class Recorder {
 public:
  Recorder(const Settings& settings, const Clock& clock, std::vector<model::Sink*> sinks,
           Watcher* watcher = nullptr);

  // A program was started for tracing; to be told before its first stop is handled.
  void started(Pid pid, const std::string& role);
  // A running process was joined (attached.cpp); likewise.
  void attached(Pid pid, const std::string& role, std::span<const Tid> threads);
  void handle(engine::Stop&& stop);
  void note(model::Note note);
  // Calls still in flight are told as such, then the end. Sinks have had everything then.
  void finish(std::uint64_t stops);

  // How many calls are in flight now: for who watches progress.
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

 private:
  // A call that was entered and has not returned; without `kept` there is none.
  struct Draft {
    Interest interest = Interest::none;
    CallPtr kept;
  };

  void on(engine::EntryStop&& stop);
  [[nodiscard]] std::optional<decode::Entered> entered(engine::EntryStop& stop) const;
  [[nodiscard]] std::shared_ptr<const locate::Sighting> sighting_at(const engine::EntryStop& stop,
                                                                    Memory& memory);
  void on(engine::ExitStop&& stop);
  void on(engine::BirthStop&& stop);
  void on(engine::ExecStop&& stop);
  void on(engine::JoinStop&& stop);
  void on(const engine::Signalled& signal);
  void on(const engine::Gone& gone);

  void tell_entry(const KeptCall& kept);
  void complete(CallPtr kept);
  [[nodiscard]] Draft take_draft(Tid tid);
  void abandon(Tid tid);
  void tell_exec(Pid pid);
  void open_sampler();
  void learn_sockets();
  void tell_sockets();
  void tell_unseen();
  bool ask_kernel(const KeptCall& kept);
  void tell_sample();
  [[nodiscard]] std::vector<model::Note> notes_of_port_holders(KeptCall& kept) const;
  void emit(model::Body body, std::optional<Instant> at = std::nullopt);

  Settings settings_;
  const Clock& clock_;
  Watcher* watcher_;
  KernelPeek peek_;
  SocketBook book_;
  std::optional<Sampler> sampler_;
  Processes processes_;
  locate::Locator locator_;
  std::unordered_map<Tid, Draft> drafts_; // of every thread that has made a call
  std::size_t in_flight_ = 0;             // of them
  CallPtr fresh_;                         // for the next entry
  // What restart_syscall(2) goes on with.
  std::unordered_map<Tid, decode::Entered> interrupted_;
  Unseen unseen_;
  std::vector<model::Socket> untold_; // changes of the book
  bool asked_for_diag_ = false;
  std::uint64_t calls_ = 0;             // entered
  std::array<std::byte, 4096> stack_{}; // of a task that is stopped
  Teller teller_;                       // last: its thread uses the locator
};

} // namespace socktale::recorder
