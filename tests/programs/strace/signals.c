/* Signals while a call waits: calls that are made again and calls that are not. */
#include "traced.h"

#include <poll.h>

static void nothing(int number) { (void)number; }

static void handle(int number, int flags) {
  struct sigaction action = {.sa_handler = nothing, .sa_flags = flags};
  MUST(sigaction(number, &action, NULL));
}

/* A child that waits in a call, and is sent a signal there. */
static pid_t child_inside(void (*wait)(int), int fd, long number) {
  pid_t child = (pid_t)MUST(fork());
  if (child == 0) {
    wait(fd);
    _exit(7);
  }
  until_inside(child, child, number);
  return child;
}

static void by_recv(int fd) {
  char text[16];
  recv(fd, text, sizeof text, 0);
}
static void by_poll(int fd) {
  struct pollfd one = {fd, POLLIN, 0};
  poll(&one, 1, 1000000);
}
static void by_accept(int fd) {
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  accept(fd, ADDRESS(from), &size);
}

int main(void) {
  int pair[2];
  struct sockaddr_in address;
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  int server = listening(&address);

  handle(SIGUSR1, 0);
  handle(SIGUSR2, SA_RESTART);
  pid_t child = child_inside(by_recv, pair[0], SYS_recvfrom);
  MUST(kill(child, SIGUSR1)); /* EINTR */
  MUST(waitpid(child, NULL, 0));

  child = child_inside(by_poll, pair[0], SYS_poll);
  MUST(kill(child, SIGUSR1));
  MUST(waitpid(child, NULL, 0));

  child = child_inside(by_accept, server, SYS_accept);
  MUST(kill(child, SIGKILL));
  MUST(waitpid(child, NULL, 0));

  child = child_inside(by_recv, pair[0], SYS_recvfrom);
  MUST(kill(child, SIGTERM));
  MUST(waitpid(child, NULL, 0));

  signal(SIGPIPE, SIG_IGN);
  MUST(raise(SIGUSR2));
  union sigval value = {.sival_int = 42};
  MUST(sigqueue(getpid(), SIGUSR2, value));
  MUST(close(pair[1]));
  send(pair[0], "x", 1, 0); /* SIGPIPE */
  signal(SIGPIPE, SIG_DFL);
  if (MUST(fork()) == 0) {
    send(pair[0], "x", 1, 0);
    _exit(8);
  }
  MUST(wait(NULL));
  abort();
}
