// Does one thing that hides some of what a program does, and says what came of it. FIXTURE WAY
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static long ring(void) {
  struct io_uring_params params = {0};
  return syscall(SYS_io_uring_setup, 4, &params) < 0 ? -errno : 0;
}

// The program's own filter: no more socket(2).
static long own_filter(int by_prctl) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const long set = by_prctl ? prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)
                            : syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
  if (set != 0) return -errno;
  return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? -errno : 0;
}

static long child_calls(void) { return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? errno : 0; }

static long untraced(int by_clone3) {
  struct clone_args args = {.flags = CLONE_UNTRACED, .exit_signal = SIGCHLD};
  const long child = by_clone3 ? syscall(SYS_clone3, &args, sizeof args)
                               : syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit((int)child_calls());
  int status = 0;
  if (child < 0 || waitpid((pid_t)child, &status, 0) != child) return -errno;
  return WEXITSTATUS(status);
}

// In a child, for even exit_group(2) ends whoever is in that mode.
static long strict(void) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) syscall(SYS_exit, prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) < 0 ? errno : 0);
  if (child < 0 || waitpid(child, &status, 0) != child) return -errno;
  return WIFEXITED(status) ? -WEXITSTATUS(status) : WTERMSIG(status);
}

// A tracer of its own children: one that asks for it, one that is asked. Both must give the same.
static long traces(void) {
  int go[2];
  int asked = 0;
  if (pipe(go) < 0) return -errno;
  const pid_t child = fork();
  if (child == 0) {
    const long given = ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? errno : 0;
    char byte;
    _exit(read(go[0], &byte, 1) == 1 ? (int)given : 1);
  }
  const long seized = ptrace(PTRACE_SEIZE, child, NULL, NULL) < 0 ? -errno : 0;
  if (write(go[1], "x", 1) != 1 || waitpid(child, &asked, 0) != child) return -errno;
  return WEXITSTATUS(asked) == -seized ? seized : -ECHILD;
}

// Nobody may trace itself, traced by another or not.
static long traces_itself(void) {
  return ptrace(PTRACE_SEIZE, getpid(), NULL, NULL) < 0 ? -errno : 0;
}

// x32's socket(2): ENOSYS where the kernel is built without it.
static long x32(void) {
  return syscall(0x40000000 | SYS_socket, AF_UNIX, SOCK_STREAM, 0) < 0 ? -errno : 0;
}

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static volatile int entering;
static int listener;
static long connector;

// Waits until the other thread sleeps inside its call, and changes what that was given.
static void change_once_asleep(void) {
  char path[64];
  char state = 0;
  snprintf(path, sizeof path, "/proc/self/task/%ld/stat", connector);
  while (!entering || state != 'S') {
    FILE* file = fopen(path, "r");
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1) exit(3);
    fclose(file);
    sched_yield();
  }
  address.sun_path[1] = 'b';
}

static void* change(void* unused) {
  change_once_asleep();
  close(accept(listener, NULL, NULL));
  return unused;
}

// An abstract name of this process alone; its length.
static socklen_t name_address(void) {
  address.sun_path[1] = 'a';
  snprintf(address.sun_path + 2, sizeof address.sun_path - 2, "socktale-%d", getpid());
  return sizeof address.sun_family + 2 + (socklen_t)strlen(address.sun_path + 2);
}

// A connect(2) that waits, for the queue of one has somebody in it already.
static long changed(void) {
  pthread_t thread;
  const socklen_t size = name_address();
  listener = socket(AF_UNIX, SOCK_STREAM, 0);
  const int first = socket(AF_UNIX, SOCK_STREAM, 0);
  const int second = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr*)&address, size) < 0 || listen(listener, 0) < 0)
    return -errno;
  if (connect(first, (struct sockaddr*)&address, size) < 0) return -errno;
  connector = syscall(SYS_gettid);
  if (pthread_create(&thread, NULL, change, NULL) != 0) return -1;
  entering = 1;
  const long result = connect(second, (struct sockaddr*)&address, size) < 0 ? -errno : 0;
  pthread_join(thread, NULL);
  return result;
}

static int receiver;
static int full;

// Waits until the other thread sleeps inside its sendmsg(2), and changes where that goes to.
static void* change_name(void* unused) {
  change_once_asleep();
  char byte;
  if (recv(receiver, &byte, 1, 0) != 1) exit(3);
  return unused;
}

// A sendmsg(2) that waits, for as many datagrams as a queue takes are there already.
static long changed_name(void) {
  pthread_t thread;
  const socklen_t size = name_address();
  receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
  full = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (bind(receiver, (struct sockaddr*)&address, size) < 0) return -errno;
  struct iovec one = {"x", 1};
  struct msghdr message = {
      .msg_name = &address, .msg_namelen = size, .msg_iov = &one, .msg_iovlen = 1};
  while (sendmsg(full, &message, MSG_DONTWAIT) == 1) continue;
  connector = syscall(SYS_gettid);
  if (pthread_create(&thread, NULL, change_name, NULL) != 0) return -1;
  entering = 1;
  const long result = sendmsg(full, &message, 0) < 0 ? -errno : 0;
  pthread_join(thread, NULL);
  return result;
}

int main(int argc, char** argv) {
  const char* way = argc > 1 ? argv[1] : "";
  long result = -1;
  if (strcmp(way, "ring") == 0) result = ring();
  if (strcmp(way, "filter") == 0) result = own_filter(0);
  if (strcmp(way, "filter-prctl") == 0) result = own_filter(1);
  if (strcmp(way, "untraced") == 0) result = untraced(0);
  if (strcmp(way, "untraced-clone3") == 0) result = untraced(1);
  if (strcmp(way, "strict") == 0) result = strict();
  if (strcmp(way, "traces") == 0) result = traces();
  if (strcmp(way, "traces-itself") == 0) result = traces_itself();
  if (strcmp(way, "x32") == 0) result = x32();
  if (strcmp(way, "changed") == 0) result = changed();
  if (strcmp(way, "changed-name") == 0) result = changed_name();
  printf("%ld\n", result);
  return 0;
}
