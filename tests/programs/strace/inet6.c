/* AF_INET6: scopes, flow labels, mapped addresses. */
#include "traced.h"

static struct sockaddr_in6 v6(const char* text, int port) {
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((unsigned short)port)};
  inet_pton(AF_INET6, text, &address.sin6_addr);
  return address;
}

int main(void) {
  int fd = socket(AF_INET6, SOCK_DGRAM, 0);
  if (fd < 0) return 77; /* no IPv6 here */
  const char* texts[] = {"::1", "fe80::1", "::ffff:127.0.0.1", "2001:db8::1:2:3", "ff02::1"};
  for (size_t i = 0; i < SIZE(texts); ++i) {
    struct sockaddr_in6 address = v6(texts[i], 53);
    connect(fd, ADDRESS(address), sizeof address);
  }
  struct sockaddr_in6 address = v6("fe80::2", 54);
  address.sin6_scope_id = 1;
  connect(fd, ADDRESS(address), sizeof address);
  address.sin6_scope_id = 12345;
  address.sin6_flowinfo = htonl(0x12345);
  connect(fd, ADDRESS(address), sizeof address);
  for (socklen_t size = 2; size <= sizeof address; size += 2) connect(fd, ADDRESS(address), size);
  address = v6("::1", 9);
  if (connect(fd, ADDRESS(address), sizeof address) == 0) {
    struct sockaddr_storage cut;
    socklen_t room = 20;
    MUST(getpeername(fd, ADDRESS(cut), &room));
  }
  struct sockaddr_in four = loopback(80);
  connect(fd, ADDRESS(four), sizeof four);
  MUST(close(fd));

  int server = (int)MUST(socket(AF_INET6, SOCK_STREAM, 0));
  struct sockaddr_in6 local = v6("::1", 0);
  socklen_t size = sizeof local;
  if (bind(server, ADDRESS(local), sizeof local) == 0) {
    MUST(listen(server, 1));
    MUST(getsockname(server, ADDRESS(local), &size));
    int client = (int)MUST(socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP));
    MUST(connect(client, ADDRESS(local), sizeof local));
    struct sockaddr_storage room;
    size = sizeof room;
    int one = (int)MUST(accept(server, ADDRESS(room), &size));
    MUST(close(one));
    MUST(close(client));
  }
  MUST(close(server));
  return 0;
}
