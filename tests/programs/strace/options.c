/* Socket options of every kind of value, set and got. */
#include "traced.h"

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>

struct option {
  int level, name;
};

static const struct option ints[] = {
    {SOL_SOCKET, SO_REUSEADDR},
    {SOL_SOCKET, SO_KEEPALIVE},
    {SOL_SOCKET, SO_SNDBUF},
    {SOL_SOCKET, SO_RCVBUF},
    {SOL_SOCKET, SO_BROADCAST},
    {SOL_SOCKET, SO_REUSEPORT},
    {SOL_SOCKET, SO_OOBINLINE},
    {SOL_SOCKET, SO_PRIORITY},
    {SOL_SOCKET, SO_RCVLOWAT},
    {SOL_SOCKET, SO_TYPE},
    {SOL_SOCKET, SO_ERROR},
    {SOL_SOCKET, SO_DOMAIN},
    {SOL_SOCKET, SO_PROTOCOL},
    {SOL_SOCKET, SO_ACCEPTCONN},
    {SOL_SOCKET, SO_MARK},
    {SOL_SOCKET, SO_TIMESTAMP},
    {SOL_SOCKET, 999},
    {SOL_IP, IP_TOS},
    {SOL_IP, IP_TTL},
    {SOL_IP, IP_MTU_DISCOVER},
    {SOL_IP, IP_RECVERR},
    {SOL_IP, IP_PKTINFO},
    {SOL_IP, IP_MULTICAST_TTL},
    {SOL_TCP, TCP_NODELAY},
    {SOL_TCP, TCP_MAXSEG},
    {SOL_TCP, TCP_CORK},
    {SOL_TCP, TCP_KEEPIDLE},
    {SOL_TCP, TCP_QUICKACK},
    {SOL_TCP, TCP_USER_TIMEOUT},
    {SOL_TCP, TCP_DEFER_ACCEPT},
    {SOL_TCP, 999},
    {SOL_UDP, UDP_CORK},
    {IPPROTO_IPV6, IPV6_V6ONLY},
    {IPPROTO_ICMP, 1},
    {12345, 3},
};

static void integers(int fd) {
  for (size_t i = 0; i < SIZE(ints); ++i) {
    int value = 1;
    socklen_t size = sizeof value;
    setsockopt(fd, ints[i].level, ints[i].name, &value, sizeof value);
    getsockopt(fd, ints[i].level, ints[i].name, &value, &size);
  }
}

static void structures(int fd) {
  struct linger linger = {1, 5};
  struct timeval time = {3, 250000};
  socklen_t size = sizeof linger;
  MUST(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
  MUST(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &size));
  MUST(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
  size = sizeof time;
  MUST(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, &size));
  char text[32] = "";
  size = sizeof text;
  getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, text, &size);
  size = sizeof text;
  MUST(getsockopt(fd, SOL_TCP, TCP_CONGESTION, text, &size));
  setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
}

static void misfits(int fd) {
  int value = 1;
  struct linger linger = {1, 5};
  socklen_t size = 2;
  getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size);
  size = 0;
  getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size);
  size = 99;
  getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size);
  getsockopt(fd, SOL_SOCKET, SO_TYPE, NULL, &size);
  getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, NULL);
  size = 4;
  getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &size);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, 2);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, NULL, 4);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (void*)16, 4);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, 4);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, -1);
}

int main(void) {
  int fd = (int)MUST(socket(AF_INET, SOCK_STREAM, 0));
  integers(fd);
  structures(fd);
  misfits(fd);
  MUST(close(fd));
  return 0;
}
