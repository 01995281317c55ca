// hello/hi chat, the server: the calls of chat/python/server.py in the same order, made from C.
#include "chat.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void answer_messages(int connection) {
  char buffer[1024];
  ssize_t received = 0;
  for (;;) {
    received = recv(connection, buffer, sizeof(buffer), 0);
    if (received == -1) fail("recv");
    if (received == 0) break; // the other side has closed
    printf("client: %.*s\n", (int)received, buffer);
    const char* answer = ask("server: ");
    if (answer == NULL) return;
    send_all(connection, answer, strlen(answer));
  }
  printf("the client has disconnected\n");
}

int main(int argc, char** argv) {
  const struct sockaddr_in address = read_address(argc, argv);

  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener == -1) fail("socket");
  if (bind(listener, (const struct sockaddr*)&address, sizeof(address)) == -1) fail("bind");
  if (listen(listener, 10) == -1) fail("listen");
  printf("waiting for the client\n");
  fflush(stdout);

  struct sockaddr_in peer;
  socklen_t size = sizeof(peer);
  const int connection = accept(listener, (struct sockaddr*)&peer, &size);
  if (connection == -1) fail("accept");
  printf("the client %s:%d has connected\n", inet_ntoa(peer.sin_addr), ntohs(peer.sin_port));
  fflush(stdout);

  answer_messages(connection);
  close(connection);
  close(listener);
}
