/* What else is done to sockets: read and write, copies, flags, requests, data moved between files.
 */
#include "traced.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>

int main(void) {
  int pair[2], pipes[2];
  char text[64];
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  MUST(pipe(pipes));
  MUST(write(pair[0], "written", 7));
  int waiting = 0;
  MUST(ioctl(pair[1], FIONREAD, &waiting));
  MUST(ioctl(pair[1], SIOCOUTQ, &waiting));
  MUST(read(pair[1], text, sizeof text));
  int on = 1;
  MUST(ioctl(pair[1], FIONBIO, &on));
  read(pair[1], text, sizeof text);
  write(pair[1], (char*)16, 5);
  MUST(fcntl(pair[0], F_GETFL));
  MUST(fcntl(pair[1], F_GETFL));
  MUST(fcntl(pair[0], F_SETFL, O_RDWR | O_NONBLOCK));
  MUST(fcntl(pair[0], F_SETFL, 0));
  MUST(fcntl(pair[0], F_GETFD));
  MUST(fcntl(pair[0], F_SETFD, FD_CLOEXEC));
  MUST(fcntl(pair[0], F_GETFD));
  int copy = (int)MUST(fcntl(pair[0], F_DUPFD_CLOEXEC, 20));
  MUST(close(copy));
  copy = (int)MUST(fcntl(pair[0], F_DUPFD, 20));
  MUST(dup2(copy, 30));
  MUST(dup2(copy, copy));
  MUST(dup3(copy, 31, O_CLOEXEC));
  MUST(close((int)MUST(dup(copy))));
  dup2(copy, -1);
  MUST(close_range(30, 31, 0));

  int file = (int)MUST(open("data", O_RDWR | O_CREAT | O_TRUNC, 0600));
  MUST(pwrite(file, "0123456789", 10, 0));
  off_t offset = 2;
  MUST(sendfile(pair[0], file, &offset, 4));
  MUST(sendfile(pair[0], file, NULL, 3));
  MUST(splice(pair[1], NULL, pipes[1], NULL, 64, SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
  MUST(splice(pipes[0], NULL, pair[0], NULL, 64, SPLICE_F_MORE));
  MUST(read(pair[1], text, sizeof text));
  MUST(close(pair[0]));
  MUST(close(copy));
  MUST(read(pair[1], text, sizeof text));
  MUST(close(pair[1]));
  return 0;
}
