// clang-format off: what is tested is how calls are laid out.
// Socket calls in the shapes in which C programs write them. Each states where it is.
#define _GNU_SOURCE
#include "expect.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TELL(fd, text) send(fd, text, sizeof text - 1, 0)

static int pair[2];
static volatile int sink; // keeps calls from becoming jumps, which leave no frame behind

static inline __attribute__((always_inline)) void say_inline(int fd) {
  EXPECT("say_inline", "send", "send(fd, \"inline\", 6, 0)");
  sink = (int)send(fd, "inline", 6, 0);
}

static __attribute__((noinline)) void say_deep(int fd, int depth) {
  char frame[3000];
  memset(frame, depth, sizeof frame);
  if (depth > 0) {
    say_deep(fd, depth - 1);
  } else {
    EXPECT("say_deep", "send", "send(fd, frame, 4, 0)");
    sink = (int)send(fd, frame, 4, 0);
  }
  sink = frame[sink & 7];
}

static __attribute__((noinline)) void say_from_large_frame(int fd, int size) {
  char frame[200000];
  char varying[size];
  memset(frame, 1, sizeof frame);
  memset(varying, 2, (size_t)size);
  EXPECT("say_from_large_frame", "send", "send(fd, varying, 5, 0)");
  sink = (int)send(fd, varying, 5, 0);
  sink = frame[sink] + varying[sink];
}

static void on_signal(int number) {
  EXPECT("on_signal", "send", "send(pair[0], &number, sizeof number, 0)");
  sink = (int)send(pair[0], &number, sizeof number, 0);
}

static int compare(const void* a, const void* b) {
  EXPECT("compare", "send", "send(pair[0], a, 1, 0)");
  sink = (int)send(pair[0], a, 1, 0);
  return *(const char*)a - *(const char*)b;
}

static void* in_thread(void* fd) {
  EXPECT("in_thread", "send", "send(*(int *)fd, \"thread\", 6, 0)");
  sink = (int)send(*(int *)fd, "thread", 6, 0);
  return NULL;
}

static void server_calls(void) {
  struct sockaddr_in here = {.sin_family = AF_INET};
  socklen_t size = sizeof here;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT("server_calls", "socket", "socket(AF_INET, SOCK_STREAM, 0)");
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  EXPECT("server_calls", "bind", "bind(listener, (struct sockaddr *)&here, sizeof here)");
  if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0) exit(1);
  EXPECT("server_calls", "listen", "listen(listener, 5)");
  if (listen(listener, 5) < 0) exit(1);
  EXPECT("server_calls", "getsockname", "getsockname(listener, (struct sockaddr *)&here, &size)");
  sink = getsockname(listener, (struct sockaddr *)&here, &size);
  EXPECT("server_calls", "socket", "socket(AF_INET, SOCK_STREAM, 0)");
  int client = socket(AF_INET, SOCK_STREAM, 0);
  EXPECT("server_calls", "connect", "connect(client, (struct sockaddr *)&here, sizeof here)");
  sink = connect(client, (struct sockaddr *)&here, sizeof here);
  EXPECT("server_calls", "accept4", "accept4(listener, NULL, NULL, SOCK_CLOEXEC)");
  int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  EXPECT("server_calls", "shutdown", "shutdown(client, SHUT_WR)");
  sink = shutdown(client, SHUT_WR);
  EXPECT("server_calls", "close", "close(peer)");
  sink = close(peer);
}

int main(int argc, char** argv) {
  expect_begin(argc, argv);
  EXPECT("main", "socketpair", "socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)");
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0) return 1;
  server_calls();
  char buffer[64];

  expect("call", __LINE__ + 2, "main", "send", "send(pair[0], \"a\", 1, 0)");
  expect("call", __LINE__ + 1, "main", "send", "send(pair[0], \"b)\", 2, 0)");
  sink = (int)send(pair[0], "a", 1, 0) + (int)send(pair[0], "b)", 2, 0);

  expect("call", __LINE__ + 1, "main", "recv", "recv(pair[1], buffer, sizeof buffer, MSG_PEEK /* ) */)");
  if (recv(pair[1], buffer, sizeof buffer, MSG_PEEK /* ) */) < 0) return 1;

  // The compiler may record any line of the call; the text begins at its name all the same.
  expect("call", __LINE__ + 1, "main", "sendto", "sendto(pair[0], \"multi\", 5, 0, NULL, 0)");
  sink = (int)sendto(pair[0], "multi",
                     5,
                     0, NULL, 0);
  expect("call", __LINE__ + 1, "main", "send", "TELL(pair[0], \"macro\")");
  sink = (int)TELL(pair[0], "macro");

  ssize_t (*volatile sender)(int, const void*, size_t, int) = send;
  expect("call", __LINE__ + 1, "main", "send", "(*sender)(pair[0], \"pointer\", 7, 0)");
  sink = (int)(*sender)(pair[0], "pointer", 7, 0);

  say_inline(pair[0]);
  say_deep(pair[0], 12);
  say_from_large_frame(pair[0], 100 + argc);

  signal(SIGUSR1, on_signal);
  raise(SIGUSR1);

  char letters[2] = {'b', 'a'};
  qsort(letters, 2, 1, compare);

  pthread_t thread;
  pthread_create(&thread, NULL, in_thread, pair);
  pthread_join(thread, NULL);

  EXPECT("main", "close", "close(pair[1])");
  return close(pair[1]);
}
