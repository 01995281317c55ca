// By which of a stack's frames a call is told, on made-up stacks.
#include "tracer/locate/native_place.hpp"

#include "tests/support/catch.hpp"

namespace socktale::test {

using locate::libc_function;
using locate::loop_place;
using locate::NamedFrame;
using locate::native_place;
using locate::user_place;
using model::Language;
using model::Owner;
using model::PlaceKind;

namespace {

NamedFrame frame(Owner owner, const char* function, const char* module = "/usr/bin/chat") {
  NamedFrame named;
  named.frame.language = Language::native;
  named.frame.owner = owner;
  named.frame.function = function;
  named.frame.module = module;
  return named;
}

const NamedFrame send = frame(Owner::libc, "__libc_send", "/usr/lib/libc.so.6");
const NamedFrame stream = frame(Owner::library, "std::ostream::flush", "/usr/lib/libstdc++.so.6");
const NamedFrame say = frame(Owner::user, "say");
const NamedFrame main_of_it = frame(Owner::user, "main");
const NamedFrame stripped = frame(Owner::unknown, "");
const NamedFrame poll = frame(Owner::library, "uv__io_poll", "/usr/lib/libuv.so.1");

} // namespace

TEST_CASE("a call is told by the innermost frame of the user's", "[locate][native_place]") {
  const auto place = native_place({send, stream, say, main_of_it}, true);
  CHECK(place.kind == PlaceKind::call);
  CHECK(place.function == "say");
  NamedFrame end = say;
  end.end_of_scope = true;
  CHECK(native_place({send, end}, true).kind == PlaceKind::leaving);
  CHECK(user_place({send, stream}) == std::nullopt);
}

TEST_CASE("it is a library's only where nobody else can be on the stack",
          "[locate][native_place]") {
  CHECK(native_place({send, stream}, true).kind == PlaceKind::library);
  CHECK(native_place({send, stream}, false).kind == PlaceKind::unknown);
  CHECK(native_place({send, stream, stripped}, true).kind == PlaceKind::unknown);
  CHECK(native_place({send}, true).kind == PlaceKind::unknown);
  CHECK(native_place({}, true).kind == PlaceKind::unknown);
  // A script may be at work in a nameless function of Node's.
  const NamedFrame nameless = frame(Owner::library, "", "/usr/bin/node");
  CHECK(native_place({send, nameless}, true).kind == PlaceKind::unknown);
}

TEST_CASE("a loop's call is the loop's, unless the user's code may run in it",
          "[locate][native_place]") {
  const auto place = native_place({send, stream, poll, main_of_it}, true);
  CHECK(place.kind == PlaceKind::library);
  CHECK(place.event_loop);
  CHECK(place.function == "uv__io_poll");
  CHECK(native_place({send, say, poll, main_of_it}, true).function == "say");
  CHECK_FALSE(native_place({send, stripped, poll, main_of_it}, true).event_loop);
  model::Frame asyncio;
  asyncio.language = Language::python;
  asyncio.owner = Owner::library;
  asyncio.function = "BaseEventLoop._run_once";
  asyncio.file = "/usr/lib/python3.11/asyncio/base_events.py";
  model::Frame callback = say.frame;
  REQUIRE(loop_place({asyncio, callback}));
  CHECK(loop_place({callback, asyncio}) == std::nullopt);
}

TEST_CASE("the C library was entered by the outermost frame of its innermost run",
          "[locate][native_place]") {
  const NamedFrame getaddrinfo = frame(Owner::libc, "getaddrinfo", "/usr/lib/libc.so.6");
  const NamedFrame start = frame(Owner::libc, "__libc_start_main", "/usr/lib/libc.so.6");
  CHECK(libc_function({send, getaddrinfo, say, main_of_it, start}) == "getaddrinfo");
  CHECK(libc_function({say, main_of_it}).empty());
  // In a static program the run may go on in functions that nothing tells from the user's.
  const NamedFrame within = frame(Owner::libc, "send", "/usr/bin/chat");
  CHECK(libc_function({within, stripped}).empty());
  CHECK(libc_function({within, say}) == "send");
}

} // namespace socktale::test
