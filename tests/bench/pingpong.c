/* Sends and receives one byte on a socketpair, as often as its argument says. */
#include <stdlib.h>
#include <sys/socket.h>

static void exchange(const int* fds) {
  char c = 'x';
  if (send(fds[0], &c, 1, 0) != 1 || recv(fds[1], &c, 1, 0) != 1) exit(1);
}

int main(int argc, char** argv) {
  const long rounds = argc > 1 ? atol(argv[1]) : 1000;
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) return 1;
  for (long i = 0; i < rounds; ++i) exchange(fds);
  return 0;
}
