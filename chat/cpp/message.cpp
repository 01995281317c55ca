// The send() and recv() of both programs.
#include "message.hpp"

#include <array>
#include <cstddef>

#include <sys/socket.h>

namespace chat {

void say(const Socket& connection, std::string_view text) {
  while (!text.empty()) {
    ssize_t sent = -1;
    do {
      // Without MSG_NOSIGNAL a peer that has gone would kill this process by SIGPIPE.
      sent = send(connection.fd(), text.data(), text.size(), MSG_NOSIGNAL);
    } while (interrupted(sent));
    text.remove_prefix(static_cast<std::size_t>(check(sent, "send")));
  }
}

std::optional<std::string> hear(const Socket& connection) {
  std::array<char, 1024> buffer{};
  ssize_t received = -1;
  do {
    received = recv(connection.fd(), buffer.data(), buffer.size(), 0);
  } while (interrupted(received));
  if (check(received, "recv") == 0) return std::nullopt;
  return std::string(buffer.data(), static_cast<std::size_t>(received));
}

} // namespace chat
