#include "tracer/recorder/recorder.hpp"

#include "tracer/decode/arguments.hpp"
#include "tracer/decode/gather.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/signal_info.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/recorder/port_holder.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <cerrno>
#include <span>
#include <string>
#include <utility>

namespace socktale::recorder {
namespace {

constexpr std::int64_t restart_block = -516; // -ERESTART_RESTARTBLOCK: restart_syscall(2) follows

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

Recorder::Recorder(const Settings& settings, const Clock& clock, std::vector<model::Sink*> sinks)
    : settings_(settings),
      clock_(clock),
      sinks_(std::move(sinks)),
      book_(peek_, settings.sampling.has_value()),
      unseen_(settings.filtered) {}

void Recorder::started(Pid pid, const std::string& role) {
  processes_.started(pid, role);
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

void Recorder::on(engine::EntryStop&& stop) {
  auto call_made = entered(stop);
  if (!call_made) {
    if (unseen_.entered(stop))
      std::move(stop).watch();
    else
      std::move(stop).ignore();
    return tell_unseen();
  }
  Draft draft;
  draft.entered = *call_made;
  const tables::Syscall& row = *draft.entered.row;
  const Deed deed{row, stop.pid(), draft.entered.args, draft.before};
  bool sampled = false;
  if (needs_lists(row))
    decode::gather_entry(row, draft.entered.args, settings_.limits, stop.memory(), draft.before);
  draft.interest = book_.interest(deed);
  if (draft.interest == Interest::none) return std::move(stop).ignore();
  if (!needs_lists(row))
    decode::gather_entry(row, draft.entered.args, settings_.limits, stop.memory(), draft.before);
  if (draft.interest == Interest::record) {
    draft.touched = book_.begin(deed);
    if (settings_.attribute)
      if (const auto registers = stop.registers())
        draft.sighting = locator_.look(stop.pid(), stop.tid(), *registers, stop.memory());
    model::Call& call = draft.call;
    call.id = {++calls_};
    call.pid = stop.pid();
    call.tid = stop.tid();
    call.name = row.name;
    call.number = static_cast<int>(stop.info().number);
    if (stop.info().abi != tables::Abi::x86_64) call.abi = tables::to_string(stop.info().abi);
    call.via = draft.entered.via;
    call.raw = stop.info().args;
    learn_sockets();
    sampled = ask_kernel(draft, std::nullopt);
    call.entered = clock_.now();
  }
  const Tid tid = stop.tid();
  std::move(stop).watch();
  if (draft.interest == Interest::record) tell_entry(draft);
  drafts_[tid] = std::move(draft);
  if (sampled) tell_sample();
}

void Recorder::on(engine::ExitStop&& stop) {
  const Instant left = clock_.now();
  auto node = drafts_.extract(stop.tid());
  if (node.empty()) {
    unseen_.left(stop.tid(), stop.result());
    std::move(stop).resume();
    return tell_unseen();
  }
  Draft& draft = node.mapped();
  decode::Capture after;
  const std::int64_t result = stop.result();
  decode::gather_exit(*draft.entered.row, draft.entered.args, result, settings_.limits,
                      stop.memory(), draft.before, after);
  if (processes_.has_threads(stop.pid()) && draft.interest == Interest::record)
    decode::gather_again(*draft.entered.row, draft.entered.args, stop.memory(), draft.before,
                         after);
  const Deed deed{*draft.entered.row, stop.pid(), draft.entered.args, draft.before};
  book_.end(deed, after, result, draft.touched);
  if (result == restart_block)
    interrupted_[stop.tid()] = draft.entered;
  else
    interrupted_.erase(stop.tid());
  learn_sockets();
  const bool sampled = draft.interest == Interest::record && ask_kernel(draft, result);
  std::move(stop).resume(book_.take_opened(stop.pid()));
  if (draft.interest == Interest::record) complete(draft, after, result, left);
  if (result == -EADDRINUSE) tell_port_holders(draft);
  tell_sockets();
  if (sampled) tell_sample();
}

void Recorder::tell_entry(Draft& draft) {
  if (std::ranges::none_of(sinks_, &model::Sink::wants_entries)) return;
  tell_sockets();
  decode::Capture nothing;
  const auto about = draft.touched.about;
  draft.call.args = decode::decode_arguments(*draft.entered.row, draft.entered.args, draft.before,
                                             nothing, std::nullopt, settings_.limits,
                                             about ? book_.netlink_protocol(*about) : std::nullopt);
  draft.call.socket = about;
  for (model::Sink* sink : sinks_)
    if (sink->wants_entries()) sink->entered(draft.call);
}

void Recorder::complete(Draft& draft, decode::Capture& after, std::optional<std::int64_t> result,
                        Instant left) {
  model::Call& call = draft.call;
  const auto about = draft.touched.about;
  call.args = decode::decode_arguments(*draft.entered.row, draft.entered.args, draft.before, after,
                                       result, settings_.limits,
                                       about ? book_.netlink_protocol(*about) : std::nullopt);
  if (result)
    call.outcome = decode::decode_outcome(*draft.entered.row, draft.entered.args, *result, left);
  call.socket = about;
  call.touched = std::move(draft.touched.others);
  tell_exec(call.pid);
  tell_sockets();
  tell_changes(call, draft.entered.row->args);
  attach_place(draft);
  ++told_;
  emit(std::move(call), result ? std::optional(left) : std::nullopt);
}

// Addresses that were not the same at both ends of the call (decode/gather.hpp).
void Recorder::tell_changes(const model::Call& call, const std::array<tables::Arg, 6>& args) {
  for (const tables::Arg& arg : args) {
    if (arg.kind != tables::Kind::address || arg.dir != tables::Dir::in) continue;
    const auto field = std::ranges::find(call.args, arg.name, &model::Field::name);
    if (field == call.args.end() || field->after.empty()) continue;
    emit(model::Note{
        "changed-argument",
        call.pid,
        {{"call", std::to_string(call.id.value)}, {"name", call.name}, {"argument", field->name}}});
  }
}

void Recorder::attach_place(Draft& draft) {
  if (!draft.sighting) return;
  const auto located = locator_.resolve(draft.sighting);
  draft.call.place = located->place;
  if (located->stack.frames.empty()) return;
  draft.call.stack = stacks_.id_of(located, [&](model::Stack stack) {
    if (settings_.sources) keep_sources(draft.call.pid, stack);
    emit(std::move(stack));
  });
}

void Recorder::keep_sources(Pid pid, const model::Stack& stack) {
  const std::int64_t began = clock_.began_at() + processes_.began(pid).ns;
  for (const model::Frame& frame : stack.frames)
    if (auto source = sources_.take(pid, frame, began)) emit(std::move(*source));
}

void Recorder::on(engine::BirthStop&& stop) {
  const auto& newborn = stop.newborn();
  const Pid parent = stop.pid();
  book_.born(parent, newborn.pid, newborn.shares_descriptors);
  processes_.born(parent, newborn.pid);
  const model::TaskBorn born{newborn.pid, newborn.tid, parent, processes_.role(newborn.pid)};
  std::move(stop).resume();
  emit(born);
}

void Recorder::on(engine::ExecStop&& stop) {
  const Pid pid = stop.pid();
  tell_exec(pid); // of the program that ends here
  abandon(Tid{pid.value});
  if (stop.former().value != pid.value) {
    abandon(stop.former());
    emit(model::TaskGone{pid, stop.former(), false, {}, {}});
  }
  book_.exec(pid);
  book_.inherit(pid);
  locator_.on_exec(pid);
  processes_.exec(pid, clock_.now());
  std::move(stop).resume();
  tell_sockets();
}

void Recorder::on(const engine::Signalled& signal) {
  emit(model::Signal{signal.pid, signal.tid, signal.number, decode::signal_name(signal.number),
                     signal.info ? decode::signal_info(*signal.info) : model::Value{}});
}

void Recorder::on(const engine::Gone& gone) {
  abandon(gone.tid);
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
  if (gone.last) processes_.gone(gone.pid);
}

// The thread will not come back from its call: told without an outcome.
void Recorder::abandon(Tid tid) {
  auto node = drafts_.extract(tid);
  if (node.empty() || node.mapped().interest != Interest::record) return;
  decode::Capture nothing;
  complete(node.mapped(), nothing, std::nullopt, {});
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
  for (model::Socket& socket : book_.take_changes()) {
    if (sampler_) sampler_->know(socket, book_.in_our_network(socket.id));
    untold_.push_back(std::move(socket));
  }
}

void Recorder::tell_sockets() {
  learn_sockets();
  for (model::Socket& socket : std::exchange(untold_, {})) emit(std::move(socket));
  if (!sampler_) return;
  for (model::Note& note : sampler_->take_notes()) emit(std::move(note));
}

// No result: at the call's entry.
bool Recorder::ask_kernel(const Draft& draft, std::optional<std::int64_t> result) {
  if (!sampler_) return false;
  const tables::Effect effect = draft.entered.row->effect;
  const bool received = effect == tables::Effect::receives && result.value_or(0) > 0;
  return sampler_->ask(
      {draft.call.id, effect, !result, received, draft.touched.about, draft.touched.others});
}

void Recorder::tell_sample() {
  if (auto sample = sampler_->take()) {
    const Instant taken = sample->taken;
    emit(std::move(*sample), taken);
  }
}

void Recorder::tell_port_holders(Draft& draft) {
  if (draft.entered.row->effect != tables::Effect::binds) return;
  decode::Capture nothing;
  const std::size_t size =
      decode::size_of(*draft.entered.row, 1, draft.entered.args, 0, settings_.limits, nothing);
  const auto wanted = decode::endpoint(draft.before.read_bytes({draft.entered.args[1]}, size));
  if (!wanted || wanted->port == 0) return;
  for (const PortHolder& holder : port_holders(draft.call.pid, wanted->port)) {
    model::Note note{
        "port-holder", draft.call.pid, {{"address", holder.address}, {"state", holder.state}}};
    if (holder.pid) {
      note.about.emplace_back("pid", std::to_string(holder.pid->value));
      note.about.emplace_back("command", holder.command);
    }
    emit(std::move(note));
  }
}

void Recorder::finish(std::uint64_t stops) {
  while (!drafts_.empty()) abandon(drafts_.begin()->first);
  emit(model::End{told_, stops});
}

void Recorder::emit(model::Body body, std::optional<Instant> at) {
  model::Event event{++seq_, at.value_or(clock_.now()), std::move(body)};
  if (sinks_.empty()) return;
  for (model::Sink* sink : std::span(sinks_).first(sinks_.size() - 1)) sink->on(event);
  sinks_.back()->take(std::move(event));
}

} // namespace socktale::recorder
