#include "tests/support/catch.hpp"
#include "tracer/base/process_status.hpp"

#include <limits>

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

} // namespace socktale::test
