#include "tracer/locate/python/place.hpp"

#include "tracer/locate/python/expression.hpp"

#include <algorithm>
#include <string_view>

namespace socktale::locate::python {

namespace {

std::string_view last_part(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

// `above` is the function that the user's frame called, empty when that is C code. A method that
// runs without being written says so by its name; where C code runs for something that is no call,
// an object was dropped.
model::PlaceKind kind_of(std::string_view text, std::string_view above) {
  using enum model::PlaceKind;
  if (above == "__exit__" || above == "__aexit__" || above == "__del__") return leaving;
  if (text.empty()) return call;
  switch (written_as(text)) {
  case Written::call: return call;
  case Written::with: return above == "__enter__" || above == "__aenter__" ? call : leaving;
  case Written::statement: return leaving;
  // A leaked socket's warning asks for its repr before it is closed.
  case Written::target: return above.empty() || above == "__repr__" ? leaving : call;
  case Written::other: return above.empty() ? leaving : call;
  }
  return call;
}

model::Place at(const model::Frame& frame, model::PlaceKind kind) {
  model::Place place;
  place.kind = kind;
  place.file = frame.file;
  place.span = frame.span;
  place.text = frame.text;
  place.function = frame.function;
  return place;
}

} // namespace

model::Place place_of(const Sighting& sighting, const std::vector<model::Frame>& frames) {
  model::Place place;
  const auto user = std::ranges::find(frames, model::Owner::user, &model::Frame::owner);
  if (user != frames.end()) {
    const auto above =
        user == frames.begin() ? std::string_view() : last_part((user - 1)->function);
    return at(*user, kind_of(user->text, above));
  }
  if (sighting.state == Sighting::State::finalizing) {
    place.kind = model::PlaceKind::finalizing;
    return place;
  }
  // Deeper frames than were kept may be the user's.
  if (frames.empty() || !sighting.complete) return place;
  return at(frames.front(), model::PlaceKind::library);
}

} // namespace socktale::locate::python
