#include "tracer/base/errors.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace socktale {
namespace {

struct ErrorRow {
  int number;
  Phrase meaning;
};
// The texts of strerror(3).
constexpr std::array rows = {
    ErrorRow{EPERM, tr("Operation not permitted")},
    ErrorRow{ENOENT, tr("No such file or directory")},
    ErrorRow{EINTR, tr("Interrupted system call")},
    ErrorRow{EIO, tr("Input/output error")},
    ErrorRow{E2BIG, tr("Argument list too long")},
    ErrorRow{ENOEXEC, tr("Exec format error")},
    ErrorRow{EBADF, tr("Bad file descriptor")},
    ErrorRow{ECHILD, tr("No child processes")},
    ErrorRow{EAGAIN, tr("Resource temporarily unavailable")},
    ErrorRow{ENOMEM, tr("Cannot allocate memory")},
    ErrorRow{EACCES, tr("Permission denied")},
    ErrorRow{EFAULT, tr("Bad address")},
    ErrorRow{EBUSY, tr("Device or resource busy")},
    ErrorRow{EEXIST, tr("File exists")},
    ErrorRow{ENOTDIR, tr("Not a directory")},
    ErrorRow{EISDIR, tr("Is a directory")},
    ErrorRow{EINVAL, tr("Invalid argument")},
    ErrorRow{ENFILE, tr("Too many open files in system")},
    ErrorRow{EMFILE, tr("Too many open files")},
    ErrorRow{ENOTTY, tr("Inappropriate ioctl for device")},
    ErrorRow{ETXTBSY, tr("Text file busy")},
    ErrorRow{EFBIG, tr("File too large")},
    ErrorRow{ENOSPC, tr("No space left on device")},
    ErrorRow{ESPIPE, tr("Illegal seek")},
    ErrorRow{EROFS, tr("Read-only file system")},
    ErrorRow{EPIPE, tr("Broken pipe")},
    ErrorRow{EDOM, tr("Numerical argument out of domain")},
    ErrorRow{ERANGE, tr("Numerical result out of range")},
    ErrorRow{EDEADLK, tr("Resource deadlock avoided")},
    ErrorRow{ENAMETOOLONG, tr("File name too long")},
    ErrorRow{ENOSYS, tr("Function not implemented")},
    ErrorRow{ELOOP, tr("Too many levels of symbolic links")},
    ErrorRow{EPROTO, tr("Protocol error")},
    ErrorRow{EMSGSIZE, tr("Message too long")},
    ErrorRow{ENOTSOCK, tr("Socket operation on non-socket")},
    ErrorRow{EDESTADDRREQ, tr("Destination address required")},
    ErrorRow{EPROTOTYPE, tr("Protocol wrong type for socket")},
    ErrorRow{ENOPROTOOPT, tr("Protocol not available")},
    ErrorRow{EPROTONOSUPPORT, tr("Protocol not supported")},
    ErrorRow{ESOCKTNOSUPPORT, tr("Socket type not supported")},
    ErrorRow{EOPNOTSUPP, tr("Operation not supported")},
    ErrorRow{EPFNOSUPPORT, tr("Protocol family not supported")},
    ErrorRow{EAFNOSUPPORT, tr("Address family not supported by protocol")},
    ErrorRow{EADDRINUSE, tr("Address already in use")},
    ErrorRow{EADDRNOTAVAIL, tr("Cannot assign requested address")},
    ErrorRow{ENETDOWN, tr("Network is down")},
    ErrorRow{ENETUNREACH, tr("Network is unreachable")},
    ErrorRow{ENETRESET, tr("Network dropped connection on reset")},
    ErrorRow{ECONNABORTED, tr("Software caused connection abort")},
    ErrorRow{ECONNRESET, tr("Connection reset by peer")},
    ErrorRow{ENOBUFS, tr("No buffer space available")},
    ErrorRow{EISCONN, tr("Transport endpoint is already connected")},
    ErrorRow{ENOTCONN, tr("Transport endpoint is not connected")},
    ErrorRow{ESHUTDOWN, tr("Cannot send after transport endpoint shutdown")},
    ErrorRow{ETIMEDOUT, tr("Connection timed out")},
    ErrorRow{ECONNREFUSED, tr("Connection refused")},
    ErrorRow{EHOSTDOWN, tr("Host is down")},
    ErrorRow{EHOSTUNREACH, tr("No route to host")},
    ErrorRow{EALREADY, tr("Operation already in progress")},
    ErrorRow{EINPROGRESS, tr("Operation now in progress")},
    ErrorRow{ECANCELED, tr("Operation canceled")},
};

} // namespace

Said meaning_of_errno(int number) {
  const auto* row = std::ranges::find(rows, number, &ErrorRow::number);
  return row != rows.end() ? Said(row->meaning) : as_it_is(std::generic_category().message(number));
}

} // namespace socktale
