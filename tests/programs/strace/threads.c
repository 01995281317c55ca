/* Threads that wait in a call while another one makes calls: lines that are broken off and taken up
   again. */
#include "traced.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/uio.h>

struct work {
  void (*wait)(int fd);
  long number; /* of the call that it waits in */
};

static int pair[2];
static volatile pid_t tid;
static volatile int watched;

static void tell_tid(void) {
  tid = gettid();
  while (!watched) usleep(1000);
}
static volatile int may_wait;

static void by_read(int fd) {
  char text[16];
  MUST(read(fd, text, sizeof text));
}
static void by_recv(int fd) {
  char text[16];
  MUST(recv(fd, text, sizeof text, 0));
}
static void by_readv(int fd) {
  char text[16];
  struct iovec in = {text, sizeof text};
  MUST(readv(fd, &in, 1));
}
static void by_recvmsg(int fd) {
  char text[16];
  struct iovec in = {text, sizeof text};
  struct msghdr message = {.msg_iov = &in, .msg_iovlen = 1};
  MUST(recvmsg(fd, &message, 0));
}
static void by_recvmmsg(int fd) {
  char text[16];
  struct iovec in = {text, sizeof text};
  struct mmsghdr message = {.msg_hdr = {.msg_iov = &in, .msg_iovlen = 1}};
  MUST(recvmmsg(fd, &message, 1, 0, NULL));
}
static void by_poll(int fd) {
  struct pollfd one = {fd, POLLIN, 0};
  MUST(poll(&one, 1, -1));
}
static void by_select(int fd) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(fd, &set);
  MUST(syscall(SYS_select, fd + 1, &set, NULL, NULL, NULL));
}
/* Made beforehand: until_inside has files open or not, so its number would vary. */
static int epoll;
static void by_epoll(int fd) {
  struct epoll_event event = {EPOLLIN, {.fd = fd}};
  MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
  MUST(epoll_wait(epoll, &event, 1, -1));
}

static const struct work works[] = {
    {by_read, SYS_read},       {by_recv, SYS_recvfrom},     {by_readv, SYS_readv},
    {by_recvmsg, SYS_recvmsg}, {by_recvmmsg, SYS_recvmmsg}, {by_poll, SYS_poll},
    {by_select, SYS_select},   {by_epoll, SYS_epoll_wait},
};

static void* wait_for_data(void* work) {
  tell_tid();
  ((const struct work*)work)->wait(pair[0]);
  return NULL;
}

static int listener;

static void* wait_for_caller(void* unused) {
  (void)unused;
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  tell_tid();
  close((int)MUST(accept(listener, ADDRESS(from), &size)));
  return NULL;
}

static void begin(pthread_t* thread, void* (*start)(void*), const void* work, long number) {
  tid = 0;
  watched = 0;
  if (pthread_create(thread, NULL, start, (void*)work) != 0) exit(1);
  while (tid == 0) usleep(1000);
  struct watch it = watch(getpid(), tid); /* before the call, which may take a descriptor as well */
  watched = 1;
  until_asleep(it, number);
}

int main(void) {
  pthread_t thread;
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  epoll = (int)MUST(epoll_create1(0));
  for (size_t i = 0; i < SIZE(works); ++i) {
    begin(&thread, wait_for_data, &works[i], works[i].number);
    MUST(send(pair[1], "hello", 5, 0));
    pthread_join(thread, NULL);
    char rest[64];
    recv(pair[0], rest, sizeof rest, MSG_DONTWAIT);
  }
  struct sockaddr_in address;
  listener = listening(&address);
  begin(&thread, wait_for_caller, NULL, SYS_accept);
  int client = (int)MUST(socket(AF_INET, SOCK_STREAM, 0));
  MUST(connect(client, ADDRESS(address), sizeof address));
  pthread_join(thread, NULL);
  begin(&thread, wait_for_data, &works[0], works[0].number); /* ends inside its call */
  exit(3);
}
