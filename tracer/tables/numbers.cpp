#include "tracer/tables/numbers.hpp"

#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <array>

#include <linux/net.h>
#include <sys/syscall.h>

namespace socktale::tables {
namespace {

using enum Form;

struct Number {
  int number;
  std::string_view row;
  std::string_view via;
  Form form = plain;
};

// arch/x86/entry/syscalls/syscall_32.tbl, in its order. Its accept(2) is made by socketcall(2)
// only.
constexpr std::array i386_numbers = {
    Number{3, "read", ""},
    Number{4, "write", ""},
    Number{6, "close", ""},
    Number{41, "dup", ""},
    Number{54, "ioctl", ""},
    Number{55, "fcntl", ""},
    Number{63, "dup2", ""},
    Number{82, "select", "old_select", packed},
    Number{142, "select", "_newselect"},
    Number{145, "readv", ""},
    Number{146, "writev", ""},
    Number{168, "poll", ""},
    Number{187, "sendfile", ""},
    Number{221, "fcntl", "fcntl64"},
    Number{239, "sendfile", "sendfile64", wide_offset},
    Number{255, "epoll_ctl", ""},
    Number{256, "epoll_wait", ""},
    Number{308, "pselect6", ""},
    Number{309, "ppoll", ""},
    Number{313, "splice", ""},
    Number{319, "epoll_pwait", ""},
    Number{330, "dup3", ""},
    Number{337, "recvmmsg", ""},
    Number{345, "sendmmsg", ""},
    Number{359, "socket", ""},
    Number{360, "socketpair", ""},
    Number{361, "bind", ""},
    Number{362, "connect", ""},
    Number{363, "listen", ""},
    Number{364, "accept4", ""},
    Number{365, "getsockopt", ""},
    Number{366, "setsockopt", ""},
    Number{367, "getsockname", ""},
    Number{368, "getpeername", ""},
    Number{369, "sendto", ""},
    Number{370, "sendmsg", ""},
    Number{371, "recvfrom", ""},
    Number{372, "recvmsg", ""},
    Number{373, "shutdown", ""},
    Number{413, "pselect6", "pselect6_time64", wide_time},
    Number{414, "ppoll", "ppoll_time64", wide_time},
    Number{417, "recvmmsg", "recvmmsg_time64", wide_time},
    Number{436, "close_range", ""},
    Number{441, "epoll_pwait2", "", wide_time},
};
constexpr int x32_bit = 0x40000000; // __X32_SYSCALL_BIT (asm/unistd.h)
constexpr int i386_socketcall = 102;
constexpr int i386_restart = 0;
constexpr int i386_select_words = 5; // struct sel_arg_struct (fs/select.c)

struct SocketCall {
  int call;
  std::string_view row;
  std::string_view via;
  std::size_t words;
};

// net/socket.c, sys_socketcall. The kernel makes send(2) and recv(2) a sendto(2) and recvfrom(2)
// without an address.
constexpr std::array socket_calls = {
    SocketCall{SYS_SOCKET, "socket", "socketcall(SYS_SOCKET)", 3},
    SocketCall{SYS_BIND, "bind", "socketcall(SYS_BIND)", 3},
    SocketCall{SYS_CONNECT, "connect", "socketcall(SYS_CONNECT)", 3},
    SocketCall{SYS_LISTEN, "listen", "socketcall(SYS_LISTEN)", 2},
    SocketCall{SYS_ACCEPT, "accept", "socketcall(SYS_ACCEPT)", 3},
    SocketCall{SYS_GETSOCKNAME, "getsockname", "socketcall(SYS_GETSOCKNAME)", 3},
    SocketCall{SYS_GETPEERNAME, "getpeername", "socketcall(SYS_GETPEERNAME)", 3},
    SocketCall{SYS_SOCKETPAIR, "socketpair", "socketcall(SYS_SOCKETPAIR)", 4},
    SocketCall{SYS_SEND, "sendto", "socketcall(SYS_SEND)", 4},
    SocketCall{SYS_RECV, "recvfrom", "socketcall(SYS_RECV)", 4},
    SocketCall{SYS_SENDTO, "sendto", "socketcall(SYS_SENDTO)", 6},
    SocketCall{SYS_RECVFROM, "recvfrom", "socketcall(SYS_RECVFROM)", 6},
    SocketCall{SYS_SHUTDOWN, "shutdown", "socketcall(SYS_SHUTDOWN)", 2},
    SocketCall{SYS_SETSOCKOPT, "setsockopt", "socketcall(SYS_SETSOCKOPT)", 5},
    SocketCall{SYS_GETSOCKOPT, "getsockopt", "socketcall(SYS_GETSOCKOPT)", 5},
    SocketCall{SYS_SENDMSG, "sendmsg", "socketcall(SYS_SENDMSG)", 3},
    SocketCall{SYS_RECVMSG, "recvmsg", "socketcall(SYS_RECVMSG)", 3},
    SocketCall{SYS_ACCEPT4, "accept4", "socketcall(SYS_ACCEPT4)", 4},
    SocketCall{SYS_RECVMMSG, "recvmmsg", "socketcall(SYS_RECVMMSG)", 5},
    SocketCall{SYS_SENDMMSG, "sendmmsg", "socketcall(SYS_SENDMMSG)", 4},
};

static_assert(std::ranges::is_sorted(i386_numbers, std::ranges::less_equal{}, &Number::number));
static_assert([] {
  for (std::size_t i = 0; i < socket_calls.size(); ++i)
    if (socket_calls.at(i).call != static_cast<int>(i) + 1) return false;
  return true;
}());

} // namespace

std::string_view to_string(Abi abi) {
  switch (abi) {
  case Abi::x86_64: return "x86-64";
  case Abi::i386: return "i386";
  case Abi::x32: return "x32";
  }
  return "";
}

std::optional<Entry> entry_of(Abi abi, long number) {
  if (abi == Abi::x86_64) {
    const Syscall* row = by_number(number);
    return row == nullptr ? std::nullopt : std::optional(Entry{row, {}});
  }
  if (abi != Abi::i386) return std::nullopt;
  const auto at = std::ranges::lower_bound(i386_numbers, number, {}, &Number::number);
  if (at == i386_numbers.end() || at->number != number) return std::nullopt;
  const Syscall* row = by_name(at->row);
  if (row == nullptr) return std::nullopt;
  return Entry{row, at->via, at->form, at->form == packed ? i386_select_words : std::size_t{0}};
}

bool is_socketcall(Abi abi, long number) { return abi == Abi::i386 && number == i386_socketcall; }

std::optional<Entry> entry_of_socketcall(std::uint64_t call) {
  if (call == 0 || call > socket_calls.size()) return std::nullopt;
  const SocketCall& found = socket_calls.at(call - 1);
  return Entry{by_name(found.row), found.via, packed, found.words};
}

int restart_number(Abi abi) { return abi == Abi::i386 ? i386_restart : SYS_restart_syscall; }

std::vector<int> numbers_of(Abi abi) {
  std::vector<int> numbers;
  if (abi == Abi::i386) {
    for (const Number& each : i386_numbers) numbers.push_back(each.number);
    numbers.push_back(i386_socketcall);
  } else if (abi == Abi::x32) {
    numbers.push_back(x32_bit | SYS_socket);
  } else {
    for (const Syscall& row : syscalls()) numbers.push_back(row.number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

} // namespace socktale::tables
