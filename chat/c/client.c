// hello/hi chat, the client: the calls of chat/python/client.py in the same order, made from C; and
// the close() that the Python one forgets.
#include "chat.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void send_messages(int sock) {
  char buffer[1024];
  ssize_t received = 0;
  for (;;) {
    const char* message = ask("input: ");
    if (message == NULL || strcmp(message, "exit") == 0) return;
    send_all(sock, message, strlen(message));
    received = recv(sock, buffer, sizeof(buffer), 0);
    if (received == -1) fail("recv");
    if (received == 0) break; // the other side has closed
    printf("server: %.*s\n", (int)received, buffer);
  }
  printf("the server has disconnected\n");
}

int main(int argc, char** argv) {
  const struct sockaddr_in address = read_address(argc, argv);

  const int sock = socket(AF_INET, SOCK_STREAM, 0);
  if (sock == -1) fail("socket");
  if (connect(sock, (const struct sockaddr*)&address, sizeof(address)) == -1) fail("connect");

  send_messages(sock);
  close(sock);
}
