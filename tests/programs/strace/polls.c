/* Waiting for several descriptors in every way that there is. */
#include "traced.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

static int pair[2];

static void polls(void) {
  struct pollfd list[] = {{pair[0], POLLIN | POLLOUT | POLLPRI, 0},
                          {pair[1], POLLIN | POLLRDHUP | POLLRDNORM, 0},
                          {-1, POLLIN, 0},
                          {99, POLLOUT, 0}};
  struct timespec time = {1, 500};
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  sigaddset(&mask, SIGINT);
  MUST(poll(list, 4, -1));
  MUST(poll(&list[1], 1, 0));
  list[1].events = 0x7ff;
  MUST(poll(&list[1], 1, 1));
  MUST(ppoll(list, 2, &time, NULL));
  MUST(ppoll(list, 1, NULL, &mask));
  MUST(ppoll(&list[1], 1, &(struct timespec){0, 0}, &mask));
  poll((struct pollfd*)16, 1, 0);
}

static void selects(void) {
  fd_set in, out, except;
  FD_ZERO(&in);
  FD_ZERO(&out);
  FD_ZERO(&except);
  FD_SET(pair[0], &in);
  FD_SET(pair[1], &in);
  FD_SET(pair[0], &out);
  FD_SET(pair[1], &except);
  struct timeval time = {2, 0};
  MUST(syscall(SYS_select, pair[1] + 1, &in, &out, &except, &time));
  FD_SET(pair[0], &in);
  FD_ZERO(&out);
  time = (struct timeval){0, 1000};
  MUST(syscall(SYS_select, pair[1] + 1, &in, NULL, NULL, &time));
  FD_SET(pair[0], &in);
  struct timespec span = {0, 1000};
  sigset_t mask;
  sigfillset(&mask);
  sigdelset(&mask, SIGTERM);
  MUST(pselect(pair[1] + 1, &in, &out, NULL, &span, &mask));
  FD_ZERO(&out);
  FD_SET(pair[0], &out);
  MUST(pselect(pair[1] + 1, NULL, &out, NULL, NULL, NULL));
}

static void epolls(void) {
  int epoll = (int)MUST(epoll_create1(EPOLL_CLOEXEC));
  struct epoll_event event = {EPOLLIN | EPOLLRDHUP, {.fd = pair[0]}};
  struct epoll_event events[4];
  MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &event));
  event = (struct epoll_event){EPOLLOUT | EPOLLET | EPOLLONESHOT, {.u64 = 0x123456789abcdef0}};
  MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, pair[1], &event));
  epoll_ctl(epoll, EPOLL_CTL_ADD, pair[1], &event);
  MUST(epoll_wait(epoll, events, 4, -1));
  MUST(epoll_wait(epoll, events, 4, 0));
  event.events = EPOLLIN | EPOLLOUT;
  MUST(epoll_ctl(epoll, EPOLL_CTL_MOD, pair[1], &event));
  MUST(epoll_pwait(epoll, events, 4, 10, NULL));
  sigset_t mask;
  sigfillset(&mask);
  struct timespec span = {0, 1000};
  MUST(epoll_pwait2(epoll, events, 4, &span, &mask));
  MUST(epoll_pwait2(epoll, events, 4, NULL, NULL));
  epoll_wait(epoll, events, 0, 0);
  MUST(epoll_ctl(epoll, EPOLL_CTL_DEL, pair[1], NULL));
  epoll_ctl(epoll, 77, pair[1], &event);
  MUST(close(epoll));
}

int main(void) {
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  polls();
  selects();
  epolls();
  return 0;
}
