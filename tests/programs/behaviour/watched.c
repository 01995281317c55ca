/* Moves bytes through sockets by read(2) and write(2), beside files, in the way that its argument
   says, and prints how many calls on sockets it made: a tracer must have seen just as many. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static _Atomic long calls; /* on sockets */

static void die(const char* what) {
  perror(what);
  exit(99);
}

static void pair(int fds[2]) {
  ++calls;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) die("socketpair");
}

static void move(const int fds[2]) {
  char c = 0;
  calls += 2;
  if (write(fds[0], "x", 1) != 1 || read(fds[1], &c, 1) != 1 || c != 'x') die("move");
}

static void close_pair(const int fds[2]) {
  calls += 2;
  if (close(fds[0]) != 0 || close(fds[1]) != 0) die("close");
}

static void exchange(void) {
  int fds[2];
  pair(fds);
  move(fds);
  close_pair(fds);
}

static int open_file(void) {
  const int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  if (fd < 0) die("open");
  return fd;
}

/* Reads of files on both sides of the sockets' numbers. */
static void files(long reads) {
  char c = 0;
  int fds[2];
  const int below = open_file();
  pair(fds);
  const int above = open_file();
  move(fds);
  for (long i = 0; i < reads; ++i)
    if (read(below, &c, 1) != 1 || read(above, &c, 1) != 1) die("read");
  move(fds);
  close_pair(fds);
}

/* The same after calls that give up privileges, of which none is given up. */
static void root(long reads) {
  if (geteuid() == 0 && (setuid(0) != 0 || setreuid((uid_t)-1, 0) != 0 || setresuid(0, 0, 0) != 0))
    die("setuid");
  files(reads);
}

struct work {
  int wake[2];
  int fds[2];
};

static void* worker(void* arg) {
  struct work* work = arg;
  char c = 0;
  if (read(work->wake[0], &c, 1) != 1) die("wake");
  move(work->fds);
  exchange();
  return NULL;
}

/* Threads that were there before the first socket. */
static void threads(void) {
  enum { count = 8 };
  static struct work all[count];
  pthread_t ids[count];
  for (int i = 0; i < count; ++i) {
    if (pipe(all[i].wake) != 0) die("pipe");
    pthread_create(&ids[i], NULL, worker, &all[i]);
  }
  for (int i = 0; i < count; ++i) pair(all[i].fds);
  for (int i = 0; i < count; ++i)
    if (write(all[i].wake[1], "g", 1) != 1) die("wake");
  for (int i = 0; i < count; ++i) {
    pthread_join(ids[i], NULL);
    close_pair(all[i].fds);
  }
}

/* More descriptors than can be watched one by one, with files among them. */
static void many(void) {
  enum { count = 100 };
  static int fds[count][2];
  for (int i = 0; i < count; ++i) {
    pair(fds[i]);
    open_file();
    move(fds[i]);
  }
  for (int i = 0; i < count; ++i) move(fds[i]);
  const int far = 900;
  ++calls;
  if (dup2(fds[0][0], far) != far) die("dup2");
  ++calls;
  if (write(far, "x", 1) != 1) die("write");
  for (int i = 0; i < count; ++i) close_pair(fds[i]);
}

static volatile sig_atomic_t alarms;
static void on_alarm(int number) {
  (void)number;
  ++alarms;
}

/* Signals at any moment, also while the tracer is at work. */
static void signals(void) {
  struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  const struct itimerval often = {{0, 300}, {0, 300}};
  setitimer(ITIMER_REAL, &often, NULL);
  int fds[60][2];
  for (int i = 0; i < 60; ++i) {
    pair(fds[i]);
    move(fds[i]);
  }
  while (alarms < 20) move(fds[0]);
  const struct itimerval never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &never, NULL);
}

/* Sockets that are made after the privilege to add a filter is gone. */
static void drop(void) {
  if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) die("setresuid");
  for (int i = 0; i < 20; ++i) exchange();
}

/* Sockets that are made behind a filter of the program's own, which forbids further ones. */
static void filter(void) {
  struct sock_filter rows[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {sizeof rows / sizeof *rows, rows};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    die("seccomp");
  for (int i = 0; i < 20; ++i) exchange();
}

/* Children, which have their parent's descriptors and others. The counts of a child are its status.
 */
static void forks(void) {
  int fds[2];
  pair(fds);
  for (int i = 0; i < 5; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      calls = 0;
      open_file();
      move(fds);
      exchange();
      close_pair(fds);
      _exit((int)calls);
    }
    int status = 0;
    waitpid(child, &status, 0);
    calls += WEXITSTATUS(status);
  }
  close_pair(fds);
}

/* Two processes with one descriptor table: one makes the sockets, the other uses them. */
static void shared(void) {
  int made[2];
  int fds[2];
  if (pipe(made) != 0) die("pipe");
  const pid_t child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, 0);
  if (child == 0) {
    pair(fds);
    if (write(made[1], fds, sizeof fds) != (ssize_t)sizeof fds) _exit(99);
    _exit(0);
  }
  if (read(made[0], fds, sizeof fds) != (ssize_t)sizeof fds) die("read");
  waitpid(child, NULL, 0);
  ++calls; /* the child's */
  move(fds);
  close_pair(fds);
}

int main(int argc, char** argv) {
  const char* way = argc > 1 ? argv[1] : "";
  const long reads = argc > 2 ? atol(argv[2]) : 1;
  if (strcmp(way, "files") == 0)
    files(reads);
  else if (strcmp(way, "root") == 0)
    root(reads);
  else if (strcmp(way, "threads") == 0)
    threads();
  else if (strcmp(way, "many") == 0)
    many();
  else if (strcmp(way, "signals") == 0)
    signals();
  else if (strcmp(way, "drop") == 0)
    drop();
  else if (strcmp(way, "filter") == 0)
    filter();
  else if (strcmp(way, "forks") == 0)
    forks();
  else if (strcmp(way, "shared") == 0)
    shared();
  else
    return 95;
  printf("%ld\n", calls);
  return 0;
}
