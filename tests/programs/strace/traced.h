/* What the programs beside it share. They must make the same calls in the same order each time: no
   sleeping, no port of their own choice, one thread at a time. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Calls whose failure is expected are made plainly; these must succeed. */
#define MUST(call)                                                                                 \
  ({                                                                                               \
    long result_ = (long)(call);                                                                   \
    if (result_ < 0) {                                                                             \
      fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, strerror(errno));              \
      exit(1);                                                                                     \
    }                                                                                              \
    result_;                                                                                       \
  })

#define ADDRESS(a) ((struct sockaddr*)&(a))

static inline struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/* A listening socket on a port that the kernel chose, and its address. */
static inline int listening(struct sockaddr_in* address) {
  int fd = (int)MUST(socket(AF_INET, SOCK_STREAM, 0));
  socklen_t size = sizeof *address;
  *address = loopback(0);
  MUST(bind(fd, (struct sockaddr*)address, sizeof *address));
  MUST(listen(fd, 4));
  MUST(getsockname(fd, (struct sockaddr*)address, &size));
  return fd;
}

/* What the kernel says of a task: the call that it is in, and whether it sleeps. */
struct watch {
  int call, state;
};

static inline struct watch watch(pid_t pid, pid_t tid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", pid, tid);
  int call = (int)MUST(open(path, O_RDONLY | O_CLOEXEC));
  snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
  return (struct watch){call, (int)MUST(open(path, O_RDONLY | O_CLOEXEC))};
}

/* Returns when the task sleeps in this system call; a wait that is traced looks the same as any
   other. First the call, then the sleep: the other way round it might be an earlier one. */
static inline void until_asleep(struct watch on, long number) {
  for (;;) {
    char call[256] = "", state[256] = "";
    MUST(pread(on.call, call, sizeof call - 1, 0));
    MUST(pread(on.state, state, sizeof state - 1, 0));
    char* end = strrchr(state, ')');
    if (call[0] != 'r' && atol(call) == number && end != NULL && end[2] == 'S')
      break; /* "running" */
    usleep(1000);
  }
  MUST(close(on.call));
  MUST(close(on.state));
}

static inline void until_inside(pid_t pid, pid_t tid, long number) {
  until_asleep(watch(pid, tid), number);
}
