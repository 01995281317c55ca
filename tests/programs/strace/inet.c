/* AF_INET: what sockets are made, named and joined with, and what addresses look like that do not
   fit. */
#include "traced.h"

static void makings(void) {
  close((int)MUST(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)));
  close((int)MUST(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP)));
  close((int)MUST(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)));
  socket(AF_INET, SOCK_SEQPACKET, 0);
  socket(AF_INET, SOCK_STREAM, IPPROTO_UDP);
  socket(AF_INET, SOCK_DGRAM, 250);
  socket(AF_INET, 77, 0);
  socket(AF_INET, SOCK_STREAM | 0x4000000, 0);
  socket(99, SOCK_STREAM, 0);
  socket(-1, -1, -1);
  socket(AF_UNSPEC, SOCK_STREAM, 0);
}

static void stream(void) {
  struct sockaddr_in address, name;
  struct sockaddr_storage room;
  int server = listening(&address);
  int client = (int)MUST(socket(AF_INET, SOCK_STREAM, 0));
  MUST(connect(client, ADDRESS(address), sizeof address));
  socklen_t size = sizeof room;
  int one = (int)MUST(accept4(server, ADDRESS(room), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
  int other = (int)MUST(socket(AF_INET, SOCK_STREAM, 0));
  MUST(connect(other, ADDRESS(address), sizeof address));
  int two = (int)MUST(accept(server, NULL, NULL));
  size = 1;
  MUST(getpeername(client, ADDRESS(name), &size));
  size = 0;
  MUST(getpeername(client, ADDRESS(name), &size));
  size = sizeof name;
  MUST(getsockname(one, ADDRESS(name), &size));
  MUST(send(client, "hello", 5, 0));
  char text[64];
  MUST(recv(one, text, 2, MSG_PEEK));
  MUST(recv(one, text, sizeof text, 0));
  MUST(send(client, "", 0, MSG_NOSIGNAL | MSG_DONTWAIT));
  recv(one, text, sizeof text, MSG_DONTWAIT);
  MUST(send(client, "a\"b\\c\n\r\t\v\f\a\0001\0008\033[1m\177\200\3770z", 26, MSG_MORE));
  MUST(send(client, "0123456789abcdefghijklmnopqrstuv", 32, 0));
  MUST(send(client, "0123456789abcdefghijklmnopqrstuvw", 33, MSG_OOB));
  MUST(recv(one, text, sizeof text, MSG_WAITALL));
  MUST(shutdown(client, SHUT_WR));
  shutdown(one, SHUT_RD);
  shutdown(one, SHUT_RDWR);
  shutdown(two, 7);
  listen(server, -1);
  MUST(close(client));
  MUST(close(other));
  MUST(close(one));
  MUST(close(two));
  MUST(close(server));
}

static void datagrams(void) {
  struct sockaddr_in address = loopback(0), from;
  struct sockaddr none = {.sa_family = AF_UNSPEC};
  socklen_t size = sizeof address;
  int receiver = (int)MUST(socket(AF_INET, SOCK_DGRAM, 0));
  int sender = (int)MUST(socket(AF_INET, SOCK_DGRAM, 0));
  MUST(bind(receiver, ADDRESS(address), sizeof address));
  MUST(getsockname(receiver, ADDRESS(address), &size));
  MUST(sendto(sender, "to you", 6, 0, ADDRESS(address), sizeof address));
  char text[64];
  size = sizeof from;
  MUST(recvfrom(receiver, text, 3, MSG_TRUNC, ADDRESS(from), &size));
  MUST(sendto(sender, NULL, 0, 0, ADDRESS(address), sizeof address));
  size = sizeof from;
  MUST(recvfrom(receiver, text, sizeof text, 0, ADDRESS(from), &size));
  MUST(connect(sender, ADDRESS(address), sizeof address));
  MUST(send(sender, "joined", 6, MSG_CONFIRM));
  MUST(recvfrom(receiver, text, sizeof text, 0, NULL, NULL));
  MUST(connect(sender, &none, sizeof none));
  address = loopback(9);
  MUST(connect(sender, ADDRESS(address), sizeof address));
  size = 8;
  MUST(getpeername(sender, ADDRESS(from), &size)); /* 8 of 16 bytes */
  MUST(close(sender));
  MUST(close(receiver));
}

static void misfits(void) {
  struct sockaddr_in address = loopback(80);
  struct {
    struct sockaddr_in in;
    char more[200];
  } longer = {.in = loopback(81), .more = "more"};
  int fd = (int)MUST(socket(AF_INET, SOCK_DGRAM, 0));
  for (socklen_t size = 0; size < sizeof address; size += 3) bind(fd, ADDRESS(address), size);
  connect(fd, ADDRESS(longer), 100);
  connect(fd, ADDRESS(longer), sizeof longer);
  connect(fd, ADDRESS(longer), (socklen_t)-1);
  bind(fd, NULL, 0);
  bind(fd, NULL, 16);
  bind(fd, (struct sockaddr*)16, 16);
  sendto(fd, "x", 1, 0, (struct sockaddr*)16, 16);
  connect(fd, NULL, 0);
  address.sin_family = 222;
  connect(fd, ADDRESS(address), sizeof address);
  MUST(close(fd));
}

int main(void) {
  makings();
  stream();
  datagrams();
  misfits();
  return 0;
}
