// Owns a socket descriptor, and how a failed call becomes an exception. The calls themselves stand
// where they are made: in server.cpp, client.cpp and message.cpp.
#pragma once

#include <cerrno>
#include <system_error>

namespace chat {

/// A socket descriptor that is closed when its owner goes out of scope.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

/// Returns the result of a libc call; throws std::system_error with the call's name when it is -1.
template <typename Result> Result check(Result result, const char* call) {
  if (result == -1) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

/// A signal came before the call had done anything: it may simply be made again. That holds for
/// connect() as well on Linux, where a second call waits for the attempt under way.
template <typename Result> bool interrupted(Result result) {
  return result == -1 && errno == EINTR;
}

} // namespace chat
