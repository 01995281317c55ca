/* Waits in one call, which its argument names, until a line comes on standard input, and prints
   what the call gave. A tracer that joins or leaves meanwhile must not change that. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { far = 100 }; /* seconds: longer than any test */

static int pair[2], event, epoll, semaphores, queue, pipes[2], caller;
static pthread_t waiter;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int told;
static struct sockaddr_in address;

static void die(const char* what) {
  perror(what);
  exit(99);
}

static void on_signal(int number) { (void)number; }

static void post(void) {
  if (write(event, &(uint64_t){1}, 8) != 8) die("write");
}
static void say(void) {
  if (send(pair[1], "x", 1, 0) != 1) die("send");
}
static void call_in(void) {
  caller = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(caller, (struct sockaddr*)&address, sizeof address) != 0) die("connect");
}
static void tell(void) {
  pthread_mutex_lock(&mutex);
  told = 1;
  pthread_cond_signal(&condition);
  pthread_mutex_unlock(&mutex);
}
static void raise_semaphore(void) { semop(semaphores, &(struct sembuf){0, 1, 0}, 1); }
static void queue_message(void) {
  msgsnd(queue, &(struct {
           long type;
           char text[1];
         }){1, "x"},
         1, 0);
}
static void fill(void) {
  if (write(pipes[1], "x", 1) != 1) die("write");
}
static void signal_it(void) { pthread_kill(waiter, SIGUSR1); }

static long in_epoll(void) {
  struct epoll_event got;
  return epoll_wait(epoll, &got, 1, -1);
}
static long in_epoll_timed(void) {
  struct epoll_event got;
  sigset_t none;
  sigemptyset(&none);
  return epoll_pwait(epoll, &got, 1, far * 1000, &none);
}
static long in_recv(void) {
  char c;
  return recv(pair[0], &c, 1, 0);
}
static long in_recv_timed(void) {
  const struct timeval limit = {far, 0};
  setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return in_recv();
}
static long in_accept(void) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  socklen_t size = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(listener, (struct sockaddr*)&address, size);
  getsockname(listener, (struct sockaddr*)&address, &size);
  listen(listener, 1);
  const struct timeval limit = {far, 0};
  setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return accept(listener, NULL, NULL) > 0;
}
static long in_poll(void) { return poll(&(struct pollfd){pair[0], POLLIN, 0}, 1, far * 1000); }
static long in_select(void) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pair[0], &set);
  return select(pair[0] + 1, &set, NULL, NULL, NULL);
}
static long in_futex(void) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += far;
  long result = 0;
  pthread_mutex_lock(&mutex);
  while (!told && result == 0) result = pthread_cond_timedwait(&condition, &mutex, &until);
  pthread_mutex_unlock(&mutex);
  return result;
}
static long in_semop(void) { return semop(semaphores, &(struct sembuf){0, -1, 0}, 1); }
static long in_msgrcv(void) {
  struct {
    long type;
    char text[1];
  } got;
  return msgrcv(queue, &got, 1, 0, 0);
}
static long in_read(void) {
  char c;
  return read(pipes[0], &c, 1);
}
static long in_nanosleep(void) { return nanosleep(&(struct timespec){far, 0}, NULL); }
static long in_pause(void) { return pause(); }
static long in_sigwait(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  siginfo_t got;
  return sigtimedwait(&set, &got, &(struct timespec){far, 0});
}

static const struct {
  const char* name;
  long (*wait)(void);
  void (*release)(void);
} ways[] = {{"epoll_wait", in_epoll, post},
            {"epoll_pwait", in_epoll_timed, post},
            {"recv", in_recv, say},
            {"recv-timed", in_recv_timed, say},
            {"accept-timed", in_accept, call_in},
            {"poll", in_poll, say},
            {"select", in_select, say},
            {"futex", in_futex, tell},
            {"semop", in_semop, raise_semaphore},
            {"msgrcv", in_msgrcv, queue_message},
            {"read", in_read, fill},
            {"nanosleep", in_nanosleep, signal_it},
            {"pause", in_pause, signal_it},
            {"sigtimedwait", in_sigwait, signal_it}};
enum { count = sizeof ways / sizeof ways[0] };

static void* run(void* way) {
  printf("%d\n", (int)gettid());
  fflush(stdout);
  errno = 0;
  const long result = ways[(size_t)way].wait();
  printf("%ld %s\n", result, result < 0 ? strerror(errno) : "");
  fflush(stdout);
  return NULL;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    for (size_t i = 0; i < count; ++i) puts(ways[i].name);
    return 0;
  }
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGUSR1, &action, NULL);
  event = eventfd(0, 0);
  epoll = epoll_create1(0);
  struct epoll_event wanted = {.events = EPOLLIN};
  epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wanted);
  semaphores = semget(IPC_PRIVATE, 1, 0600);
  queue = msgget(IPC_PRIVATE, 0600);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || pipe(pipes) != 0) die("socketpair");
  epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &wanted);
  for (size_t i = 0; i < count; ++i) {
    if (strcmp(argv[1], ways[i].name) != 0) continue;
    pthread_create(&waiter, NULL, run, (void*)i);
    if (getchar() != EOF) ways[i].release();
    pthread_join(waiter, NULL);
  }
  semctl(semaphores, 0, IPC_RMID);
  msgctl(queue, IPC_RMID, NULL);
  return 0;
}
