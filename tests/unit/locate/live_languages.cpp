// Traces programs in other languages than C, C++ and Python, each where its toolchain is, and
// compares the places found with what the programs state or what their runtime is known to do.
#include "tests/support/catch.hpp"
#include "tests/unit/locate/traced_fixture.hpp"
#include "tracer/locate/locator.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/syscall.h>
#include <unistd.h>

namespace socktale::test {
namespace {

using model::PlaceKind;

struct Call {
  std::uint64_t number = 0;
  std::optional<Expectation> expected;
  locate::Located found;
};

const std::string fixtures = SOCKTALE_FIXTURES;
const std::string sources = SOCKTALE_SOURCE_DIR "/tests/programs/";

bool is_there(const std::string& path) {
  if (access(path.c_str(), R_OK) == 0) return true;
  WARN("skipped: not here: " + path);
  return false;
}

// Nothing: ptrace is not allowed here. `while_stopped`: names are looked up in the stop, as a
// process that is gone has no perf map any more where its /tmp is its own.
std::optional<std::vector<Call>> trace(const std::vector<std::string>& command,
                                       bool while_stopped = false) {
  struct Look {
    StoppedCall call;
    std::shared_ptr<const locate::Sighting> sighting;
    std::optional<locate::Located> found;
  };
  locate::Locator locator;
  std::vector<Look> looks;
  const FixtureRun run = run_fixture(command, [&](const StoppedCall& call) {
    Look look{call, locator.look(call.pid, call.tid, call.registers, call.memory), {}};
    if (while_stopped) look.found = *locator.resolve(look.sighting);
    looks.push_back(std::move(look));
  });
  if (run == FixtureRun::refused) {
    WARN("skipped: ptrace is not allowed here: " + command[0]);
    return std::nullopt;
  }
  // Node leaves its perf map behind.
  if (!looks.empty())
    unlink(("/tmp/perf-" + std::to_string(looks[0].call.pid.value) + ".map").c_str());
  REQUIRE(run == FixtureRun::done);
  std::vector<Call> calls;
  for (Look& look : looks)
    calls.push_back({look.call.number, look.call.expected,
                     look.found ? std::move(*look.found) : *locator.resolve(look.sighting)});
  return calls;
}

std::string text_of(const Call& call) {
  const auto& place = call.found.place;
  std::string text = std::to_string(call.number) + " " + place.function.text() + " " +
                     place.file.text() + ":" + std::to_string(place.span.line) + " [" +
                     place.text.text() + "] " + place.libc.text();
  if (call.expected)
    text += "\nstated: " + call.expected->function + ":" + std::to_string(call.expected->line) +
            " [" + call.expected->text + "]";
  for (const auto& frame : call.found.stack.frames)
    text += "\n  " + frame.function + " " + frame.file + ":" + std::to_string(frame.span.line);
  return text;
}

// Checks all calls of which something is stated, and says how many there were.
std::size_t check_stated(const std::vector<Call>& calls) {
  std::size_t stated = 0;
  for (const Call& call : calls) {
    if (!call.expected) continue;
    ++stated;
    INFO(text_of(call));
    const auto& place = call.found.place;
    const auto& expected = *call.expected;
    const bool leaving = expected.kind == "leaving";
    CHECK(place.kind == (leaving ? PlaceKind::leaving : PlaceKind::call));
    CHECK(place.span.line == expected.line);
    if (!expected.function.empty()) CHECK(place.function == expected.function);
    if (expected.libc != "*") CHECK(place.libc == expected.libc);
    // Paths that were cut off when it was built lead to no text.
    if (place.file.starts_with("/") && !expected.text.empty()) CHECK(place.text == expected.text);
    CHECK(call.found.stack.complete);
  }
  return stated;
}

std::vector<Call> calls_of(const std::vector<Call>& calls, std::uint64_t number) {
  std::vector<Call> result;
  std::ranges::copy_if(calls, std::back_inserter(result),
                       [number](const Call& call) { return call.number == number; });
  return result;
}

bool has_frame(const Call& call, const std::string& function) {
  return std::ranges::find(call.found.stack.frames, function, &model::Frame::function) !=
         call.found.stack.frames.end();
}

bool is_call_in(const Call& call, const std::string& function) {
  const auto& place = call.found.place;
  return place.kind == PlaceKind::call && place.function == function;
}

void check_loop(const Call& call, const std::vector<std::string>& functions) {
  INFO(text_of(call));
  const auto& place = call.found.place;
  CHECK(place.kind == PlaceKind::library);
  CHECK(place.event_loop);
  CHECK_THAT(functions, Catch::VectorContains(place.function.text()));
  CHECK(place.file.empty());
  CHECK(place.span == model::Span{});
}

// Debian's libuv has names only for what it exports.
const std::vector<std::string> libuv = {"uv__io_poll", "uv_run"};

} // namespace

TEST_CASE("Go: places found are those that the program states", "[locate][live][go]") {
  const std::string name =
      GENERATE(as<std::string>{}, "usual", "stripped", "unoptimized", "pie_stripped", "trimmed");
  const std::string path = fixtures + "/go/" + name;
  if (!is_there(path)) return;
  const auto calls = trace({path});
  if (!calls) return;
  INFO(name);
  CHECK(check_stated(*calls) >= 100);
  for (const Call& call : *calls)
    if (call.expected) CHECK(has_frame(call, "syscall.RawSyscall6"));
}

TEST_CASE("Go: its own poller's waiting is nobody's call", "[locate][live][go]") {
  const std::string path = fixtures + "/go/usual";
  if (!is_there(path)) return;
  const auto calls = trace({path});
  if (!calls) return;
  const auto waits = calls_of(*calls, SYS_epoll_pwait);
  CHECK_FALSE(waits.empty());
  for (const Call& call : waits) check_loop(call, {"runtime.netpoll"});
}

TEST_CASE("Rust: places found are those that the program states", "[locate][live][rust]") {
  const std::string name = GENERATE(as<std::string>{}, "debug", "optimized");
  const std::string path = fixtures + "/rust/" + name;
  if (!is_there(path)) return;
  const auto calls = trace({path});
  if (!calls) return;
  INFO(name);
  CHECK(check_stated(*calls) >= 30);
}

TEST_CASE("Node: without its switches no script function is named", "[locate][live][node]") {
  if (!is_there("/usr/bin/node")) return;
  const auto calls = trace({"/usr/bin/node", sources + "node/calls.js"});
  if (!calls) return;
  for (const Call& call : *calls) {
    INFO(text_of(call));
    CHECK(call.found.place.kind != PlaceKind::call);
    CHECK(call.found.place.file.empty());
    CHECK(call.found.place.span == model::Span{});
  }
  for (const Call& call : calls_of(*calls, SYS_accept4)) check_loop(call, libuv);
  for (const Call& call : calls_of(*calls, SYS_epoll_pwait)) check_loop(call, libuv);
  const auto sockets = calls_of(*calls, SYS_socket);
  CHECK(sockets.size() >= 2);
  for (const Call& call : sockets) {
    INFO(text_of(call));
    CHECK(call.found.place.kind == PlaceKind::unknown);
    CHECK(call.found.place.libc == "socket");
  }
}

TEST_CASE("Node: with its switches functions are named, and no line", "[locate][live][node]") {
  if (!is_there("/usr/bin/node")) return;
  const auto calls =
      trace({"/usr/bin/node", "--perf-basic-prof", "--interpreted-frames-native-stack",
             "--no-logfile-per-isolate", "--logfile=/dev/null", sources + "node/calls.js"},
            true); // which would leave a log where it runs
  if (!calls) return;
  for (const Call& call : *calls) {
    INFO(text_of(call));
    const auto& place = call.found.place;
    CHECK(place.span == model::Span{});
    if (place.kind == PlaceKind::call) CHECK(place.file == sources + "node/calls.js");
  }
  std::vector<Call> writes = calls_of(*calls, SYS_write);
  std::ranges::copy(calls_of(*calls, SYS_writev), std::back_inserter(writes));
  for (const char* function : {"greet", "answer"})
    CHECK(std::ranges::any_of(writes,
                              [function](const Call& call) { return is_call_in(call, function); }));
  for (const Call& call : calls_of(*calls, SYS_accept4)) check_loop(call, libuv);
  for (const Call& call : calls_of(*calls, SYS_connect))
    check_loop(call, {"processTicksAndRejections"});
}

TEST_CASE("Java: the C functions are named, what is interpreted is not", "[locate][live][java]") {
  if (!is_there("/usr/bin/java")) return;
  const bool chain = GENERATE(false, true);
  std::vector<std::string> command = {"/usr/bin/java", "-Xint", sources + "java/Calls.java"};
  if (chain) command.insert(command.begin() + 1, "-XX:+PreserveFramePointer");
  const auto calls = trace(command);
  if (!calls) return;
  const auto named = [&](std::uint64_t number, const std::string& function) {
    return std::ranges::any_of(*calls, [&](const Call& call) {
      return call.number == number && has_frame(call, function);
    });
  };
  CHECK(named(SYS_connect, "Java_sun_nio_ch_Net_connect0"));
  CHECK(named(SYS_bind, "Java_sun_nio_ch_Net_bind0"));
  for (const Call& call : *calls) {
    INFO(text_of(call));
    CHECK(call.found.place.kind != PlaceKind::call);
    CHECK(call.found.place.span == model::Span{});
    if (has_frame(call, "Java_sun_nio_ch_Net_connect0")) {
      CHECK(call.found.place.libc == "connect");
      CHECK(has_frame(call, "JavaMain") == chain);
      CHECK(call.found.stack.complete == chain);
    }
  }
}

TEST_CASE("asyncio: what its loop does is nobody's call", "[locate][live][python]") {
  const auto calls = trace({"/usr/bin/python3", sources + "native/loop.py"});
  if (!calls) return;
  const auto accepts = calls_of(*calls, SYS_accept4);
  if (accepts.empty() || !has_frame(accepts[0], "<module>")) {
    WARN("skipped: /usr/bin/python3 is none that is supported");
    return;
  }
  const std::string loop = "BaseEventLoop._run_once";
  for (const Call& call : accepts) check_loop(call, {loop});
  for (const Call& call : calls_of(*calls, SYS_recvfrom)) {
    INFO(text_of(call));
    if (call.found.place.event_loop) check_loop(call, {loop});
    CHECK(call.found.place.event_loop);
  }
  const auto sends = calls_of(*calls, SYS_sendto);
  for (const char* text : {"writer.write(b\"hello\")", "writer.write(b\"hi\")"})
    CHECK(std::ranges::any_of(sends,
                              [text](const Call& call) { return call.found.place.text == text; }));
}

} // namespace socktale::test
