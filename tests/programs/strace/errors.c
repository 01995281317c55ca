/* Calls that fail, each in its own way. */
#include "traced.h"

#include <poll.h>

int main(void) {
  struct sockaddr_in address = loopback(0), taken;
  socklen_t size = sizeof address;
  char text[16] = "";
  signal(SIGPIPE, SIG_IGN);

  listen(99, 1); /* EBADF */
  accept(99, NULL, NULL);
  accept(0, NULL, NULL); /* ENOTSOCK */
  getsockname(-1, ADDRESS(address), &size);
  setsockopt(99, SOL_SOCKET, SO_REUSEADDR, &size, sizeof size);

  int fd = (int)MUST(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  accept(fd, ADDRESS(address), &size);       /* EINVAL */
  recv(fd, text, sizeof text, 0);            /* ENOTCONN */
  send(fd, text, sizeof text, MSG_NOSIGNAL); /* EPIPE */
  getpeername(fd, ADDRESS(address), &size);
  shutdown(fd, SHUT_RDWR);

  int server = listening(&taken);
  MUST(fcntl(server, F_SETFL, O_NONBLOCK));
  bind(fd, ADDRESS(taken), sizeof taken); /* EADDRINUSE */
  bind(server, ADDRESS(taken), sizeof taken);
  size = sizeof address;
  accept(server, ADDRESS(address), &size); /* EAGAIN */
  accept4(server, ADDRESS(address), &size, 0xff000000);
  address.sin_addr.s_addr = inet_addr("203.0.113.1");
  address.sin_family = AF_INET;
  address.sin_port = 0;
  bind(fd, ADDRESS(address), sizeof address); /* EADDRNOTAVAIL */
  connect(fd, ADDRESS(taken), sizeof taken);  /* EINPROGRESS */
  struct pollfd one = {fd, POLLOUT, 0};
  MUST(poll(&one, 1, -1));
  MUST(connect(fd, ADDRESS(taken), sizeof taken));
  connect(fd, ADDRESS(taken), sizeof taken); /* EISCONN */
  recv(fd, text, sizeof text, 0);            /* EAGAIN */
  recvfrom(fd, text, sizeof text, 0x80000000, NULL, NULL);
  recv(fd, (char*)16, 16, MSG_DONTWAIT);
  send(fd, (char*)16, 16, MSG_DONTWAIT); /* EFAULT */
  recvfrom(fd, NULL, 0, MSG_ERRQUEUE, NULL, NULL);
  MUST(close(server));
  MUST(close(fd));

  int refused = (int)MUST(socket(AF_INET, SOCK_STREAM, 0));
  connect(refused, ADDRESS(taken), sizeof taken); /* ECONNREFUSED */
  MUST(close(refused));
  close(refused);
  int datagram = (int)MUST(socket(AF_INET, SOCK_DGRAM, 0));
  send(datagram, "x", 1, 0); /* EDESTADDRREQ */
  listen(datagram, 1);       /* EOPNOTSUPP */
  MUST(close(datagram));
  return 4;
}
