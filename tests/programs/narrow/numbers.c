// Every way of i386 to ask for a socket call: by socketcall(2), directly, and by the older and
// newer numbers of the same call. Says on standard output what it asked for and what it got.
#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <linux/net.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static long told(const char* name, const char* via, long result) {
  printf("%s %s %ld\n", name, via, result < 0 ? -errno : result);
  return result;
}
#define DIRECT(name, ...) told(#name, "-", syscall(__NR_##name, __VA_ARGS__))
#define VARIANT(name, number, via, ...) told(#name, via, syscall(number, __VA_ARGS__))

static long multiplexed(const char* name, const char* via, int call, long a, long b, long c, long d,
                        long e, long f) {
  unsigned long words[6] = {a, b, c, d, e, f};
  return told(name, via, syscall(__NR_socketcall, call, words));
}
#define CALL(name, NAME, a, b, c, d, e, f)                                                         \
  multiplexed(#name, "socketcall(SYS_" #NAME ")", SYS_##NAME, (long)(a), (long)(b), (long)(c),     \
              (long)(d), (long)(e), (long)(f))

int main(void) {
  struct sockaddr_in here = {.sin_family = AF_INET};
  unsigned size = sizeof here;
  int pair[2];
  int value = 1;
  char buffer[8];
  unsigned value_size = sizeof value;
  long long time64[2] = {0, 1000};
  int time32[2] = {0, 1000};
  int set = 0;
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  long listener = CALL(socket, SOCKET, AF_INET, SOCK_STREAM, 0, 0, 0, 0);
  CALL(setsockopt, SETSOCKOPT, listener, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value, 0);
  CALL(getsockopt, GETSOCKOPT, listener, SOL_SOCKET, SO_REUSEADDR, &value, &value_size, 0);
  CALL(bind, BIND, listener, &here, sizeof here, 0, 0, 0);
  CALL(listen, LISTEN, listener, 3, 0, 0, 0, 0);
  CALL(getsockname, GETSOCKNAME, listener, &here, &size, 0, 0, 0);
  long client = DIRECT(socket, AF_INET, SOCK_STREAM, 0);
  CALL(connect, CONNECT, client, &here, sizeof here, 0, 0, 0);
  long peer = CALL(accept, ACCEPT, listener, &here, &size, 0, 0, 0);
  CALL(sendto, SEND, client, "hello", 5, 0, 0, 0);
  CALL(recvfrom, RECV, peer, buffer, sizeof buffer, 0, 0, 0);
  DIRECT(sendto, client, "again", 5, 0, 0, 0);
  DIRECT(recvfrom, peer, buffer, sizeof buffer, 0, 0, 0);
  CALL(socketpair, SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, pair, 0, 0);
  VARIANT(fcntl, 221, "fcntl64", client, 3, 0);
  DIRECT(fcntl, client, 3, 0);
  set = 1 << client;
  VARIANT(select, 142, "_newselect", client + 1, 0, &set, 0, time32);
  set = 1 << client;
  long packed[5] = {client + 1, 0, (long)&set, 0, (long)time32};
  VARIANT(select, 82, "old_select", packed);
  struct pollfd polled = {.fd = (int)client, .events = POLLOUT};
  VARIANT(ppoll, 414, "ppoll_time64", &polled, 1, time64, 0, 8);
  DIRECT(ppoll, &polled, 1, time32, 0, 8);
  CALL(shutdown, SHUTDOWN, client, SHUT_WR, 0, 0, 0, 0);
  CALL(socket, SOCKET, -1, SOCK_STREAM, 0, 0, 0, 0);
  syscall(__NR_socketcall, 99, packed);  // no such call: EINVAL, and nothing to be told
  syscall(__NR_socketcall, SYS_BIND, 1); // arguments that cannot be read: EFAULT
  DIRECT(close, client);
  return 0;
}
