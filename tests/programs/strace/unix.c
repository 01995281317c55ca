/* AF_UNIX: paths, abstract names, no name at all, and names that are cut. */
#include "traced.h"

#include <stddef.h>

static socklen_t named(struct sockaddr_un* address, const char* name, size_t length) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, name, length);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

static void exchange(const char* name, size_t length) {
  struct sockaddr_un address;
  socklen_t size = named(&address, name, length);
  int server = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  int client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  MUST(bind(server, ADDRESS(address), size));
  MUST(listen(server, 1));
  MUST(connect(client, ADDRESS(address), size));
  struct sockaddr_un room;
  socklen_t room_size = sizeof room;
  int one = (int)MUST(accept(server, ADDRESS(room), &room_size));
  room_size = sizeof room;
  MUST(getsockname(one, ADDRESS(room), &room_size));
  room_size = 6;
  MUST(getpeername(client, ADDRESS(room), &room_size));
  room_size = sizeof room;
  MUST(getpeername(one, ADDRESS(room), &room_size));
  MUST(close(one));
  MUST(close(client));
  MUST(close(server));
  if (name[0] != '\0') unlink(name);
}

int main(void) {
  exchange("plain", 5);
  exchange("with-nul", 9);
  exchange("a \"quoted\"\nname\\", 17);
  exchange("\303\244\377", 3);
  char longest[sizeof(((struct sockaddr_un*)0)->sun_path)];
  memset(longest, 'l', sizeof longest);
  exchange(longest, sizeof longest);
  exchange("\0abstract name", 14);
  exchange("\0with\0nul\1\n\"", 12);
  exchange("\0", 1);

  struct sockaddr_un address;
  int fd = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
  named(&address, "", 0);
  MUST(bind(fd, ADDRESS(address), 2)); /* the kernel chooses an abstract name */
  connect(fd, ADDRESS(address), 2);
  named(&address, "missing", 8);
  connect(fd, ADDRESS(address), sizeof address);
  connect(fd, ADDRESS(address), 3);
  sendto(fd, "hello", 5, 0, ADDRESS(address), sizeof address);
  struct sockaddr_un from;
  socklen_t size = sizeof from;
  recvfrom(fd, from.sun_path, 10, MSG_DONTWAIT, ADDRESS(from), &size);
  MUST(close(fd));

  int pair[2];
  MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
  MUST(send(pair[0], "packet", 6, MSG_EOR));
  char text[16];
  size = sizeof from;
  MUST(recvfrom(pair[1], text, sizeof text, 0, ADDRESS(from), &size));
  MUST(close(pair[0]));
  MUST(close(pair[1]));
  MUST(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair));
  MUST(send(pair[0], "datagram", 8, 0));
  size = sizeof from;
  MUST(recvfrom(pair[1], text, sizeof text, 0, ADDRESS(from), &size));
  MUST(close(pair[0]));
  MUST(close(pair[1]));
  socketpair(AF_INET, SOCK_STREAM, 0, pair);
  socketpair(AF_UNIX, SOCK_STREAM, 0, NULL);
  return 0;
}
