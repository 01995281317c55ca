/* soak PROCESSES THREADS CALLS: so many processes, each with its share of so many threads, which
   all talk to themselves until together they have made about so many sends and receives. Says how
   many. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static long rounds;

static void* talk(void* unused) {
  int ends[2];
  char c = 'x';
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) exit(1);
  for (long i = 0; i < rounds; ++i)
    if (send(ends[0], &c, 1, 0) != 1 || recv(ends[1], &c, 1, 0) != 1) exit(1);
  close(ends[0]);
  close(ends[1]);
  return unused;
}

/* The main thread talks as well. */
static void process(long threads) {
  pthread_t* all = calloc((size_t)threads, sizeof *all);
  for (long i = 1; i < threads; ++i)
    if (pthread_create(&all[i], NULL, talk, NULL) != 0) exit(2);
  talk(NULL);
  for (long i = 1; i < threads; ++i) pthread_join(all[i], NULL);
  free(all);
}

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  const long processes = atol(argv[1]), threads = atol(argv[2]), calls = atol(argv[3]);
  rounds = calls / threads / 2;
  for (long i = 0; i < processes; ++i) {
    const pid_t child = fork();
    if (child < 0) return 3;
    if (child != 0) continue;
    process(threads / processes + (i < threads % processes));
    _exit(0);
  }
  int failed = 0;
  for (int status; wait(&status) > 0 || errno == EINTR;) failed |= status;
  printf("%ld\n", rounds * threads * 2);
  return failed != 0;
}
