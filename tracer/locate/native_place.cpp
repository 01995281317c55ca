#include "tracer/locate/native_place.hpp"

#include "tracer/locate/event_loop.hpp"
#include "tracer/locate/made_code.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace socktale::locate {

using model::Owner;
using model::PlaceKind;

namespace {

model::Place place_at(const NamedFrame& named, PlaceKind kind) {
  const model::Frame& frame = named.frame;
  return {kind, frame.file, frame.span, frame.text, frame.function, {}};
}

const NamedFrame* first_of(const std::vector<NamedFrame>& frames, Owner owner) {
  const auto found = std::ranges::find(frames, owner, [](const auto& n) { return n.frame.owner; });
  return found == frames.end() ? nullptr : &*found;
}

template <class Frames, class Frame>
std::optional<model::Place> place_of_loop(const Frames& frames, Frame frame_of) {
  for (const auto& item : frames) {
    const model::Frame& frame = frame_of(item);
    if (is_event_loop(frame)) {
      model::Place place;
      place.kind = PlaceKind::library;
      place.function = frame.function;
      place.event_loop = true;
      return place;
    }
    if (frame.owner == Owner::user || frame.owner == Owner::unknown) return std::nullopt;
  }
  return std::nullopt;
}

// Where nothing names a runtime's functions, as it is stripped and makes no perf map, a script may
// be at work in any of them.
bool may_run_script(const std::vector<NamedFrame>& frames) {
  const auto nameless = [](const NamedFrame& named) {
    return named.frame.function.empty() && holds_runtime(named.frame.module);
  };
  const auto script = [](const NamedFrame& named) {
    return named.frame.language == model::Language::javascript;
  };
  return std::ranges::any_of(frames, nameless) && std::ranges::none_of(frames, script);
}

} // namespace

std::string libc_function(const std::vector<NamedFrame>& frames) {
  const auto is_libc = [](const NamedFrame& named) { return named.frame.owner == Owner::libc; };
  const auto first = std::ranges::find_if(frames, is_libc);
  const auto end = std::find_if_not(first, frames.end(), is_libc);
  if (first == end) return {};
  const model::Frame& entered = std::prev(end)->frame;
  // In a static program the run can go on in functions that nothing tells from the user's.
  const bool sure = end == frames.end() || end->frame.owner != Owner::unknown ||
                    end->frame.module != entered.module;
  return sure ? entered.function : std::string{};
}

std::optional<model::Place> user_place(const std::vector<NamedFrame>& frames) {
  const NamedFrame* user = first_of(frames, Owner::user);
  if (user == nullptr) return std::nullopt;
  return place_at(*user, user->end_of_scope ? PlaceKind::leaving : PlaceKind::call);
}

std::optional<model::Place> loop_place(const std::vector<model::Frame>& frames) {
  return place_of_loop(frames, [](const model::Frame& frame) -> auto& { return frame; });
}

model::Place native_place(const std::vector<NamedFrame>& frames, bool complete) {
  if (auto place = place_of_loop(frames, [](const auto& named) -> auto& { return named.frame; }))
    return std::move(*place);
  if (auto place = user_place(frames)) return std::move(*place);
  const NamedFrame* unknown = first_of(frames, Owner::unknown);
  if (unknown != nullptr) {
    model::Place place;
    place.function = unknown->frame.function;
    return place;
  }
  const NamedFrame* library = first_of(frames, Owner::library);
  if (library == nullptr || !complete || may_run_script(frames)) return {};
  return place_at(*library, PlaceKind::library);
}

} // namespace socktale::locate
