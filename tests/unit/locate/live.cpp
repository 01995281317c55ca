// Traces the native fixtures and compares the places found with those that the fixtures state.
#include "tests/support/catch.hpp"
#include "tests/unit/locate/traced_fixture.hpp"
#include "tracer/locate/locator.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace socktale::test {
namespace {

using locate::Locator;
using model::Owner;
using model::PlaceKind;

std::string fixture(const std::string& name) {
  const char* folder = std::getenv("SOCKTALE_FIXTURES");
#ifdef SOCKTALE_FIXTURES
  if (folder == nullptr) folder = SOCKTALE_FIXTURES;
#endif
  return folder == nullptr ? std::string{} : std::string(folder) + "/native/" + name;
}

bool is_there(const std::string& path) {
  struct stat status{};
  return !path.empty() && stat(path.c_str(), &status) == 0;
}

std::string squeezed(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    if (!space)
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  return result;
}

std::string stack_text(const model::Stack& stack) {
  std::string text = stack.complete ? "stack:" : "stack (cut):";
  for (const auto& frame : stack.frames)
    text += "\n  " + frame.function + (frame.inlined ? " (inlined)" : "") + " " + frame.file + ":" +
            std::to_string(frame.span.line) + ":" + std::to_string(frame.span.column) + " [" +
            frame.text + "] " + frame.module;
  return text;
}

struct Seen {
  Expectation expected;
  std::shared_ptr<const locate::Sighting> sighting;
};

// Only the looks happen in the stops; the process is gone when they are resolved.
struct Trace {
  Locator locator;
  std::vector<Seen> seen;
  FixtureRun run = FixtureRun::failed;
};

void trace(Trace& trace, const std::string& path) {
  trace.run = run_fixture({path}, [&](const StoppedCall& call) {
    auto sighting = trace.locator.look(call.pid, call.tid, call.registers, call.memory);
    if (call.expected) trace.seen.push_back({*call.expected, std::move(sighting)});
    REQUIRE_FALSE(trace.locator.runtime(call.pid));
  });
}

bool possible(const std::string& path, FixtureRun run) {
  if (run == FixtureRun::refused) WARN("skipped: ptrace is not allowed here: " + path);
  return run != FixtureRun::refused;
}

bool has_user_frame(const model::Stack& stack, const std::string& function) {
  return std::ranges::any_of(stack.frames, [&](const model::Frame& frame) {
    return frame.owner == Owner::user && frame.function == function;
  });
}

} // namespace

TEST_CASE("places found are those that the fixture states", "[locate][live]") {
  const std::string name =
      GENERATE(as<std::string>{}, "c_debug", "c_optimized", "c_no_pie", "c_static", "c_split",
               "c_clang", "cpp_debug", "cpp_optimized", "cpp_no_pie", "cpp_static", "cpp_split",
               "cpp_clang", "lookup", "plugin_host");
  const std::string path = fixture(name);
  if (!is_there(path)) {
    WARN("skipped: fixture is not built: " + name);
    return;
  }
  Trace traced;
  trace(traced, path);
  if (!possible(path, traced.run)) return;
  REQUIRE(traced.run == FixtureRun::done);
  CHECK_FALSE(traced.seen.empty());
  if (name.starts_with("c")) CHECK(traced.seen.size() >= 13);
  for (const Seen& seen : traced.seen) {
    const locate::Located located = *traced.locator.resolve(seen.sighting);
    const auto& expected = seen.expected;
    INFO(name << ": " << expected.kind << " " << expected.function << ":" << expected.line << " "
              << expected.text);
    INFO(stack_text(located.stack));
    const bool leaving = expected.kind == "leaving";
    CHECK(located.place.kind == (leaving ? PlaceKind::leaving : PlaceKind::call));
    CHECK(located.place.span.line == expected.line);
    CHECK(located.place.function == expected.function);
    CHECK(squeezed(located.place.text) == squeezed(expected.text));
    CHECK(located.place.file.text().find("/tests/programs/native/") != std::string::npos);
    CHECK(located.stack.complete);
    // In a static program nothing tells fclose, which calls close, from the program's functions.
    const bool hidden = name == "cpp_static" && expected.libc == "fclose";
    CHECK(located.place.libc == (hidden ? "" : expected.libc));
    const bool in_thread = expected.text.find("\"t") != std::string::npos;
    CHECK((in_thread || has_user_frame(located.stack, "main")));
  }
}

TEST_CASE("a program without lines shows what is known and no more", "[locate][live]") {
  const std::string name = GENERATE(as<std::string>{}, "c_no_lines", "cpp_no_lines");
  const std::string path = fixture(name);
  if (!is_there(path)) {
    WARN("skipped: fixture is not built: " + name);
    return;
  }
  Trace traced;
  trace(traced, path);
  if (!possible(path, traced.run)) return;
  REQUIRE(traced.run == FixtureRun::done);
  for (const Seen& seen : traced.seen) {
    const locate::Located located = *traced.locator.resolve(seen.sighting);
    INFO(stack_text(located.stack));
    CHECK(located.place.kind == PlaceKind::unknown);
    CHECK(located.place.file.empty());
    CHECK(located.place.span == model::Span{});
    CHECK(located.place.libc == seen.expected.libc);
    CHECK(located.stack.complete);
  }
}

TEST_CASE("Python frames follow the interpreter's, down to its loop", "[locate][live]") {
  const std::string script = std::string(SOCKTALE_SOURCE_DIR) + "/tests/programs/native/calls.py";
  std::optional<locate::Runtime> runtime;
  Trace traced;
  traced.run = run_fixture({"/usr/bin/python3", script}, [&](const StoppedCall& call) {
    auto sighting = traced.locator.look(call.pid, call.tid, call.registers, call.memory);
    runtime = traced.locator.runtime(call.pid);
    if (call.expected) traced.seen.push_back({*call.expected, std::move(sighting)});
  });
  if (!possible(script, traced.run)) return;
  if (!runtime) {
    WARN("skipped: /usr/bin/python3 is none that is supported");
    return;
  }
  REQUIRE(traced.run == FixtureRun::done);
  CHECK(runtime->name == "CPython");
  CHECK(traced.seen.size() >= 3);
  for (const Seen& seen : traced.seen) {
    const locate::Located located = *traced.locator.resolve(seen.sighting);
    const auto& frames = located.stack.frames;
    INFO(seen.expected.text << "\n" << stack_text(located.stack));
    CHECK(located.place.kind == PlaceKind::call);
    CHECK(located.place.span.line == seen.expected.line);
    CHECK(located.place.function == seen.expected.function);
    CHECK(located.place.text == seen.expected.text);
    CHECK(located.place.libc == seen.expected.libc);
    CHECK(located.stack.complete);
    // The C library, the interpreter's C code, then Python code, each in one run.
    REQUIRE(frames.size() >= 3);
    CHECK(frames.front().owner == Owner::libc);
    CHECK(std::ranges::is_sorted(frames, {}, &model::Frame::language));
    CHECK(std::ranges::count(frames, Owner::interpreter, &model::Frame::owner) >= 1);
    CHECK(std::ranges::none_of(frames, [](const model::Frame& frame) {
      return frame.function.starts_with("_PyEval_EvalFrame");
    }));
    CHECK(frames.back().function == "<module>");
  }
}

TEST_CASE("what was learned of a program is forgotten with it", "[locate][live]") {
  const std::string path = fixture("c_debug");
  if (!is_there(path)) {
    WARN("skipped: fixture is not built");
    return;
  }
  Locator locator;
  std::shared_ptr<const locate::Sighting> last;
  const FixtureRun run = run_fixture({path}, [&](const StoppedCall& call) {
    auto sighting = locator.look(call.pid, call.tid, call.registers, call.memory);
    if (call.expected) last = std::move(sighting);
    locator.on_exec(call.pid);
  });
  if (!possible(path, run)) return;
  REQUIRE(run == FixtureRun::done);
  REQUIRE(last);
  locator.on_gone(Pid{1});
  CHECK(locator.resolve(last)->place.text == "close(pair[1])");
}

TEST_CASE("a process that cannot be read has an unknown place", "[locate][live]") {
  struct Unreadable final : Memory {
    void read_spans(std::span<Span> spans) override {
      for (Span& span : spans) span.got = 0;
    }
  } memory;
  Locator locator;
  const auto located =
      *locator.resolve(locator.look(Pid{-1}, Tid{-1}, {.rip = 0x1000, .rsp = ~0ULL}, memory));
  CHECK(located.place == model::Place{});
  CHECK(located.stack.frames.empty());
  CHECK_FALSE(located.stack.complete);
}

TEST_CASE("a look costs little once its code is known", "[locate][live]") {
  const std::string path = fixture("cpp_optimized");
  if (!is_there(path)) {
    WARN("skipped: fixture is not built");
    return;
  }
  double best_ns = 1e12;
  Locator locator;
  const FixtureRun run = run_fixture({path}, [&](const StoppedCall& call) {
    constexpr int times = 200;
    const auto look = [&] {
      return locator.look(call.pid, call.tid, call.registers, call.memory) != nullptr;
    };
    REQUIRE(look());
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i) REQUIRE(look());
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    best_ns = std::min(best_ns, took.count() / times);
  });
  if (!possible(path, run)) return;
  WARN("warm look: " << best_ns / 1000 << " us");
  CHECK(best_ns < 100'000); // an order of magnitude above what slow machines need
}

} // namespace socktale::test
