/* Behaves, as its first argument says, in a way that a tracer must not disturb. What it prints and
   how it ends must be the same traced and untraced. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char* what) {
  perror(what);
  exit(99);
}

static void exchange(void) {
  int fds[2];
  char c = 0;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) die("socketpair");
  if (send(fds[0], "x", 1, 0) != 1 || recv(fds[1], &c, 1, 0) != 1 || c != 'x') die("exchange");
  close(fds[0]);
  close(fds[1]);
}

/* Many calls that are nobody's business, and one socket. */
static int quiet(long calls) {
  for (long i = 0; i < calls; ++i) syscall(SYS_getppid);
  exchange();
  return 0;
}

static void* thread_main(void* arg) {
  for (int i = 0; i < 20; ++i) exchange();
  return arg;
}

static int threads(void) {
  pthread_t all[8];
  for (int i = 0; i < 8; ++i) pthread_create(&all[i], NULL, thread_main, NULL);
  for (int i = 0; i < 8; ++i) pthread_join(all[i], NULL);
  puts("threads joined");
  return 0;
}

static int forks(void) {
  int sum = 0;
  for (int i = 0; i < 5; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      exchange();
      _exit(i);
    }
    int status = 0;
    if (waitpid(pid, &status, 0) != pid) die("waitpid");
    sum += WEXITSTATUS(status);
  }
  printf("children returned %d\n", sum);
  return 0;
}

static int vfork_exec(const char* self) {
  const pid_t pid = vfork();
  if (pid == 0) {
    execl(self, self, "status", "7", (char*)NULL);
    _exit(98);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  printf("vforked child returned %d\n", WEXITSTATUS(status));
  return 0;
}

static void* exec_main(void* self) {
  execl(self, (const char*)self, "status", "5", (char*)NULL);
  return NULL;
}

/* exec from another thread than the first: it becomes the first one. */
static int thread_exec(char* self) {
  pthread_t thread;
  pthread_t idle;
  pthread_create(&idle, NULL, (void* (*)(void*))(void*)pause, NULL);
  pthread_create(&thread, NULL, exec_main, self);
  pthread_join(thread, NULL);
  return 97;
}

/* Until the process is inside this call, as proc(5) shows it; gives up after two seconds, as where
   it may not be looked at. */
static void wait_until_inside(pid_t pid, long call) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
  for (int i = 0; i < 2000; ++i) {
    char text[32] = "";
    FILE* file = fopen(path, "re");
    if (file != NULL && fgets(text, sizeof text, file) != NULL && strtol(text, NULL, 10) == call &&
        text[0] != 'r') {
      fclose(file);
      return;
    }
    if (file != NULL) fclose(file);
    poll(NULL, 0, 1);
  }
}

static void on_signal(int number) { (void)number; }

/* A blocked recv is interrupted by a handler without SA_RESTART, restarted by one with it. */
static int interrupted(int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = flags;
  sigaction(SIGALRM, &action, NULL);
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) die("socketpair");
  const pid_t child = fork();
  if (child == 0) { /* answers only after the signal was delivered */
    close(fds[0]);
    wait_until_inside(getppid(), SYS_recvfrom);
    kill(getppid(), SIGALRM);
    poll(NULL, 0, 120);
    if (send(fds[1], "late", 4, MSG_NOSIGNAL) < 0) _exit(1);
    _exit(0);
  }
  char buffer[8] = "";
  const ssize_t got = recv(fds[0], buffer, sizeof buffer, 0);
  printf("recv gave %zd %s %s\n", got, got < 0 ? strerror(errno) : "", buffer);
  close(fds[0]);
  waitpid(child, NULL, 0);
  return 0;
}

/* poll is restarted by the kernel through restart_syscall after a stop and a continuation. */
static int stopped(void) {
  int ready[2];
  if (pipe(ready) != 0) die("pipe");
  const pid_t child = fork();
  if (child == 0) {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) die("socketpair");
    raise(SIGSTOP);
    if (write(ready[1], "r", 1) != 1) die("write");
    struct pollfd wait = {fds[0], POLLIN, 0};
    _exit(poll(&wait, 1, 600) == 0 ? 3 : 4);
  }
  int status = 0;
  waitpid(child, &status, WUNTRACED);
  printf("child stopped by %d\n", WIFSTOPPED(status) ? WSTOPSIG(status) : -1);
  kill(child, SIGCONT);
  char c = 0;
  if (read(ready[0], &c, 1) != 1) die("read");
  wait_until_inside(child, SYS_poll);
  kill(child, SIGSTOP);
  waitpid(child, &status, WUNTRACED);
  printf("child stopped by %d\n", WIFSTOPPED(status) ? WSTOPSIG(status) : -1);
  kill(child, SIGCONT);
  waitpid(child, &status, 0);
  printf("child returned %d\n", WEXITSTATUS(status));
  return 0;
}

static int killed_inside(void) {
  const pid_t child = fork();
  if (child == 0) {
    int fds[2];
    char c = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) die("socketpair");
    if (recv(fds[0], &c, 1, 0) < 0) die("recv");
    _exit(0);
  }
  poll(NULL, 0, 50);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  printf("child killed by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : -1);
  return 0;
}

static void print_mask(const char* when) {
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) die("sched_getaffinity");
  printf("%s:", when);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &mask)) printf(" %d", cpu);
  puts("");
}

static void* mask_of_thread(void* arg) {
  print_mask("a thread");
  return arg;
}

/* Talks so much that a tracer would like to have it on its own CPU. */
static int affinity(const char* self) {
  print_mask("at first");
  for (int i = 0; i < 3000; ++i) exchange();
  print_mask("after talking");
  pthread_t thread;
  pthread_create(&thread, NULL, mask_of_thread, NULL);
  pthread_join(thread, NULL);
  cpu_set_t mask;
  sched_getaffinity(0, sizeof mask, &mask);
  int last = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &mask)) last = cpu;
  CPU_ZERO(&mask);
  CPU_SET(last, &mask);
  if (sched_setaffinity(0, sizeof mask, &mask) != 0) die("sched_setaffinity");
  print_mask("its own choice");
  for (int i = 0; i < 1000; ++i) exchange();
  print_mask("kept");
  execl(self, self, "mask", (char*)NULL);
  die("exec");
  return 1;
}

int main(int argc, char** argv) {
  setvbuf(stdout, NULL, _IONBF, 0);
  const char* mode = argc > 1 ? argv[1] : "";
  const long number = argc > 2 ? atol(argv[2]) : 0;
  if (strcmp(mode, "quiet") == 0) return quiet(number);
  if (strcmp(mode, "threads") == 0) return threads();
  if (strcmp(mode, "forks") == 0) return forks();
  if (strcmp(mode, "vfork") == 0) return vfork_exec(argv[0]);
  if (strcmp(mode, "thread-exec") == 0) return thread_exec(argv[0]);
  if (strcmp(mode, "eintr") == 0) return interrupted(0);
  if (strcmp(mode, "restart") == 0) return interrupted(SA_RESTART);
  if (strcmp(mode, "stopped") == 0) return stopped();
  if (strcmp(mode, "killed-inside") == 0) return killed_inside();
  if (strcmp(mode, "affinity") == 0) return affinity(argv[0]);
  if (strcmp(mode, "mask") == 0) {
    print_mask("after exec");
    return 0;
  }
  if (strcmp(mode, "status") == 0) {
    exchange();
    return (int)number;
  }
  if (strcmp(mode, "signal") == 0) {
    exchange();
    signal((int)number, SIG_DFL);
    raise((int)number);
    return 96;
  }
  fprintf(stderr, "error: no mode '%s'\n", mode);
  return 95;
}
