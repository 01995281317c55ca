/* Programs to be traced: talk WHAT COUNT. Each says at its end how many sends and receives it made,
   so that it can be seen that a trace has them all. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static long must(long result) {
  if (result < 0) exit(1);
  return result;
}

static void ping(int fd) {
  char c = 'x';
  if (send(fd, &c, 1, 0) != 1 || recv(fd, &c, 1, 0) != 1) exit(1);
}

static void pong(int fd) {
  char c;
  if (recv(fd, &c, 1, 0) != 1 || send(fd, &c, 1, 0) != 1) exit(1);
}

/* Both ends of a TCP connection over the loopback. They end with a reset: thousands in TIME_WAIT
   would use up the ports. */
static void connection(int* ends) {
  const int on = 1;
  const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  const int listener = (int)must(socket(AF_INET, SOCK_STREAM, 0));
  must(bind(listener, (struct sockaddr*)&address, sizeof address));
  must(listen(listener, 1));
  must(getsockname(listener, (struct sockaddr*)&address, &size));
  ends[0] = (int)must(socket(AF_INET, SOCK_STREAM, 0));
  must(connect(ends[0], (struct sockaddr*)&address, sizeof address));
  ends[1] = (int)must(accept(listener, NULL, NULL));
  for (int i = 0; i < 2; ++i) {
    must(setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    must(setsockopt(ends[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset));
  }
  close(listener);
}

/* One process that talks to itself. */
static long in_one(long count) {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  for (long i = 0; i < count; ++i) {
    char c = 'x';
    if (send(ends[0], &c, 1, 0) != 1 || recv(ends[1], &c, 1, 0) != 1) exit(1);
  }
  return 2 * count;
}

/* Two processes over TCP. */
static long in_two(long count) {
  int ends[2];
  connection(ends);
  const pid_t child = (pid_t)must(fork());
  for (long i = 0; i < count; ++i)
    if (child == 0)
      pong(ends[1]);
    else
      ping(ends[0]);
  if (child == 0) _exit(0);
  waitpid(child, NULL, 0);
  return 4 * count;
}

/* Sixteen threads, each with both ends of a connection. */
static void* thread(void* count) {
  int ends[2];
  connection(ends);
  for (long i = 0; i < *(long*)count; ++i) {
    char c = 'x';
    if (send(ends[0], &c, 1, 0) != 1 || recv(ends[1], &c, 1, 0) != 1) exit(1);
  }
  return NULL;
}

static long in_threads(long count, int many) {
  pthread_t* threads = malloc((size_t)many * sizeof *threads);
  if (threads == NULL) exit(1);
  for (int i = 0; i < many; ++i)
    if (pthread_create(&threads[i], NULL, thread, &count) != 0) exit(1);
  for (int i = 0; i < many; ++i) pthread_join(threads[i], NULL);
  free(threads);
  return 2 * count * many;
}

/* Reads a file, with a socket beside it to which it says something now and then. */
static long files(long count) {
  char text[4096];
  long made = 0;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  const int sock = (int)must(socket(AF_INET, SOCK_DGRAM, 0));
  must(bind(sock, (struct sockaddr*)&address, sizeof address));
  must(getsockname(sock, (struct sockaddr*)&address, &size));
  must(connect(sock, (struct sockaddr*)&address, sizeof address));
  const int file = (int)must(open("/proc/self/exe", O_RDONLY));
  for (long i = 0; i < count; ++i) {
    if (i % 4 == 0) lseek(file, 0, SEEK_SET);
    if (read(file, text, sizeof text) != sizeof text) exit(1);
    if (i % 100000 != 0) continue;
    if (send(sock, text, 1, 0) != 1 || recv(sock, text, 1, 0) != 1) exit(1);
    made += 2;
  }
  close(file);
  close(sock);
  return made;
}

/* Two threads that compute; each says something now and then. */
static volatile unsigned long result;
static void* compute(void* count) {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  unsigned long x = 88172645463325252UL;
  for (long i = 0; i < *(long*)count; ++i) {
    for (int k = 0; k < 10000000; ++k) { /* xorshift */
      x ^= x << 13;
      x ^= x >> 7;
      x ^= x << 17;
    }
    char c = (char)x;
    if (send(ends[0], &c, 1, 0) != 1 || recv(ends[1], &c, 1, 0) != 1) exit(1);
  }
  result = x;
  return NULL;
}

static long busy(long count) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    if (pthread_create(&threads[i], NULL, compute, &count) != 0) exit(1);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 4 * count;
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const long count = atol(argv[2]);
  long made = -1;
  if (strcmp(argv[1], "one") == 0) made = in_one(count);
  if (strcmp(argv[1], "two") == 0) made = in_two(count);
  if (strcmp(argv[1], "threads") == 0) made = in_threads(count, argc > 3 ? atoi(argv[3]) : 16);
  if (strcmp(argv[1], "files") == 0) made = files(count);
  if (strcmp(argv[1], "busy") == 0) made = busy(count);
  printf("%ld\n", made);
  return made < 0 ? 2 : 0;
}
