// The tables by themselves: that rows can be found, and that names are what they should be.
#include "tests/support/catch.hpp"
#include "tracer/tables/names.hpp"
#include "tracer/tables/sockopts.hpp"
#include "tracer/tables/syscalls.hpp"

#include <set>
#include <string>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

using namespace socktale::tables;

TEST_CASE("every call of a socket's life has a row that is found by number and by name") {
  for (const char* name :
       {"socket",       "socketpair",  "bind",        "listen",     "accept",     "accept4",
        "connect",      "getsockname", "getpeername", "getsockopt", "setsockopt", "sendto",
        "recvfrom",     "sendmsg",     "recvmsg",     "sendmmsg",   "recvmmsg",   "shutdown",
        "close",        "read",        "write",       "readv",      "writev",     "poll",
        "ppoll",        "select",      "pselect6",    "epoll_ctl",  "epoll_wait", "epoll_pwait",
        "epoll_pwait2", "dup",         "dup2",        "dup3",       "fcntl",      "ioctl",
        "sendfile",     "splice",      "close_range"}) {
    CAPTURE(name);
    const Syscall* row = by_name(name);
    REQUIRE(row != nullptr);
    CHECK(by_number(row->number) == row);
  }
  CHECK(by_name("open") == nullptr);
  CHECK(by_name("") == nullptr);
  CHECK(by_number(SYS_getpid) == nullptr);
  CHECK(by_number(-1) == nullptr);
}

TEST_CASE("calls on any descriptor are recorded for sockets only") {
  for (const char* name : {"read", "write", "close", "poll", "dup2", "fcntl", "ioctl", "splice"})
    CHECK(by_name(name)->scope == Scope::sockets);
  for (const char* name : {"socket", "bind", "sendto", "recvmsg", "shutdown"})
    CHECK(by_name(name)->scope == Scope::always);
}

TEST_CASE("names are the constants' own and no two rows have one number") {
  CHECK(name_of(families(), AF_INET6) == "AF_INET6");
  CHECK(name_of(families(), 4711).empty());
  for (const Names names :
       {families(), socket_types(), socket_type_flags(), inet_protocols(), message_flags(),
        shutdown_hows(), poll_events(), epoll_events(), fcntl_commands(), ioctl_requests()}) {
    std::set<std::int64_t> numbers;
    for (const Name& name : names) {
      CAPTURE(name.name);
      CHECK(numbers.insert(name.number).second);
      CHECK(std::string(name.name).find_first_of("0123456789") != 0);
    }
  }
}

TEST_CASE("socket options are named, not numbered") {
  CHECK(socket_option(SOL_SOCKET, SO_ERROR)->name == "SO_ERROR");
  CHECK(socket_option(SOL_IP, IP_TTL)->name == "IP_TTL");
  CHECK(socket_option(SOL_SOCKET, 9999) == nullptr);
  for (const OptionLevel& level : option_levels()) {
    std::set<int> seen;
    for (const SocketOption& option : level.options) {
      CAPTURE(level.name, option.name, option.get_name);
      CHECK_FALSE((option.name.empty() && option.get_name.empty()));
      CHECK(option.name.find_first_of("0123456789") != 0);
      CHECK(seen.insert(option.number).second);
    }
  }
}
