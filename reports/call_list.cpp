#include "reports/call_list.hpp"

#include "reports/facts.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <unordered_map>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

std::map<Tid, Instant> ends_of_threads(const model::Trace& trace) {
  std::map<Tid, Instant> ends;
  for (const model::Event& event : trace.events)
    if (const auto* gone = std::get_if<model::TaskGone>(&event.body))
      ends.insert_or_assign(gone->tid, event.at);
  return ends;
}

void set_ends(std::vector<ListedCall>& calls, const model::Trace& trace) {
  const std::map<Tid, Instant> ends = ends_of_threads(trace);
  const Instant last = end_of(trace);
  std::unordered_map<Tid, Instant> next; // call of the thread, from the end on
  for (ListedCall& each : std::views::reverse(calls)) {
    const model::Call& call = *each.call;
    each.until = last;
    if (const auto end = ends.find(call.tid); end != ends.end() && end->second >= call.entered)
      each.until = end->second;
    if (const auto known = next.find(call.tid); known != next.end())
      each.until = std::min(each.until, known->second);
    if (call.outcome) each.until = call.outcome->left;
    each.until = std::max(each.until, call.entered);
    next.insert_or_assign(call.tid, call.entered);
  }
}

} // namespace

Instant end_of(const model::Trace& trace) {
  Instant end;
  for (const model::Event& event : trace.events) {
    end = std::max(end, event.at);
    const auto* call = std::get_if<model::Call>(&event.body);
    if (call != nullptr && call->outcome) end = std::max(end, call->outcome->left);
  }
  return end;
}

std::vector<ListedCall> list_calls(const Story& story) {
  std::vector<ListedCall> calls;
  for (Index step = 0; step < story.steps.size(); ++step)
    for (std::size_t i = 0; i < story.steps[step].calls.size(); ++i)
      calls.push_back({story.steps[step].calls[i], step, story.steps[step].hides(i), {}});
  std::ranges::sort(calls, {}, [](const ListedCall& each) { return each.call->id; });
  set_ends(calls, *story.trace);
  return calls;
}

std::optional<int> descriptor_of(const Story& story, const model::Call& call) {
  std::optional<int> first;
  for (const model::Field& field : call.args) {
    const auto* fd = field.shown().get<model::Fd>();
    if (!fd) continue;
    if (!first) first = fd->number;
    // epoll_ctl(2) and splice(2) have two: the one that is the socket.
    const auto socket = call.socket ? story.sockets.find(*call.socket) : story.sockets.end();
    if (socket != story.sockets.end() &&
        std::ranges::binary_search(socket->second.descriptors, Descriptor{call.pid, fd->number}))
      return fd->number;
  }
  if (!first && succeeded(call) && call.outcome->result_kind == "fd")
    return static_cast<int>(call.outcome->result);
  return first;
}

const model::Socket* addressed(const Story& story, const model::Call& call) {
  const bool accepted = effect_of(call) == tables::Effect::accepts && succeeded(call);
  const auto id =
      accepted && !call.touched.empty() ? std::optional(call.touched.front()) : call.socket;
  const auto found = id ? story.sockets.find(*id) : story.sockets.end();
  return found != story.sockets.end() ? found->second.last : nullptr;
}

const model::TaskExec* program_of(const Story& story, const Process& process) {
  constexpr int most_forebears = 64; // a forged trace may have them in a circle
  if (process.images.back().exec) return process.images.back().exec;
  const Process* at = &process;
  for (int i = 0; i < most_forebears && at->parent; ++i) {
    const Process& parent = story.processes[*at->parent];
    if (const auto* exec = parent.images.at(at->parent_image).exec) return exec;
    at = &parent;
  }
  return nullptr;
}

bool stands_above(const Step& step) { return !step.api.empty() || step.calls.size() > 1; }

std::string payload_text(const model::Call& call, std::size_t limit) {
  const auto bytes = payload_of(call);
  if (!bytes) return "";
  if (bytes->withheld) return fmt::format("<{} bytes withheld>", bytes->length);
  const std::string_view shown = std::string_view(bytes->data).substr(0, limit);
  return c_escape(shown) + (shown.size() < bytes->length ? "..." : "");
}

} // namespace socktale::reports
