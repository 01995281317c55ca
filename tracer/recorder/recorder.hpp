// The recorder: joins engine, decoder, locator and socket book, and turns stops into events. One
// state a thread; one Call a kernel call. Never formats, never opens an output.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/decode/capture.hpp"
#include "tracer/decode/entry.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/engine/stop.hpp"
#include "tracer/engine/watch_list.hpp"
#include "tracer/locate/locator.hpp"
#include "tracer/model/sink.hpp"
#include "tracer/recorder/peek.hpp"
#include "tracer/recorder/processes.hpp"
#include "tracer/recorder/sampler.hpp"
#include "tracer/recorder/socket_book.hpp"
#include "tracer/recorder/source_keeper.hpp"
#include "tracer/recorder/stack_numbers.hpp"
#include "tracer/recorder/unseen.hpp"

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

class Recorder {
 public:
  Recorder(const Settings& settings, const Clock& clock, std::vector<model::Sink*> sinks);

  // A program was started for tracing; to be told before its first stop is handled.
  void started(Pid pid, const std::string& role);
  // A running process was joined (attached.cpp); likewise.
  void attached(Pid pid, const std::string& role, std::span<const Tid> threads);
  void handle(engine::Stop&& stop);
  void note(model::Note note);
  // Calls still in flight are told as such, then the end.
  void finish(std::uint64_t stops);

  // How many calls are in flight now, and how many events there were: for who watches progress.
  [[nodiscard]] std::size_t in_flight() const { return drafts_.size(); }
  [[nodiscard]] std::uint64_t events() const { return seq_; }

 private:
  // A call that was entered and has not returned.
  struct Draft {
    decode::Entered entered;
    Interest interest = Interest::none;
    decode::Capture before;
    std::shared_ptr<const locate::Sighting> sighting;
    Touched touched;
    model::Call call;
  };

  void on(engine::EntryStop&& stop);
  [[nodiscard]] std::optional<decode::Entered> entered(engine::EntryStop& stop) const;
  void on(engine::ExitStop&& stop);
  void on(engine::BirthStop&& stop);
  void on(engine::ExecStop&& stop);
  void on(engine::JoinStop&& stop);
  void on(const engine::Signalled& signal);
  void on(const engine::Gone& gone);

  void tell_entry(Draft& draft);
  void complete(Draft& draft, decode::Capture& after, std::optional<std::int64_t> result,
                Instant left);
  void tell_changes(const model::Call& call, const std::array<tables::Arg, 6>& args);
  void attach_place(Draft& draft);
  void keep_sources(Pid pid, const model::Stack& stack);
  void abandon(Tid tid);
  void tell_exec(Pid pid);
  void open_sampler();
  void learn_sockets();
  void tell_sockets();
  void tell_unseen();
  bool ask_kernel(const Draft& draft, std::optional<std::int64_t> result);
  void tell_sample();
  void tell_port_holders(Draft& draft);
  void emit(model::Body body, std::optional<Instant> at = std::nullopt);

  Settings settings_;
  const Clock& clock_;
  std::vector<model::Sink*> sinks_;
  KernelPeek peek_;
  SocketBook book_;
  std::optional<Sampler> sampler_;
  Processes processes_;
  locate::Locator locator_;
  SourceKeeper sources_;
  std::unordered_map<Tid, Draft> drafts_;
  // What restart_syscall(2) goes on with.
  std::unordered_map<Tid, decode::Entered> interrupted_;
  Unseen unseen_;
  StackNumbers stacks_;
  std::vector<model::Socket> untold_; // changes of the book
  bool asked_for_diag_ = false;
  std::uint64_t seq_ = 0;
  std::uint64_t calls_ = 0; // entered
  std::uint64_t told_ = 0;  // calls in the trace
};

} // namespace socktale::recorder
