// Runs a fixture under a ptrace(2) loop of its own and shows each socket call's entry, and
// each wait for events, to a function, with what the fixture had said of it. Knows nothing of the
// project's engine.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/memory.hpp"
#include "tracer/base/registers.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace socktale::test {

// What tests/programs/native/expect.h wrote.
struct Expectation {
  std::string kind;
  std::int32_t line = 0;
  std::string function, libc, text;
};

struct StoppedCall {
  Pid pid;
  Tid tid;
  std::uint64_t number; // of the system call
  Registers registers;
  Memory& memory;
  // Nothing: the fixture said nothing of this call; of waiting for events (epoll(7)) none does.
  std::optional<Expectation> expected;
};

enum class FixtureRun { done, refused, failed };

// Runs `command` with the number of the pipe as one more argument. refused: this machine does not
// allow ptrace. failed: the fixture did not end with status 0, or said of calls that it did not
// make.
[[nodiscard]] FixtureRun run_fixture(std::vector<std::string> command,
                                     const std::function<void(const StoppedCall&)>& on_call);

} // namespace socktale::test
