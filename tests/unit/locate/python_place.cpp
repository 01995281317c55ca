#include "tests/support/catch.hpp"
#include "tracer/locate/python/place.hpp"

#include <string>
#include <vector>

namespace socktale::locate::python {

namespace {

using model::Owner;
using model::PlaceKind;

model::Frame frame(Owner owner, std::string function, std::string text) {
  model::Frame made;
  made.language = model::Language::python;
  made.owner = owner;
  made.function = std::move(function);
  made.text = std::move(text);
  made.file = owner == Owner::user ? "/a.py" : "/usr/lib/python3.11/socket.py";
  made.span = {7, 1, 7, 9};
  return made;
}

model::Place place(const std::vector<model::Frame>& frames,
                   Sighting::State state = Sighting::State::running, bool complete = true) {
  Sighting sighting;
  sighting.state = state;
  sighting.complete = complete;
  return place_of(sighting, frames);
}

PlaceKind kind(const std::string& text, const std::string& above) {
  std::vector<model::Frame> frames{frame(Owner::user, "main", text)};
  if (!above.empty()) frames.insert(frames.begin(), frame(Owner::library, above, "self.go()"));
  return place(frames).kind;
}

} // namespace

TEST_CASE("the innermost user frame is the place", "[python][place]") {
  const auto found = place({frame(Owner::library, "socket.accept", "self._accept()"),
                            frame(Owner::user, "serve", "sock.accept()"),
                            frame(Owner::user, "<module>", "serve()")});
  CHECK(found.kind == PlaceKind::call);
  CHECK(found.text == "sock.accept()");
  CHECK(found.function == "serve");
  CHECK(found.file == "/a.py");
  CHECK(found.span.line == 7);
  CHECK(found.libc.empty());
}

TEST_CASE("what ran without being written is a leaving", "[python][place]") {
  CHECK(kind("with a as b", "socket.__exit__") == PlaceKind::leaving);
  CHECK(kind("a", "Stream.__aexit__") == PlaceKind::leaving);
  CHECK(kind("f(x)", "Transport.__del__") == PlaceKind::leaving);
  CHECK(kind("with a as b", "") == PlaceKind::leaving);
  CHECK(kind("with a as b", "Lazy.__enter__") == PlaceKind::call);
  CHECK(kind("t", "") == PlaceKind::leaving);
  CHECK(kind("t", "socket.__repr__") == PlaceKind::leaving);
  CHECK(kind("stream", "SocketIO.readinto") == PlaceKind::call);
  CHECK(kind("return t", "") == PlaceKind::leaving);
  CHECK(kind("f'{t}'", "socket.__repr__") == PlaceKind::call);
  CHECK(kind("t.close()", "") == PlaceKind::call);
  CHECK(kind("", "") == PlaceKind::call); // no text: nothing speaks against it
}

TEST_CASE("without a user frame nothing is the user's", "[python][place]") {
  const std::vector<model::Frame> library{frame(Owner::library, "socket.__repr__", "x"),
                                          frame(Owner::library, "run", "y")};
  CHECK(place(library).kind == PlaceKind::library);
  CHECK(place(library).text == "x");
  CHECK(place(library, Sighting::State::finalizing).kind == PlaceKind::finalizing);
  CHECK(place(library, Sighting::State::finalizing).file.empty());
  CHECK(place(library, Sighting::State::running, false).kind == PlaceKind::unknown);
  CHECK(place({}, Sighting::State::finalizing).kind == PlaceKind::finalizing);
  CHECK(place({}, Sighting::State::absent).kind == PlaceKind::unknown);
  CHECK(place({}, Sighting::State::unreadable).kind == PlaceKind::unknown);
  // Code that still runs while the interpreter ends is the user's.
  CHECK(place({frame(Owner::user, "C.__del__", "s.close()")}, Sighting::State::finalizing).kind ==
        PlaceKind::call);
}

} // namespace socktale::locate::python
