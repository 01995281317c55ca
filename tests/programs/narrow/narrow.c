// Socket calls as a 32-bit program's C library makes them. Says on standard output on which line
// each is, and by which function of the C library.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

// The call is on the next line.
#define EXPECT(call) printf("%d %s %s\n", __LINE__ + 1, __func__, call)

static volatile int sink;

static __attribute__((noinline)) void move(int from, int to) {
  char one[4];
  char two[8];
  struct iovec parts[2] = {{one, sizeof one}, {two, sizeof two}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
  } control;
  memcpy(one, "abcd", 4);
  memcpy(two, "efghijkl", 8);
  message.msg_control = &control;
  message.msg_controllen = sizeof control.room;
  struct cmsghdr* rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(rights), &from, sizeof from);
  EXPECT("sendmsg");
  sink = (int)sendmsg(to, &message, 0);
  EXPECT("recvmsg");
  sink = (int)recvmsg(from, &message, 0);
  EXPECT("writev");
  sink = (int)writev(to, parts, 2);
  EXPECT("readv");
  sink = (int)readv(from, parts, 2);
}

static __attribute__((noinline)) void wait_for(int fd) {
  struct pollfd polled = {.fd = fd, .events = POLLIN};
  struct timeval timeout = {.tv_sec = 5, .tv_usec = 250000};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(fd, &set);
  EXPECT("poll");
  sink = poll(&polled, 1, 1000);
  EXPECT("select");
  sink = select(fd + 1, &set, NULL, NULL, &timeout);
}

int main(void) {
  struct sockaddr_in here = {.sin_family = AF_INET};
  struct timeval limit = {.tv_sec = 7, .tv_usec = 500000};
  socklen_t size = sizeof here;
  int pair[2];
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setvbuf(stdout, NULL, _IOFBF, 1 << 16); // written at the end, so that it is in nobody's way
  EXPECT("socket");
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  EXPECT("bind");
  if (bind(listener, (struct sockaddr*)&here, sizeof here) < 0) exit(1);
  EXPECT("listen");
  if (listen(listener, 5) < 0) exit(1);
  EXPECT("getsockname");
  if (getsockname(listener, (struct sockaddr*)&here, &size) < 0) exit(1);
  EXPECT("socket");
  int client = socket(AF_INET, SOCK_STREAM, 0);
  EXPECT("setsockopt");
  if (setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0) exit(1);
  EXPECT("connect");
  if (connect(client, (struct sockaddr*)&here, sizeof here) < 0) exit(1);
  EXPECT("accept");
  int peer = accept(listener, (struct sockaddr*)&here, &size);
  EXPECT("send");
  if (send(client, "hello", 5, 0) != 5) exit(1);
  wait_for(peer);
  char buffer[16];
  EXPECT("recv");
  if (recv(peer, buffer, sizeof buffer, 0) != 5) exit(1);
  EXPECT("socketpair");
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) exit(1);
  move(pair[0], pair[1]);
  EXPECT("shutdown");
  sink = shutdown(client, SHUT_WR);
  EXPECT("close");
  sink = close(client);
  return 0;
}
