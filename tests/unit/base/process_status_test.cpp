#include "tests/support/catch.hpp"
#include "tracer/base/numbers_in.hpp"
#include "tracer/base/process_status.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace socktale::test {

TEST_CASE("a line of a process's status is found by its whole name", "[status]") {
  const ProcessStatus status(getpid());
  CHECK(status.value("Tgid") == std::to_string(getpid()));
  CHECK(status.number<pid_t>("Tgid") == getpid());
  CHECK(status.number<uid_t>("Uid") == getuid()); // the first of four
  CHECK(status.value("Tgi").empty());
  CHECK(status.value("gid").empty());
  CHECK(status.number<int>("gid") == 0);
  CHECK_FALSE(status.value("SigBlk").empty());
}

TEST_CASE("whoever is gone has no status", "[status]") {
  const ProcessStatus status(std::numeric_limits<pid_t>::max()); // beyond PID_MAX_LIMIT
  CHECK(status.value("Name").empty());
  CHECK(status.number<pid_t>("TracerPid") == 0);
}

TEST_CASE("a process's arguments end by NUL each, and whoever is gone has none", "[status]") {
  CHECK(command_line(Pid{::getpid()}).ends_with('\0'));
  CHECK(command_line(Pid{std::numeric_limits<int>::max()}).empty());
}

TEST_CASE("whoever ends while it is asked about has none, or some of it", "[status]") {
  const auto ask = [](pid_t child) {
    std::atomic<bool> over = false;
    std::thread reaper([&] {
      waitpid(child, nullptr, 0);
      over = true;
    });
    while (!over) {
      const ProcessStatus status(child);
      (void)numbers_in("/proc/" + std::to_string(child) + "/task");
    }
    reaper.join();
  };
  for (int i = 0; i < 300; ++i) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(0);
    ask(child);
  }
}

TEST_CASE("of a folder's names those that are numbers are told", "[status]") {
  const auto fds = numbers_in("/proc/self/fd");
  CHECK(std::ranges::find(fds, 0) != fds.end());
  const auto processes = numbers_in("/proc");
  CHECK(std::ranges::find(processes, getpid()) != processes.end());
  CHECK(numbers_in("/proc/self/fdinfo/none").empty());
  CHECK(numbers_in("/proc/self/net").empty());
}

} // namespace socktale::test
