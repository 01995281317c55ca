#include "reports/page_index.hpp"

#include <algorithm>

namespace socktale::reports {

PageIndex::PageIndex(const Story& story, std::size_t most_calls) {
  for (Index step = 0; step < story.steps.size(); ++step)
    for (std::size_t i = 0; i < story.steps[step].calls.size(); ++i)
      calls_.push_back({story.steps[step].calls[i], step, story.steps[step].hides(i)});
  std::ranges::sort(calls_, {}, [](const PageCall& each) { return each.call->id; });
  if (calls_.size() > most_calls) {
    left_out_ = calls_.size() - most_calls;
    calls_.resize(most_calls);
  }
  std::unordered_map<std::uint32_t, const model::Stack*> stacks;
  for (const model::Event& event : story.trace->events)
    if (const auto* stack = std::get_if<model::Stack>(&event.body)) stacks[stack->id] = stack;
  for (const PageCall& each : calls_) {
    call_numbers_.emplace(each.call, static_cast<std::int64_t>(call_numbers_.size()));
    const auto [entry, fresh] =
        place_numbers_.try_emplace(key_of(*each.call), static_cast<std::int64_t>(places_.size()));
    if (!fresh) continue;
    const auto stack = each.call->stack ? stacks.find(*each.call->stack) : stacks.end();
    places_.push_back({&each.call->place, stack != stacks.end() ? stack->second : nullptr});
  }
  for (const auto& [id, socket] : story.sockets) {
    socket_numbers_.emplace(id, static_cast<std::int64_t>(sockets_.size()));
    sockets_.push_back(id);
  }
  for (const auto& [file, label] : story.file_labels)
    file_numbers_.emplace(file, static_cast<std::int64_t>(file_numbers_.size()));
}

PageIndex::PlaceKey PageIndex::key_of(const model::Call& call) {
  const model::Place& place = call.place;
  return {call.stack ? std::int64_t{*call.stack} : page_none,
          static_cast<int>(place.kind),
          place.file,
          place.span.line,
          place.span.column,
          place.text,
          place.libc};
}

std::int64_t PageIndex::of(const model::Call* call) const {
  const auto found = call_numbers_.find(call);
  return found != call_numbers_.end() ? found->second : page_none;
}

std::int64_t PageIndex::of(std::optional<model::SocketId> socket) const {
  const auto found = socket ? socket_numbers_.find(*socket) : socket_numbers_.end();
  return found != socket_numbers_.end() ? found->second : page_none;
}

std::int64_t PageIndex::of_file(std::string_view file) const {
  const auto found = file_numbers_.find(file);
  return found != file_numbers_.end() ? found->second : page_none;
}

std::int64_t PageIndex::place_of(const model::Call& call) const {
  const auto found = place_numbers_.find(key_of(call));
  return found != place_numbers_.end() ? found->second : page_none;
}

} // namespace socktale::reports
