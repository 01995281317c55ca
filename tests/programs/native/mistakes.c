/* One mistake of C programs a function, and beside it how it is done right: see mistakes.py.
 *
 *     mistakes NAME
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in loopback(void) {
  struct sockaddr_in addr;
  memset(&addr, 0, sizeof addr);
  addr.sin_family = AF_INET;
  addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return addr;
}

/* A program of its own makes this mistake: missing_htons.c. */

static void wrong_length(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in addr = loopback();
  const struct sockaddr_in* where = &addr;
  bind(fd, (const struct sockaddr*)where, sizeof where);
  close(fd);
}

static void right_length(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in addr = loopback();
  bind(fd, (struct sockaddr*)&addr, sizeof addr);
  close(fd);
}

static void wrong_family(void) {
  const int fd = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in addr = loopback();
  bind(fd, (struct sockaddr*)&addr, sizeof addr);
  close(fd);
}

static void cut_address(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in addr = loopback();
  bind(fd, (struct sockaddr*)&addr, sizeof addr);
  socklen_t length = 8;
  getsockname(fd, (struct sockaddr*)&addr, &length);
  close(fd);
}

static void whole_address(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in addr = loopback();
  bind(fd, (struct sockaddr*)&addr, sizeof addr);
  struct sockaddr_storage room;
  socklen_t length = sizeof room;
  getsockname(fd, (struct sockaddr*)&room, &length);
  close(fd);
}

static void ored_options(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR | SO_REUSEPORT, &on, sizeof on);
  close(fd);
}

static void one_option_each(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  close(fd);
}

/* The default action of SIGPIPE ends this program. */
static void send_after_close(void) {
  const int listening = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in addr = loopback();
  socklen_t length = sizeof addr;
  bind(listening, (struct sockaddr*)&addr, sizeof addr);
  listen(listening, 1);
  getsockname(listening, (struct sockaddr*)&addr, &length);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, (struct sockaddr*)&addr, sizeof addr);
  close(accept(listening, NULL, NULL));
  close(listening);
  for (int i = 0; i < 3; ++i) send(client, "hello", 5, 0);
}

struct entry {
  const char* name;
  void (*run)(void);
};
static const struct entry entries[] = {
    {"wrong_length", wrong_length},       {"right_length", right_length},
    {"wrong_family", wrong_family},       {"cut_address", cut_address},
    {"whole_address", whole_address},     {"ored_options", ored_options},
    {"one_option_each", one_option_each}, {"send_after_close", send_after_close},
};

int main(int argc, char** argv) {
  for (size_t i = 0; i < sizeof entries / sizeof *entries; ++i)
    if (argc == 2 && strcmp(argv[1], entries[i].name) == 0) {
      entries[i].run();
      return 0;
    }
  fprintf(stderr, "usage: mistakes NAME\n");
  return 2;
}
