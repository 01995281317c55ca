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

/* Returns when the task waits in this system call; a wait that is traced looks the same as any
   other. */
static inline void until_inside(pid_t pid, pid_t tid, long number) {
  char path[64];
  for (;;) {
    char text[256] = "";
    long inside = -1;
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
    FILE* stat = fopen(path, "re");
    if (stat == NULL || fgets(text, sizeof text, stat) == NULL) exit(1);
    fclose(stat);
    char* state = strrchr(text, ')');
    snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", pid, tid);
    FILE* file = fopen(path, "re");
    if (file == NULL) exit(1);
    if (fscanf(file, "%ld", &inside) != 1) inside = -1;
    fclose(file);
    if (state != NULL && state[2] == 'S' && inside == number) return;
    usleep(1000);
  }
}
