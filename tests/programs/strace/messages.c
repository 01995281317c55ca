/* Messages: buffers in pieces, names, descriptors and credentials that go along, many at once. */
#include "traced.h"

#include <sys/uio.h>

static void pieces(void) {
  int pair[2];
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  struct iovec out[] = {{"hello ", 6}, {"", 0}, {"world", 5}};
  struct msghdr message = {.msg_iov = out, .msg_iovlen = 3};
  MUST(sendmsg(pair[0], &message, MSG_NOSIGNAL));
  char one[4], two[64];
  struct iovec in[] = {{one, sizeof one}, {two, sizeof two}};
  message = (struct msghdr){.msg_iov = in, .msg_iovlen = 2};
  MUST(recvmsg(pair[1], &message, 0));
  MUST(writev(pair[0], out, 3));
  MUST(readv(pair[1], in, 2));
  message = (struct msghdr){0};
  MUST(sendmsg(pair[0], &message, 0));
  recvmsg(pair[1], &message, MSG_DONTWAIT);
  recvmsg(pair[1], NULL, MSG_DONTWAIT);
  sendmsg(pair[1], (struct msghdr*)16, 0);
  MUST(close(pair[0]));
  MUST(close(pair[1]));
}

static void rights(void) {
  int pair[2];
  MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
  union {
    char bytes[CMSG_SPACE(2 * sizeof(int))];
    struct cmsghdr align;
  } control = {0};
  struct iovec data = {"x", 1};
  struct msghdr message = {.msg_iov = &data,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){
      .cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  int fds[2] = {pair[0], pair[1]};
  memcpy(CMSG_DATA(header), fds, sizeof fds);
  MUST(sendmsg(pair[0], &message, 0));
  char text[8];
  data = (struct iovec){text, sizeof text};
  message.msg_controllen = sizeof control.bytes;
  MUST(recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC));
  memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fds);
  MUST(close(fds[0]));
  MUST(close(fds[1]));
  MUST(close(pair[0]));
  MUST(close(pair[1]));
}

static void names(void) {
  struct sockaddr_in address = loopback(0), from;
  socklen_t size = sizeof address;
  int fd = (int)MUST(socket(AF_INET, SOCK_DGRAM, 0));
  MUST(bind(fd, ADDRESS(address), sizeof address));
  MUST(getsockname(fd, ADDRESS(address), &size));
  struct iovec data = {"named", 5};
  struct msghdr message = {
      .msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &data, .msg_iovlen = 1};
  MUST(sendmsg(fd, &message, 0));
  MUST(sendmsg(fd, &message, 0));
  char text[3];
  data = (struct iovec){text, sizeof text};
  message.msg_name = &from;
  message.msg_namelen = 128;
  MUST(recvmsg(fd, &message, 0));
  message.msg_name = NULL;
  MUST(recvmsg(fd, &message, MSG_TRUNC));
  MUST(close(fd));
}

static void many(void) {
  int pair[2];
  MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
  struct iovec out[] = {{"one", 3}, {"two", 3}};
  struct mmsghdr messages[3] = {{.msg_hdr = {.msg_iov = &out[0], .msg_iovlen = 1}},
                                {.msg_hdr = {.msg_iov = &out[1], .msg_iovlen = 1}}};
  MUST(sendmmsg(pair[0], messages, 2, MSG_NOSIGNAL));
  char text[3][16];
  struct iovec in[3];
  for (int i = 0; i < 3; ++i) {
    in[i] = (struct iovec){text[i], sizeof text[i]};
    messages[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &in[i], .msg_iovlen = 1}};
  }
  MUST(recvmmsg(pair[1], messages, 3, MSG_DONTWAIT, NULL));
  recvmmsg(pair[1], messages, 3, MSG_DONTWAIT, NULL);
  sendmmsg(-1, messages, 1, 0);
  MUST(close(pair[0]));
  MUST(close(pair[1]));
}

int main(void) {
  pieces();
  rights();
  names();
  many();
  return 0;
}
