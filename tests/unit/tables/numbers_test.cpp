// i386's numbers against the kernel's own header, and that no call of the table is forgotten there.
#include "tests/support/catch.hpp"
#include "tracer/tables/numbers.hpp"
#include "tracer/tables/syscalls.hpp"

#include <set>
#include <string>

#include <asm/unistd_32.h>

using namespace socktale::tables;

TEST_CASE("i386's numbers are those of its header") {
#define CHECK_NUMBER(name)                                                                         \
  CHECK(entry_of(Abi::i386, __NR_##name)->row == by_name(#name));                                  \
  CHECK(entry_of(Abi::i386, __NR_##name)->form == Form::plain)
  CHECK_NUMBER(read);
  CHECK_NUMBER(write);
  CHECK_NUMBER(close);
  CHECK_NUMBER(dup);
  CHECK_NUMBER(dup2);
  CHECK_NUMBER(dup3);
  CHECK_NUMBER(ioctl);
  CHECK_NUMBER(fcntl);
  CHECK_NUMBER(readv);
  CHECK_NUMBER(writev);
  CHECK_NUMBER(poll);
  CHECK_NUMBER(ppoll);
  CHECK_NUMBER(pselect6);
  CHECK_NUMBER(sendfile);
  CHECK_NUMBER(splice);
  CHECK_NUMBER(epoll_ctl);
  CHECK_NUMBER(epoll_wait);
  CHECK_NUMBER(epoll_pwait);
  CHECK_NUMBER(socket);
  CHECK_NUMBER(socketpair);
  CHECK_NUMBER(bind);
  CHECK_NUMBER(connect);
  CHECK_NUMBER(listen);
  CHECK_NUMBER(accept4);
  CHECK_NUMBER(getsockopt);
  CHECK_NUMBER(setsockopt);
  CHECK_NUMBER(getsockname);
  CHECK_NUMBER(getpeername);
  CHECK_NUMBER(sendto);
  CHECK_NUMBER(recvfrom);
  CHECK_NUMBER(sendmsg);
  CHECK_NUMBER(recvmsg);
  CHECK_NUMBER(sendmmsg);
  CHECK_NUMBER(recvmmsg);
  CHECK_NUMBER(shutdown);
  CHECK_NUMBER(close_range);
#undef CHECK_NUMBER
  CHECK(entry_of(Abi::i386, __NR_fcntl64)->via == "fcntl64");
  CHECK(entry_of(Abi::i386, __NR__newselect)->via == "_newselect");
  CHECK(entry_of(Abi::i386, __NR_select)->form == Form::packed);
  CHECK(entry_of(Abi::i386, __NR_sendfile64)->form == Form::wide_offset);
  CHECK(entry_of(Abi::i386, __NR_ppoll_time64)->form == Form::wide_time);
  CHECK(entry_of(Abi::i386, __NR_pselect6_time64)->form == Form::wide_time);
  CHECK(entry_of(Abi::i386, __NR_recvmmsg_time64)->form == Form::wide_time);
  CHECK(entry_of(Abi::i386, __NR_epoll_pwait2)->form == Form::wide_time);
  CHECK(is_socketcall(Abi::i386, __NR_socketcall));
  CHECK(restart_number(Abi::i386) == __NR_restart_syscall);
}

TEST_CASE("every call of the table can be had on i386") {
  std::set<std::string> reached;
  for (const int number : numbers_of(Abi::i386))
    if (const auto entry = entry_of(Abi::i386, number)) reached.emplace(entry->row->name);
  for (std::uint64_t call = 1; call <= 20; ++call)
    reached.emplace(entry_of_socketcall(call)->row->name);
  for (const Syscall& row : syscalls()) {
    CAPTURE(row.name);
    CHECK(reached.contains(std::string(row.name)));
  }
}
