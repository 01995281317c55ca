// The table of system calls with aarch64's numbers: the same rows, compiled with other numbers,
// their static_asserts included. Calls that aarch64 does not have are left out of it.
#include "tests/support/catch.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <string>
#include <utility>

using namespace socktale::tables;

TEST_CASE("rows have aarch64's numbers") {
  // include/uapi/asm-generic/unistd.h
  for (const auto& [name, number] : {std::pair{"socket", 198},
                                     {"socketpair", 199},
                                     {"bind", 200},
                                     {"listen", 201},
                                     {"accept", 202},
                                     {"connect", 203},
                                     {"sendto", 206},
                                     {"recvfrom", 207},
                                     {"sendmsg", 211},
                                     {"recvmsg", 212},
                                     {"accept4", 242},
                                     {"recvmmsg", 243},
                                     {"sendmmsg", 269},
                                     {"close", 57},
                                     {"read", 63},
                                     {"write", 64},
                                     {"dup3", 24},
                                     {"fcntl", 25},
                                     {"ioctl", 29},
                                     {"epoll_ctl", 21},
                                     {"epoll_pwait", 22},
                                     {"pselect6", 72},
                                     {"ppoll", 73},
                                     {"sendfile", 71},
                                     {"splice", 76},
                                     {"close_range", 436},
                                     {"epoll_pwait2", 441}}) {
    CAPTURE(name);
    REQUIRE(by_name(name) != nullptr);
    CHECK(by_name(name)->number == number);
    CHECK(by_number(number) == by_name(name));
  }
}

TEST_CASE("what aarch64 does not have is left out, and no two rows share a number") {
  for (const char* name : {"poll", "select", "epoll_wait", "dup2"}) CHECK(by_name(name) == nullptr);
  for (const Syscall& row : syscalls()) CHECK(by_number(row.number) == &row);
}
