#include "reports/uncalled_rows.hpp"

#include <array>

namespace socktale::reports {
namespace {

constexpr auto module = PyMeaning::module;
constexpr auto socket = PyMeaning::socket;
constexpr auto file = PyMeaning::file;

constexpr Phrase swaps_bytes = tr("puts the bytes of a number in another order: arithmetic");
constexpr Phrase writes_address = tr("turns the text of an address into bytes: arithmetic");
constexpr Phrase reads_address = tr("turns the bytes of an address into text: arithmetic");
constexpr Phrase looks_in_files =
    tr("looks in files such as /etc/services, which are not recorded");
constexpr Phrase remembers = tr("tells what the object remembers");
constexpr Phrase from_buffer = tr("takes what was read ahead while there is enough of it");
constexpr Phrase into_buffer = tr("keeps what is written until flush(), close() or a full buffer");

// CPython's Modules/socketmodule.c, Lib/socket.py and Modules/_io.
constexpr std::array rows = {
    UncalledRow{module, "htons", swaps_bytes},
    UncalledRow{module, "htonl", swaps_bytes},
    UncalledRow{module, "ntohs", swaps_bytes},
    UncalledRow{module, "ntohl", swaps_bytes},
    UncalledRow{module, "inet_aton", writes_address},
    UncalledRow{module, "inet_pton", writes_address},
    UncalledRow{module, "inet_ntoa", reads_address},
    UncalledRow{module, "inet_ntop", reads_address},
    UncalledRow{module, "getdefaulttimeout", tr("reads a variable of the socket module")},
    UncalledRow{module, "setdefaulttimeout", tr("sets a variable of the socket module")},
    UncalledRow{module, "CMSG_LEN", tr("counts bytes: arithmetic")},
    UncalledRow{module, "CMSG_SPACE", tr("counts bytes: arithmetic")},
    UncalledRow{module, "gethostname", tr("asks uname(2), which is not recorded")},
    UncalledRow{module, "sethostname", tr("asks sethostname(2), which is not recorded")},
    UncalledRow{module, "getservbyname", looks_in_files},
    UncalledRow{module, "getservbyport", looks_in_files},
    UncalledRow{module, "getprotobyname", looks_in_files},
    UncalledRow{module, "getaddrinfo",
                tr("needs no socket for a numeric address or a name in /etc/hosts")},
    UncalledRow{module, "gethostbyname",
                tr("needs no socket for a numeric address or a name in /etc/hosts")},
    UncalledRow{module, "gethostbyname_ex",
                tr("needs no socket for a numeric address or a name in /etc/hosts")},
    UncalledRow{module, "gethostbyaddr", tr("needs no socket for an address in /etc/hosts")},
    UncalledRow{module, "getnameinfo",
                tr("needs no socket for a numeric answer or an address in /etc/hosts")},
    UncalledRow{module, "getfqdn", tr("needs no socket for a name in /etc/hosts")},
    UncalledRow{module, "socket", {}},
    UncalledRow{module, "socketpair", {}},
    UncalledRow{module, "create_connection", {}},
    UncalledRow{module, "create_server", {}},
    UncalledRow{module, "fromfd", {}},
    UncalledRow{module, "close", {}},
    UncalledRow{module, "dup", {}},
    UncalledRow{module, "send_fds", {}},
    UncalledRow{module, "recv_fds", {}},
    UncalledRow{module, "has_dualstack_ipv6", {}},
    UncalledRow{module, "if_nameindex", {}},
    UncalledRow{module, "if_nametoindex", {}},
    UncalledRow{module, "if_indextoname", {}},
    UncalledRow{socket, "fileno", remembers},
    UncalledRow{socket, "gettimeout", remembers},
    UncalledRow{socket, "getblocking", remembers},
    UncalledRow{socket, "makefile",
                tr("wraps a file object around the socket; nothing is sent or received")},
    UncalledRow{
        socket, "close",
        tr("leaves the descriptor open while a file of makefile() is; a second one does nothing")},
    UncalledRow{socket, "detach", tr("gives the descriptor away; nothing is closed")},
    UncalledRow{socket, "accept", {}},
    UncalledRow{socket, "bind", {}},
    UncalledRow{socket, "connect", {}},
    UncalledRow{socket, "connect_ex", {}},
    UncalledRow{socket, "dup", {}},
    UncalledRow{socket, "get_inheritable", {}},
    UncalledRow{socket, "getpeername", {}},
    UncalledRow{socket, "getsockname", {}},
    UncalledRow{socket, "getsockopt", {}},
    UncalledRow{socket, "ioctl", {}},
    UncalledRow{socket, "listen", {}},
    UncalledRow{socket, "recv", {}},
    UncalledRow{socket, "recv_into", {}},
    UncalledRow{socket, "recvfrom", {}},
    UncalledRow{socket, "recvfrom_into", {}},
    UncalledRow{socket, "recvmsg", {}},
    UncalledRow{socket, "recvmsg_into", {}},
    UncalledRow{socket, "send", {}},
    UncalledRow{socket, "sendall", {}},
    UncalledRow{socket, "sendfile", {}},
    UncalledRow{socket, "sendmsg", {}},
    UncalledRow{socket, "sendmsg_afalg", {}},
    UncalledRow{socket, "sendto", {}},
    UncalledRow{socket, "set_inheritable", {}},
    UncalledRow{socket, "setblocking", {}},
    UncalledRow{socket, "setsockopt", {}},
    UncalledRow{socket, "settimeout", {}},
    UncalledRow{socket, "shutdown", {}},
    UncalledRow{file, "write", into_buffer},
    UncalledRow{file, "writelines", into_buffer},
    UncalledRow{file, "flush", tr("sends what was written; of an empty buffer nothing")},
    UncalledRow{file, "close",
                tr("sends what was written; the descriptor stays open while the socket object is")},
    UncalledRow{file, "read", from_buffer},
    UncalledRow{file, "read1", from_buffer},
    UncalledRow{file, "readinto", from_buffer},
    UncalledRow{file, "readline", from_buffer},
    UncalledRow{file, "readlines", from_buffer},
    UncalledRow{file, "peek", from_buffer},
    UncalledRow{file, "fileno", remembers},
    UncalledRow{file, "readable", remembers},
    UncalledRow{file, "writable", remembers},
    UncalledRow{file, "seekable", remembers},
};

} // namespace

const UncalledRow* uncalled_row(const PyCallee& callee) {
  for (const UncalledRow& row : rows)
    if (row.on == callee.on && row.name == callee.name) return &row;
  return nullptr;
}

} // namespace socktale::reports
