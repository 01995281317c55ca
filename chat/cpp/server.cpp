// hello/hi chat, the server: the calls of chat/python/server.py in the same order, made from C++.
// SO_REUSEADDR is left out so that the rows of the two programs can be compared.
#include "address.hpp"
#include "bound_path.hpp"
#include "command_line.hpp"
#include "message.hpp"
#include "socket.hpp"

#include <iostream>

#include <sys/socket.h>

namespace chat {
namespace {

constexpr int backlog = 10;

int accept_one(const Socket& listener, Address& peer) {
  int fd = -1;
  do {
    fd = accept(listener.fd(), peer.data(), peer.size_in_out());
  } while (interrupted(fd));
  return check(fd, "accept");
}

void answer_messages(const Socket& connection) {
  while (const auto message = hear(connection)) {
    std::cout << "client: " << *message << "\n";
    // Nothing can be sent of an empty line, and both sides would then wait: ask again instead.
    auto answer = ask("server: ");
    while (answer && answer->empty()) answer = ask("server: ");
    if (!answer) return;
    say(connection, *answer);
  }
  std::cout << "the client has disconnected\n";
}

void serve(const Address& address) {
  const Socket listener(check(socket(address.family(), SOCK_STREAM, 0), "socket"));
  check(bind(listener.fd(), address.data(), address.size()), "bind");
  const BoundPath path(address);
  check(listen(listener.fd(), backlog), "listen");
  std::cout << "waiting for the client\n" << std::flush;

  Address peer;
  const Socket connection(accept_one(listener, peer));
  std::cout << "the client " << peer.text() << " has connected\n" << std::flush;
  answer_messages(connection);
}

} // namespace
} // namespace chat

int main(int argc, char** argv) {
  return chat::run({"chat-server", "hello/hi chat: the server", 0, chat::serve}, argc, argv);
}
