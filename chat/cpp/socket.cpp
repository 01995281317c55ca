// The one place where sockets are closed.
#include "socket.hpp"

#include <unistd.h>

namespace chat {

Socket::~Socket() {
  // Never again after EINTR: Linux has released the descriptor by then (close(2)).
  close(fd_);
}

} // namespace chat
