// hello/hi chat, the client: the calls of chat/python/client.py in the same order, made from C++;
// and the close() that the Python one forgets.
#include "address.hpp"
#include "command_line.hpp"
#include "message.hpp"
#include "socket.hpp"

#include <iostream>

#include <sys/socket.h>

namespace chat {
namespace {

void connect_to(const Address& server, const Socket& sock) {
  int result = -1;
  do {
    result = connect(sock.fd(), server.data(), server.size());
  } while (interrupted(result));
  check(result, "connect");
}

void send_messages(const Socket& sock) {
  while (const auto message = ask("input: ")) {
    if (*message == "exit") return;
    // Nothing can be sent of an empty line, and both sides would then wait: ask again instead.
    if (message->empty()) continue;
    say(sock, *message);
    const auto answer = hear(sock);
    if (!answer) {
      std::cout << "the server has disconnected\n";
      return;
    }
    std::cout << "server: " << *answer << "\n";
  }
}

void talk(const Address& server) {
  const Socket sock(check(socket(server.family(), SOCK_STREAM, 0), "socket"));
  connect_to(server, sock);
  send_messages(sock);
}

} // namespace
} // namespace chat

int main(int argc, char** argv) {
  return chat::run({"chat-client", "hello/hi chat: the client", 1, chat::talk}, argc, argv);
}
