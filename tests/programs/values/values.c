/* Calls whose addresses, options and control messages are those of cases.h, each ending where
   memory ends. With an argument it says on standard output what strace prints for each. */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The bytes, so placed that the byte behind them cannot be read. */
static void* at_the_end(const char* bytes, unsigned length) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  static char* area;
  if (area == NULL) {
    area = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED || munmap(area + page, page) != 0) exit(1);
  }
  return memcpy(area + page - length, bytes, length);
}

/* sendmsg with the one control message, and nothing behind its last byte. */
static void send_along(const struct control_case* c) {
  char control[CMSG_SPACE(512)];
  struct cmsghdr header = {
      .cmsg_len = CMSG_LEN(c->length), .cmsg_level = c->level, .cmsg_type = c->type};
  memcpy(control, &header, sizeof header);
  memcpy(control + sizeof header, c->bytes, c->length);
  struct msghdr message = {.msg_control = at_the_end(control, (unsigned)header.cmsg_len),
                           .msg_controllen = header.cmsg_len};
  sendmsg(-1, &message, 0);
}

int main(int argc, char** argv) {
  (void)argv;
  for (size_t i = 0; i < sizeof address_cases / sizeof address_cases[0]; ++i) {
    const struct address_case* c = &address_cases[i];
    connect(-1, at_the_end(c->bytes, c->length), c->length);
    if (argc > 1) puts(c->text);
  }
  for (size_t i = 0; i < sizeof option_cases / sizeof option_cases[0]; ++i) {
    const struct option_case* c = &option_cases[i];
    setsockopt(-1, c->level, c->name, at_the_end(c->bytes, c->length), c->length);
    if (argc > 1) puts(c->text);
  }
  for (size_t i = 0; i < sizeof control_cases / sizeof control_cases[0]; ++i) {
    send_along(&control_cases[i]);
    if (argc > 1) puts(control_cases[i].text);
  }
  return 0;
}
