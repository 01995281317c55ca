/* hostile WAY: gives the kernel, and whoever watches, pointers, lengths and stacks that no library
   would. Prints what each call returned, which must be the same when it is traced. */
#include <errno.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

static int pair[2];

static void told(const char* name, long result) {
  printf("%s %ld\n", name, result < 0 ? -(long)errno : result);
}

/* The call by its number, so that no library looks at the arguments first. */
#define CALL(name, ...) told(#name, syscall(SYS_##name, __VA_ARGS__))

/* A page with nothing behind it, whose end is what matters. */
static char* page_end(void) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char* two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(two + page, page);
  memset(two, 'x', page);
  return two + page;
}

static void pointers(void) {
  char* end = page_end();
  const uintptr_t addresses[] = {16,
                                 UINTPTR_MAX,
                                 UINTPTR_MAX - 7,
                                 (uintptr_t)1 << 47,
                                 (uintptr_t)1 << 63,
                                 0xffffffff80000000,
                                 (uintptr_t)end,
                                 (uintptr_t)end - 1,
                                 (uintptr_t)end - 8,
                                 (uintptr_t)end - 20};
  for (size_t i = 0; i < SIZE(addresses); ++i) {
    const uintptr_t at = addresses[i];
    CALL(bind, pair[0], at, 16);
    CALL(connect, pair[0], at, 110);
    CALL(accept4, pair[0], at, at, 0);
    CALL(getsockname, pair[0], at, at);
    CALL(getpeername, pair[0], at, at);
    CALL(sendto, pair[0], at, 100, MSG_DONTWAIT, at, 16);
    CALL(recvfrom, pair[0], at, 100, MSG_DONTWAIT, at, at);
    CALL(sendmsg, pair[0], at, MSG_DONTWAIT);
    CALL(recvmsg, pair[0], at, MSG_DONTWAIT);
    CALL(sendmmsg, pair[0], at, 3, MSG_DONTWAIT);
    CALL(recvmmsg, pair[0], at, 3, MSG_DONTWAIT, at);
    CALL(setsockopt, pair[0], SOL_SOCKET, SO_ATTACH_FILTER, at, 16);
    CALL(setsockopt, pair[0], SOL_SOCKET, SO_RCVTIMEO, at, 16);
    CALL(getsockopt, pair[0], SOL_SOCKET, SO_SNDBUF, at, at);
    CALL(writev, pair[0], at, 4);
    CALL(readv, pair[0], at, 4);
    CALL(write, pair[0], at, 64);
    CALL(read, pair[0], at, 64);
    CALL(ioctl, pair[0], 0x8912 /* SIOCGIFCONF */, at);
    CALL(ppoll, at, 2, at, at, 8);
    CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, at);
  }
}

static void lengths(void) {
  const uint64_t sizes[] = {(uint64_t)1 << 63, UINT64_MAX, INT64_MAX,
                            (uint64_t)1 << 32, UINT32_MAX, INT32_MAX};
  char* end = page_end();
  char* at = end - 64;
  for (size_t i = 0; i < SIZE(sizes); ++i) {
    const uint64_t size = sizes[i];
    CALL(bind, pair[0], at, size);
    CALL(connect, pair[0], at, size);
    CALL(sendto, pair[0], at, size, MSG_DONTWAIT, at, size);
    CALL(recvfrom, pair[0], end, size, MSG_DONTWAIT, NULL, NULL);
    CALL(setsockopt, pair[0], SOL_SOCKET, SO_BINDTODEVICE, at, size);
    CALL(writev, pair[0], at, size);
    CALL(poll, at, size, 0);
    struct timeval at_once = {0, 0};
    CALL(select, size, at, at, at, &at_once);
    CALL(sendmmsg, pair[0], at, size, MSG_DONTWAIT);
    CALL(ppoll, at, 1, NULL, at, size);
    struct iovec vectors[] = {{at, size}, {at, size}};
    struct msghdr message = {.msg_iov = vectors, .msg_iovlen = 2};
    CALL(sendmsg, pair[0], &message, MSG_DONTWAIT);
    message = (struct msghdr){.msg_name = at, .msg_namelen = (socklen_t)size};
    CALL(sendmsg, pair[0], &message, MSG_DONTWAIT);
    message = (struct msghdr){.msg_iov = vectors, .msg_iovlen = size};
    CALL(sendmsg, pair[0], &message, MSG_DONTWAIT);
    message = (struct msghdr){.msg_control = at, .msg_controllen = size};
    CALL(sendmsg, pair[0], &message, MSG_DONTWAIT);
    struct sock_fprog program = {USHRT_MAX, (struct sock_filter*)at};
    CALL(setsockopt, pair[0], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
  }
  const int epoll = epoll_create1(0);
  CALL(epoll_wait, epoll, at, INT_MAX, 0);
  struct epoll_event event = {.events = EPOLLOUT};
  CALL(epoll_ctl, epoll, EPOLL_CTL_ADD, pair[0], &event);
  CALL(epoll_wait, epoll, at, INT_MAX / 12, 0);
}

/* As many as there is room for; one long buffer again and again. */
static void vectors(void) {
  const size_t many = 1000000, size = (size_t)1 << 30;
  char* buffer = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  struct iovec* all = malloc(many * sizeof *all);
  for (size_t i = 0; i < many; ++i) all[i] = (struct iovec){buffer, size};
  CALL(writev, pair[0], all, many);
  struct msghdr message = {.msg_iov = all, .msg_iovlen = many};
  CALL(sendmsg, pair[0], &message, MSG_DONTWAIT);
  message.msg_iovlen = 1024;
  CALL(sendmsg, pair[0], &message, MSG_DONTWAIT);
  struct mmsghdr* messages = calloc(many, sizeof *messages);
  for (size_t i = 0; i < many; ++i) messages[i].msg_hdr = message;
  CALL(sendmmsg, pair[0], messages, many, MSG_DONTWAIT);
  struct pollfd* polled = calloc(many, sizeof *polled);
  for (size_t i = 0; i < many; ++i) polled[i] = (struct pollfd){pair[0], POLLOUT, 0};
  CALL(poll, polled, 1024, 0);
}

/* Lists that do not get on: lengths of nothing, of less than a header, of far too much. */
static void lists(void) {
  static _Alignas(16) char bytes[1 << 16];
  const size_t said[] = {
      0, 1, 15, 16, 17, SIZE_MAX, SIZE_MAX - 8, (size_t)1 << 63, sizeof bytes + 1};
  for (size_t i = 0; i < SIZE(said); ++i) {
    for (size_t at = 0; at + sizeof(struct cmsghdr) <= sizeof bytes; at += sizeof(struct cmsghdr)) {
      const struct cmsghdr one = {said[i], SOL_SOCKET, SCM_RIGHTS};
      memcpy(bytes + at, &one, sizeof one);
    }
    struct msghdr message = {.msg_control = bytes, .msg_controllen = sizeof bytes};
    CALL(sendmsg, pair[0], &message, MSG_DONTWAIT);
    for (size_t at = 0; at + sizeof(struct nlmsghdr) <= sizeof bytes;
         at += sizeof(struct nlmsghdr)) {
      const struct nlmsghdr one = {(uint32_t)said[i], NLMSG_DONE, NLM_F_MULTI, 0, 0};
      memcpy(bytes + at, &one, sizeof one);
    }
    const int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    CALL(sendto, netlink, bytes, sizeof bytes, MSG_DONTWAIT, NULL, 0);
    close(netlink);
  }
}

/* Stacks that lead nowhere, or round in circles: getsockname(2) with these registers. */
static long with_registers(void* rsp, void* rbp) {
  long result;
  struct sockaddr_un address;
  socklen_t size = sizeof address;
  __asm__ volatile("push %%rbp\n\t"
                   "mov %%rsp, %%r12\n\t"
                   "mov %[rsp], %%rsp\n\t"
                   "mov %[rbp], %%rbp\n\t"
                   "syscall\n\t"
                   "mov %%r12, %%rsp\n\t"
                   "pop %%rbp"
                   : "=a"(result)
                   : "a"(SYS_getsockname), "D"(pair[0]), "S"(&address),
                     "d"(&size), [rsp] "r"(rsp), [rbp] "r"(rbp)
                   : "rcx", "r11", "r12", "memory");
  return result;
}

static void stacks(void) {
  static void* circle[512];
  for (size_t i = 0; i < SIZE(circle); ++i)
    circle[i] = &circle[(i + 2) % SIZE(circle) & ~(size_t)1];
  for (size_t i = 1; i < SIZE(circle); i += 2) circle[i] = (char*)(uintptr_t)stacks + 4;
  char* end = page_end();
  void* const values[] = {
      NULL,    (void*)16, (void*)UINTPTR_MAX, (void*)((uintptr_t)1 << 63), circle, &circle[1], end,
      end - 8, end - 16};
  for (size_t i = 0; i < SIZE(values); ++i)
    for (size_t k = 0; k < SIZE(values); ++k)
      printf("stack %ld\n", with_registers(values[i], values[k]));
}

/* As many processes as a power of two says, each of which makes its own children. */
static void forks(void) {
  for (int i = 0; i < 7; ++i)
    if (fork() == 0) {
      int own[2];
      if (socketpair(AF_UNIX, SOCK_STREAM, 0, own) < 0) _exit(1);
    }
  int failed = 0;
  for (int status; wait(&status) > 0;) failed |= status;
  if (write(pair[0], "x", 1) != 1 || failed != 0) _exit(2);
}

int main(int argc, char** argv) {
  const char* way = argc > 1 ? argv[1] : "";
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) < 0) return 1;
  if (strcmp(way, "pointers") == 0) pointers();
  if (strcmp(way, "lengths") == 0) lengths();
  if (strcmp(way, "vectors") == 0) vectors();
  if (strcmp(way, "lists") == 0) lists();
  if (strcmp(way, "stacks") == 0) stacks();
  if (strcmp(way, "forks") == 0) forks();
  return 0;
}
