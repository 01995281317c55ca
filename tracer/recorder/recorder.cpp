#include "tracer/recorder/recorder.hpp"

#include "tracer/decode/gather.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/signal_info.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/recorder/port_holder.hpp"
#include "tracer/recorder/privileges.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <cerrno>
#include <span>
#include <string>
#include <utility>

namespace socktale::recorder {
namespace {

// Polls and selects are about what their lists hold, so these are read before it is known whether
// the call matters at all.
bool needs_lists(const tables::Syscall& row) {
  return row.effect == tables::Effect::waits_poll || row.effect == tables::Effect::waits_select;
}

} // namespace

std::vector<engine::Wanted> wanted_calls() {
  using On = engine::Wanted::On;
  std::vector<engine::Wanted> calls;
  for (const tables::Syscall& row : tables::syscalls()) {
    engine::Wanted call{row.number};
    for (std::size_t i = 0; i < row.arity(); ++i)
      if (row.args.at(i).kind == tables::Kind::fd)
        call.descriptors |= static_cast<std::uint8_t>(1U << i);
    if (row.scope == tables::Scope::sockets)
      call.on = call.descriptors != 0 ? On::watched : On::any_watched;
    calls.push_back(call);
  }
  // Those of other ABIs always stop, for socketcall(2) has its descriptors in memory.
  for (const tables::Abi abi : {tables::Abi::i386, tables::Abi::x32})
    for (const int number : tables::numbers_of(abi))
      calls.push_back({.number = number, .abi = abi});
  for (const tables::Hider& hider : tables::hiders())
    calls.push_back({.number = hider.number, .abi = hider.abi, .only = hider.only});
  return calls;
}

Recorder::Recorder(const Settings& settings, const Clock& clock, std::vector<model::Sink*> sinks,
                   Watcher* watcher)
    : settings_(settings),
      clock_(clock),
      watcher_(watcher),
      book_(peek_, settings.sampling.has_value()),
      unseen_(settings.filtered),
      teller_(settings.limits, locator_, std::move(sinks)) {}

void Recorder::started(Pid pid, const std::string& role) {
  processes_.started(pid, role);
  if (watcher_ != nullptr) watcher_->born(pid, role);
  if (settings_.sampling && !asked_for_diag_) open_sampler();
  emit(model::TaskBorn{pid, Tid{pid.value}, {}, role});
}

void Recorder::open_sampler() {
  asked_for_diag_ = true;
  if (auto diag = open_socket_diag())
    sampler_.emplace(std::move(*diag), clock_, *settings_.sampling);
  else
    emit(model::Note{"not-sampled", {}, {{"why", diag.error().text()}}});
}

void Recorder::handle(engine::Stop&& stop) {
  std::visit([this](auto&& what) { on(std::forward<decltype(what)>(what)); }, std::move(stop));
}

void Recorder::note(model::Note note) { emit(std::move(note)); }

// The call that begins here; nothing: none of the table.
std::optional<decode::Entered> Recorder::entered(engine::EntryStop& stop) const {
  const auto& info = stop.info();
  if (info.number != tables::restart_number(info.abi))
    return decode::entered(info.abi, info.number, info.args, stop.memory());
  const auto before = interrupted_.find(stop.tid());
  return before == interrupted_.end() ? std::nullopt : std::optional(before->second);
}

std::shared_ptr<const locate::Sighting> Recorder::sighting_at(const engine::EntryStop& stop,
                                                              Memory& memory) {
  if (stop.info().abi == tables::Abi::x86_64)
    if (auto known = locator_.recall(stop.pid(), stop.info().top, memory)) return known;
  const auto registers = stop.registers();
  return registers ? locator_.look(stop.pid(), stop.tid(), *registers, memory) : nullptr;
}

void Recorder::on(engine::EntryStop&& stop) {
  auto call_made = entered(stop);
  if (!call_made) {
    if (unseen_.entered(stop))
      std::move(stop).watch();
    else
      std::move(stop).ignore();
    return tell_unseen();
  }
  if (fresh_)
    fresh_->clear();
  else
    fresh_ = teller_.fresh_call();
  KeptCall& kept = *fresh_;
  kept.entered = *call_made;
  const tables::Syscall& row = *kept.entered.row;
  const Deed deed{row, stop.pid(), kept.entered.args, kept.before};
  bool sampled = false;
  if (needs_lists(row))
    decode::gather_entry(row, kept.entered.args, settings_.limits, stop.memory(), kept.before);
  const Interest interest = book_.interest(deed);
  if (interest == Interest::none) return std::move(stop).ignore();
  const bool attributed = settings_.attribute && interest == Interest::record;
  const std::size_t stack = attributed ? std::min(locator_.usual_stack(), stack_.size()) : 0;
  MemoryBeside memory(stop.memory(), {stop.info().top.rsp}, std::span(stack_).first(stack));
  if (!needs_lists(row))
    decode::gather_entry(row, kept.entered.args, settings_.limits, memory, kept.before);
  if (interest == Interest::record) {
    kept.touched = book_.begin(deed);
    if (attributed) kept.sighting = sighting_at(stop, memory);
    kept.id = {++calls_};
    kept.pid = stop.pid();
    kept.tid = stop.tid();
    kept.abi = stop.info().abi;
    kept.number = static_cast<int>(stop.info().number);
    kept.raw = stop.info().args;
    if (settings_.sources) kept.began = processes_.sources_since(kept.pid, clock_);
    learn_sockets();
    kept.entered_at = clock_.now();
    sampled = ask_kernel(kept);
    if (sampled) kept.entered_at = clock_.now(); // that took its time
  }
  const Tid tid = stop.tid();
  std::move(stop).watch();
  if (interest == Interest::record && teller_.wants_entries()) tell_entry(kept);
  Draft& draft = drafts_[tid];
  if (!draft.kept) ++in_flight_;
  draft = {interest, std::move(fresh_)};
  if (sampled) tell_sample();
}

void Recorder::on(engine::ExitStop&& stop) {
  const Instant left = clock_.now();
  Draft draft = take_draft(stop.tid());
  if (!draft.kept) {
    unseen_.left(stop.tid(), stop.result());
    std::move(stop).resume();
    return tell_unseen();
  }
  const bool told = draft.interest == Interest::record;
  KeptCall& kept = *draft.kept;
  const tables::Syscall& row = *kept.entered.row;
  const std::int64_t result = stop.result();
  decode::gather_exit(row, kept.entered.args, result, settings_.limits, stop.memory(), kept.before,
                      kept.after);
  if (processes_.has_threads(stop.pid()) && told)
    decode::gather_again(row, kept.entered.args, stop.memory(), kept.before, kept.after);
  const Deed deed{row, stop.pid(), kept.entered.args, kept.before};
  book_.end(deed, kept.after, result, kept.touched);
  if (result == tables::restart_block)
    interrupted_[stop.tid()] = kept.entered;
  else
    interrupted_.erase(stop.tid());
  learn_sockets();
  kept.result = result;
  kept.left = left;
  const bool sampled = told && ask_kernel(kept);
  const Pid pid = stop.pid();
  std::move(stop).resume(book_.take_opened(pid));
  std::vector<model::Note> holders;
  if (result == -EADDRINUSE) holders = notes_of_port_holders(kept);
  if (told) complete(std::move(draft.kept));
  for (model::Note& note : holders) emit(std::move(note));
  tell_sockets();
  if (sampled) tell_sample();
  if (told && watcher_ != nullptr) watcher_->returned(pid, row, result);
}

void Recorder::tell_entry(const KeptCall& kept) {
  tell_sockets();
  auto copy = std::make_unique<KeptCall>(kept);
  if (const auto about = copy->touched.about)
    copy->netlink_protocol = book_.netlink_protocol(*about);
  teller_.tell_entry(std::move(copy));
}

void Recorder::complete(CallPtr kept) {
  if (const auto about = kept->touched.about)
    kept->netlink_protocol = book_.netlink_protocol(*about);
  tell_exec(kept->pid);
  tell_sockets();
  teller_.tell(std::move(kept));
}

void Recorder::on(engine::BirthStop&& stop) {
  const auto& newborn = stop.newborn();
  const Pid parent = stop.pid();
  book_.born(parent, newborn.pid, newborn.shares_descriptors);
  processes_.born(parent, newborn.pid);
  const model::TaskBorn born{newborn.pid, newborn.tid, parent, processes_.role(newborn.pid)};
  std::move(stop).resume();
  if (watcher_ != nullptr) watcher_->born(born.pid, born.role);
  emit(born);
}

void Recorder::on(engine::ExecStop&& stop) {
  const Pid pid = stop.pid();
  tell_exec(pid); // of the program that ends here
  abandon(Tid{pid.value});
  if (stop.former().value != pid.value) {
    abandon(stop.former());
    drafts_.erase(stop.former());
    emit(model::TaskGone{pid, stop.former(), false, {}, {}});
  }
  book_.exec(pid);
  book_.inherit(pid);
  locator_.on_exec(pid);
  processes_.exec(pid, clock_.now());
  auto lost = lost_privileges(pid);
  std::move(stop).resume();
  tell_sockets();
  if (lost) emit(std::move(*lost));
}

void Recorder::on(const engine::Signalled& signal) {
  emit(model::Signal{signal.pid, signal.tid, signal.number, decode::signal_name(signal.number),
                     signal.info ? decode::signal_info(*signal.info) : model::Value{}});
}

void Recorder::on(const engine::Gone& gone) {
  abandon(gone.tid);
  drafts_.erase(gone.tid);
  interrupted_.erase(gone.tid);
  unseen_.gone(gone);
  tell_exec(gone.pid);
  if (gone.last) {
    book_.gone(gone.pid);
    locator_.on_gone(gone.pid);
    learn_sockets();
    const bool sampled = sampler_ && sampler_->ask_after_end();
    tell_sockets();
    if (sampled) tell_sample();
  }
  emit(model::TaskGone{gone.pid, gone.tid, gone.last, gone.status, gone.signal});
  if (!gone.last) return;
  processes_.gone(gone.pid);
  if (watcher_ != nullptr) watcher_->gone(gone.pid);
}

Recorder::Draft Recorder::take_draft(Tid tid) {
  const auto found = drafts_.find(tid);
  if (found == drafts_.end() || !found->second.kept) return {};
  --in_flight_;
  return std::exchange(found->second, {});
}

// The thread will not come back from its call: told without an outcome.
void Recorder::abandon(Tid tid) {
  Draft draft = take_draft(tid);
  if (draft.interest != Interest::record) return;
  draft.kept->left = clock_.now();
  complete(std::move(draft.kept));
}

void Recorder::tell_exec(Pid pid) {
  auto exec = processes_.take_exec(pid);
  if (!exec) return;
  if (const auto runtime = locator_.runtime(pid)) {
    exec->what.runtime = runtime->name;
    exec->what.runtime_version = runtime->version;
  }
  const bool foreign = exec->what.abi == tables::to_string(tables::Abi::x32);
  const model::Note untraced{
      "untraced-abi", pid, {{"abi", exec->what.abi}, {"exe", exec->what.exe}}};
  emit(std::move(exec->what), exec->at);
  if (foreign) emit(untraced);
}

void Recorder::tell_unseen() {
  for (model::Note& note : unseen_.take_notes()) emit(std::move(note));
}

void Recorder::learn_sockets() {
  if (!book_.has_changes()) return; // at most stops
  for (model::Socket& socket : book_.take_changes()) {
    if (sampler_) sampler_->know(socket, book_.in_our_network(socket.id));
    untold_.push_back(std::move(socket));
  }
  for (const model::SocketId id : book_.take_forgotten())
    if (sampler_) sampler_->forget(id);
}

void Recorder::tell_sockets() {
  learn_sockets();
  for (model::Socket& socket : untold_) emit(std::move(socket));
  untold_.clear();
  if (!sampler_) return;
  for (model::Note& note : sampler_->take_notes()) emit(std::move(note));
}

// Before the call, and after it, when there is a result.
bool Recorder::ask_kernel(const KeptCall& kept) {
  if (!sampler_) return false;
  const tables::Effect effect = kept.entered.row->effect;
  const bool received = effect == tables::Effect::receives && kept.result.value_or(0) > 0;
  return sampler_->ask({kept.id, effect, !kept.result, received, kept.touched.about,
                        kept.touched.others, kept.result ? kept.left : kept.entered_at});
}

void Recorder::tell_sample() {
  if (auto sample = sampler_->take()) {
    const Instant taken = sample->taken;
    emit(std::move(*sample), taken);
  }
}

// Who has the port that a bind did not get.
std::vector<model::Note> Recorder::notes_of_port_holders(KeptCall& kept) const {
  std::vector<model::Note> notes;
  if (kept.entered.row->effect != tables::Effect::binds) return notes;
  decode::Capture nothing;
  const std::size_t size =
      decode::size_of(*kept.entered.row, 1, kept.entered.args, 0, settings_.limits, nothing);
  const auto wanted = decode::endpoint(kept.before.read_bytes({kept.entered.args[1]}, size));
  if (!wanted || wanted->port == 0) return notes;
  for (const PortHolder& holder : port_holders(kept.pid, wanted->port)) {
    model::Note note{
        "port-holder", kept.pid, {{"address", holder.address}, {"state", holder.state}}};
    if (holder.pid) {
      note.about.emplace_back("pid", std::to_string(holder.pid->value));
      note.about.emplace_back("command", holder.command);
    }
    notes.push_back(std::move(note));
  }
  return notes;
}

void Recorder::finish(std::uint64_t stops) {
  for (const auto& [tid, draft] : drafts_) abandon(tid);
  teller_.finish(stops, clock_.now());
}

void Recorder::emit(model::Body body, std::optional<Instant> at) {
  teller_.tell(std::move(body), at.value_or(clock_.now()));
}

} // namespace socktale::recorder
