#include "tracer/recorder/teller.hpp"

#include "tracer/decode/arguments.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace socktale::recorder {
namespace {

// Bytes that may wait to be told, about; what a call is counted as beside its captures.
constexpr std::size_t most_waiting = std::size_t{64} << 20;
constexpr std::size_t call_bytes = std::size_t{2} << 10;

// msg_name of a message, or of one of several.
bool has_changed_name(const model::Value& value) {
  if (const auto* list = value.get<model::List>())
    return std::ranges::any_of(list->items, has_changed_name);
  const auto* message = value.get<model::Struct>();
  return message != nullptr && std::ranges::any_of(message->members, [](const model::Field& each) {
           return (each.name == "msg_name" && !each.after.empty()) ||
                  (each.name == "msg_hdr" && has_changed_name(each.before));
         });
}

} // namespace

Teller::Teller(const decode::Limits& limits, locate::Locator& locator,
               std::vector<model::Sink*> sinks)
    : limits_(limits),
      locator_(locator),
      sinks_(std::move(sinks)),
      wants_entries_(std::ranges::any_of(sinks_, &model::Sink::wants_entries)),
      handed_over_("teller", most_waiting, [this](Item& item) { consume(item); }) {}

void Teller::put(Item item, std::size_t bytes) {
  handed_over_.put(item, bytes);
  constexpr std::size_t most_used = 64;
  auto* used = std::get_if<CallPtr>(&item);
  if (used != nullptr && *used && used_.size() < most_used) used_.push_back(std::move(*used));
}

void Teller::tell(model::Body body, Instant at) { put(Plain{std::move(body), at}, call_bytes); }

void Teller::tell(CallPtr call) {
  const std::size_t size = call_bytes + call->before.size() + call->after.size();
  put(std::move(call), size);
}

void Teller::tell_entry(CallPtr call) {
  const std::size_t size = call_bytes + call->before.size();
  put(Entering{std::move(call)}, size);
}

CallPtr Teller::fresh_call() {
  if (used_.empty()) return std::make_unique<KeptCall>();
  CallPtr call = std::move(used_.back());
  used_.pop_back();
  call->clear();
  return call;
}

void Teller::finish(std::uint64_t stops, Instant at) {
  handed_over_.finish();
  emit(model::End{told_, stops}, at);
}

void Teller::consume(Item& item) {
  std::visit([this](auto& what) { on(what); }, item);
}

model::Call Teller::call_of(KeptCall& kept) const {
  const tables::Syscall& row = *kept.entered.row;
  model::Call call;
  call.id = kept.id;
  call.pid = kept.pid;
  call.tid = kept.tid;
  call.name = row.name;
  call.number = kept.number;
  if (kept.abi != tables::Abi::x86_64) call.abi = tables::to_string(kept.abi);
  call.via = kept.entered.via;
  call.raw = kept.raw;
  call.entered = kept.entered_at;
  call.args = decode::decode_arguments(row, kept.entered.args, kept.before, kept.after, kept.result,
                                       limits_, kept.netlink_protocol);
  call.socket = kept.touched.about;
  return call;
}

void Teller::on(const Entering& entering) {
  const model::Call call = call_of(*entering.call);
  for (model::Sink* sink : sinks_)
    if (sink->wants_entries()) sink->entered(call);
}

void Teller::on(const CallPtr& told) {
  KeptCall& kept = *told;
  model::Call call = call_of(kept);
  if (kept.result)
    call.outcome =
        decode::decode_outcome(*kept.entered.row, kept.entered.args, *kept.result, kept.left);
  call.touched = std::move(kept.touched.others);
  tell_changes(call, kept.entered.row->args, kept.left);
  attach_place(kept, call, kept.left);
  ++told_;
  emit(std::move(call), kept.left);
}

// Addresses that were not the same at both ends of the call (decode/gather.hpp).
void Teller::tell_changes(const model::Call& call, const std::array<tables::Arg, 6>& args,
                          Instant at) {
  for (const tables::Arg& arg : args) {
    const auto field = std::ranges::find(call.args, arg.name, &model::Field::name);
    if (field == call.args.end()) continue;
    const bool given = arg.kind == tables::Kind::address && arg.dir == tables::Dir::in;
    std::string_view changed = given && !field->after.empty() ? std::string_view(field->name) : "";
    if (arg.kind == tables::Kind::message || arg.kind == tables::Kind::messages)
      changed = has_changed_name(field->before) ? "msg_name" : "";
    if (changed.empty()) continue;
    emit(model::Note{"changed-argument",
                     call.pid,
                     {{"call", std::to_string(call.id.value)},
                      {"name", call.name},
                      {"argument", std::string(changed)}}},
         at);
  }
}

void Teller::attach_place(const KeptCall& kept, model::Call& call, Instant at) {
  if (!kept.sighting) return;
  const auto located = locator_.resolve(kept.sighting);
  call.place = located->place;
  if (located->stack.frames.empty()) return;
  call.stack = stacks_.id_of(located, [&](model::Stack stack) {
    keep_sources(kept, stack, at);
    emit(std::move(stack), at);
  });
}

void Teller::keep_sources(const KeptCall& kept, const model::Stack& stack, Instant at) {
  if (!kept.began) return;
  for (const model::Frame& frame : stack.frames)
    if (auto source = sources_.take(frame, *kept.began)) emit(std::move(*source), at);
}

void Teller::emit(model::Body body, Instant at) {
  model::Event event{++seq_, at, std::move(body)};
  if (sinks_.empty()) return;
  for (model::Sink* sink : std::span(sinks_).first(sinks_.size() - 1)) sink->on(event);
  sinks_.back()->take(std::move(event));
}

} // namespace socktale::recorder
