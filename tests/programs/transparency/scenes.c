/* One scene each, chosen by the first argument, in which a tracer could show. Each prints one line
   of what the program saw; tests/transparency compares that line untraced and traced. Without an
   argument: their names. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char* self;
static int ends[2]; /* a socket pair */
static volatile sig_atomic_t got;
static siginfo_t got_info;

static void die(const char* what) {
  perror(what);
  exit(99);
}

static const char* outcome(long result) { return result < 0 ? strerrorname_np(errno) : "ok"; }

static void on_signal(int signal, siginfo_t* info, void* context) {
  (void)context;
  got = signal;
  got_info = *info;
}

static void handle(int number, int flags) {
  struct sigaction action = {.sa_flags = flags | SA_SIGINFO};
  action.sa_sigaction = on_signal;
  sigaction(number, &action, NULL);
}

/* Until the thread sleeps, or what `letter` is, by field 3 of its stat in /proc. Of who is traced a
   stop is t there, not T. */
static void until_state(pid_t tid, char letter) {
  char path[64], text[256] = "";
  const time_t deadline = time(NULL) + 10;
  snprintf(path, sizeof path, "/proc/%d/stat", (int)tid);
  while (time(NULL) < deadline) {
    const int file = open(path, O_RDONLY);
    const ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    text[size > 0 ? size : 0] = 0;
    const char* name_end = strrchr(text, ')');
    if (name_end != NULL && toupper(name_end[2]) == letter) return;
    sched_yield();
  }
  errno = ETIMEDOUT;
  die("until_state");
}

static const char* ended(pid_t pid) {
  static char text[64];
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) die("waitpid");
  if (WIFSIGNALED(status))
    snprintf(text, sizeof text, "SIG%s", sigabbrev_np(WTERMSIG(status)));
  else
    snprintf(text, sizeof text, "exit %d", WEXITSTATUS(status));
  return text;
}

static void exchange(void) {
  char c = 0;
  if (send(ends[0], "x", 1, 0) != 1 || recv(ends[1], &c, 1, 0) != 1) die("exchange");
}

/* exec */

static void* exec_again(void* way) {
  execl(self, self, (char*)way, (char*)NULL);
  return NULL;
}
static void* wait_for_ever(void* nothing) {
  pause();
  return nothing;
}
static void exec_thread(void) {
  pthread_t idle, thread;
  pthread_create(&idle, NULL, wait_for_ever, NULL);
  pthread_create(&thread, NULL, exec_again, (void*)"+leader");
  pthread_join(thread, NULL);
}
static void leader(void) {
  struct stat about;
  stat("/proc/self/task", &about);
  printf("leader %s, threads %d\n", gettid() == getpid() ? "yes" : "no", (int)about.st_nlink - 2);
}

static void vfork_shares(void) {
  volatile int shared = 1;
  const pid_t pid = vfork();
  if (pid == 0) {
    shared = 2;
    execl(self, self, "+seven", (char*)NULL);
    _exit(98);
  }
  printf("child wrote %d, %s\n", shared, ended(pid));
}
static void seven(void) { exit(7); }

/* clone */

static int shared_fd;
static int clone_child(void* way) {
  if (*(char*)way == 'f') {
    exchange();
    shared_fd = dup(ends[0]);
    return shared_fd == -1;
  }
  if (*(char*)way == 'd') return chdir("/proc");
  if (*(char*)way == 'v') got = 42;
  return 0;
}
static const char* cloned(int flags, const char* way) {
  char* stack = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return ended(clone(clone_child, stack + (1 << 16), flags | SIGCHLD, (void*)way));
}
static void clone_flags(void) {
  char where[64];
  struct stat about;
  printf("CLONE_VM %s", cloned(CLONE_VM, "v"));
  printf(" wrote %d", (int)got);
  printf(", CLONE_FS %s", cloned(CLONE_FS, "d"));
  printf(" in %s", getcwd(where, sizeof where));
  printf(", CLONE_FILES %s", cloned(CLONE_VM | CLONE_FILES, "f"));
  printf(" opened %s\n",
         fstat(shared_fd, &about) == 0 && S_ISSOCK(about.st_mode) ? "a socket" : "nothing");
}

/* A call of two arguments, the first of which is given back as it is afterwards. */
static long call(long number, long* first, long second) {
#ifdef __x86_64__
  long result = number;
  register long third __asm__("rdx") = 0;
  register long fourth __asm__("r10") = 0;
  __asm__ volatile("syscall"
                   : "+a"(result), "+D"(*first)
                   : "S"(second), "r"(third), "r"(fourth)
                   : "rcx", "r11", "memory");
  return result;
#else
  return syscall(number, *first, second, 0, 0, 0);
#endif
}
static const char* hidden(int by_clone3) {
  struct clone_args args = {.flags = CLONE_UNTRACED, .exit_signal = SIGCHLD};
  const long given = by_clone3 ? (long)&args : CLONE_UNTRACED | SIGCHLD;
  long first = given;
  const long pid =
      call(by_clone3 ? SYS_clone3 : SYS_clone, &first, by_clone3 ? (long)sizeof args : 0);
  const int unchanged = first == given && args.flags == CLONE_UNTRACED;
  if (pid == 0) {
    exchange();
    _exit(unchanged ? 0 : 1);
  }
  if (!unchanged) die("argument");
  return ended((pid_t)pid);
}
static void untraced_child(void) {
  printf("clone %s", hidden(0));
  printf(", clone3 %s\n", hidden(1));
}

/* Stops */

static void stopped_by(int number) {
  int status = 0;
  volatile char* went_on = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    raise(number);
    *went_on = 1;
    char c;
    _exit(recv(ends[1], &c, 1, 0) == 1 ? 5 : 6);
  }
  if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status)) die("WUNTRACED");
  printf("SIG%s", sigabbrev_np(WSTOPSIG(status)));
  until_state(pid, 'T');
  printf("%s", *went_on ? " went on," : "");
  kill(pid, SIGCONT);
  if (waitpid(pid, &status, WCONTINUED) != pid || !WIFCONTINUED(status)) die("WCONTINUED");
  if (send(ends[0], "x", 1, 0) != 1) die("send");
  printf(" continued %s", ended(pid));
}
static void group_stop(void) {
  stopped_by(SIGSTOP);
  printf("; ");
  stopped_by(SIGTSTP);
  puts("");
}

/* Signals */

static void siginfo(void) {
  handle(SIGRTMIN, 0);
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN);
  sigprocmask(SIG_BLOCK, &set, &before);
  const pid_t parent = getpid(), pid = fork();
  if (pid == 0) _exit(sigqueue(parent, SIGRTMIN, (union sigval){.sival_int = 4711}));
  ended(pid);
  exchange();
  sigprocmask(SIG_SETMASK, &before, NULL);
  printf("SIGRTMIN%+d SI_QUEUE %s value %d from child %s\n", got - SIGRTMIN,
         got_info.si_code == SI_QUEUE ? "yes" : "no", got_info.si_value.sival_int,
         got_info.si_pid == pid ? "yes" : "no");
}

static pid_t main_thread;
static void* interrupt_main(void* number) {
  until_state(main_thread, 'S');
  syscall(SYS_tgkill, getpid(), main_thread, (int)(long)number);
  until_state(main_thread, 'S');
  if (send(ends[0], "x", 1, 0) != 1) die("send");
  return NULL;
}
static void interrupted(int flags) {
  pthread_t thread;
  char c;
  handle(SIGUSR1, flags);
  main_thread = gettid();
  pthread_create(&thread, NULL, interrupt_main, (void*)(long)SIGUSR1);
  const ssize_t size = recv(ends[1], &c, 1, 0);
  printf("recv %s, handler ran %d\n", outcome(size), got == SIGUSR1);
  if (size < 0 && recv(ends[1], &c, 1, 0) != 1) die("recv");
  pthread_join(thread, NULL);
}
static void no_restart(void) { interrupted(0); }
static void sa_restart(void) { interrupted(SA_RESTART); }

/* Calls that go on by restart_syscall(2) after a stop. */
static long in_nanosleep(void) { return nanosleep(&(struct timespec){0, 300000000}, NULL); }
static long in_poll(void) { return poll(&(struct pollfd){ends[1], POLLIN, 0}, 1, 300); }
static long in_futex(void) {
  static int word;
  return syscall(SYS_futex, &word, FUTEX_WAIT, 0, &(struct timespec){0, 300000000}, NULL, 0);
}
static void stop_inside(const char* name, long (*call)(void)) {
  struct timespec from, to;
  int status;
  const pid_t pid = fork();
  if (pid == 0) {
    clock_gettime(CLOCK_MONOTONIC, &from);
    const long result = call();
    const int error = errno;
    clock_gettime(CLOCK_MONOTONIC, &to);
    errno = error;
    const double spent =
        (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
    printf("%s %s after %s", name, outcome(result), spent >= 0.3 ? "its time" : "too little");
    fflush(stdout);
    _exit(0);
  }
  until_state(pid, 'S');
  kill(pid, SIGSTOP);
  waitpid(pid, &status, WUNTRACED);
  kill(pid, SIGCONT);
  ended(pid);
}
static void restarts(void) {
  stop_inside("nanosleep", in_nanosleep);
  stop_inside("; poll", in_poll);
  stop_inside("; futex", in_futex);
  puts("");
}

static void masks(void) {
  handle(SIGUSR1, 0);
  sigset_t none, set, after;
  sigemptyset(&none);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGUSR1);
  const int first = got;
  const int result = ppoll(&(struct pollfd){ends[0], POLLIN, 0}, 1, NULL, &none);
  const char* how = outcome(result);
  sigprocmask(SIG_BLOCK, NULL, &after);
  printf("held back %s, ppoll %s, handler ran %d, still blocked %d\n", first == 0 ? "yes" : "no",
         how, got == SIGUSR1, sigismember(&after, SIGUSR1));
}

/* Ends */

static void* in_recv(void* nothing) {
  char c;
  *(volatile pid_t*)nothing = gettid();
  if (recv(ends[1], &c, 1, 0) != 1) die("recv");
  return NULL;
}
static pid_t receiving(pthread_t* thread) {
  volatile pid_t tid = 0;
  pthread_create(thread, NULL, in_recv, (void*)&tid);
  while (tid == 0) sched_yield();
  until_state(tid, 'S');
  return tid;
}
static void exit_group_inside(void) {
  pthread_t thread;
  fflush(stdout);
  const pid_t pid = fork();
  if (pid == 0) {
    receiving(&thread);
    _exit(3);
  }
  printf("%s\n", ended(pid));
}
static void thread_exit_leader(void) {
  const pid_t pid = fork();
  if (pid == 0) {
    pthread_t thread;
    receiving(&thread);
    if (send(ends[0], "x", 1, 0) != 1) die("send");
    pthread_exit(NULL); /* the last one ends the process with 0 */
  }
  printf("%s\n", ended(pid));
}
static void killed_inside(void) {
  const pid_t pid = fork();
  if (pid == 0) {
    char c;
    recv(ends[1], &c, 1, 0);
    _exit(1);
  }
  until_state(pid, 'S');
  kill(pid, SIGKILL);
  printf("%s\n", ended(pid));
}

/* What takes a tracer's place, or its rights */

static void own_filter(void) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const struct sock_fprog program = {sizeof code / sizeof code[0], code};
  int fds[2];
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  printf("filter %s", outcome(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)));
  /* As a call of its own: the C library's may be socketcall(2). */
  printf(", socketpair %s", outcome(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, fds)));
  exchange();
  puts(", send ok");
}
static void rights(const char* who) {
  printf("%s: seccomp %d, no_new_privs %d", who, prctl(PR_GET_SECCOMP),
         prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  fflush(stdout);
}
static void own_rights(void) {
  rights("begins");
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  rights("; gives up");
  struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const struct sock_fprog program = {1, code};
  syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
  rights("; filters");
  if (fork() == 0) execl(self, self, "+rights", (char*)NULL);
  wait(NULL);
  printf("; strict %s\n", outcome(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT)));
}
static void child_rights(void) { rights("; its child"); }
static void* strict_thread(void* nothing) {
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0 && write(ends[0], "x", 1) == 1)
    syscall(SYS_getppid);
  syscall(SYS_write, ends[0], "y", 1);
  return nothing;
}
static void strict(void) {
  pthread_t thread;
  char bytes[2];
  pthread_create(&thread, NULL, strict_thread, NULL);
  pthread_join(thread, NULL);
  printf("thread ended after %zd; process ", recv(ends[1], bytes, sizeof bytes, MSG_DONTWAIT));
  fflush(stdout);
  const pid_t pid = fork();
  if (pid == 0) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) syscall(SYS_exit, 33);
    if (write(ends[0], "x", 1) == 1) syscall(SYS_getppid);
    syscall(SYS_exit, 34);
  }
  printf("%s\n", ended(pid));
}
static void traces_child(void) {
  int status = 0;
  const pid_t pid = fork();
  if (pid == 0) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(errno);
    raise(SIGSTOP);
    _exit(0);
  }
  waitpid(pid, &status, WUNTRACED);
  if (WIFSTOPPED(status)) {
    ptrace(PTRACE_CONT, pid, NULL, NULL);
    printf("traced, %s\n", ended(pid));
  } else {
    printf("PTRACE_TRACEME %s\n", strerrorname_np(WEXITSTATUS(status)));
  }
}

static void set_user_id(void) {
  char path[256];
  snprintf(path, sizeof path, "%s-set-uid", self);
  execl(path, path, "+user", (char*)NULL);
  die(path);
}
static void effective_user(void) { printf("effective user %d\n", (int)geteuid()); }

/* Families */

static void death_signal(void) {
  int gate[2];
  char c = 0;
  if (pipe(gate) != 0) die("pipe");
  if (fork() == 0) {
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, &before);
    handle(SIGUSR2, 0);
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGUSR2);
      if (write(gate[1], "r", 1) != 1) die("write");
      sigsuspend(&before);
      c = (char)got;
      if (write(gate[1], &c, 1) != 1) die("write");
      _exit(0);
    }
    if (read(gate[0], &c, 1) != 1) die("read");
    _exit(0);
  }
  wait(NULL);
  if (read(gate[0], &c, 1) != 1) die("read");
  printf("SIG%s\n", sigabbrev_np(c));
}
static void daemon_twice(void) {
  int gate[2];
  const pid_t first = getpid();
  char c = 0;
  if (pipe(gate) != 0) die("pipe");
  const pid_t pid = fork();
  if (pid == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    const pid_t parent = getppid();
    while (getppid() == parent && parent != 1) {
      if (parent != first && kill(parent, 0) != 0) break;
      sched_yield();
    }
    exchange();
    c = getsid(0) != getpid() ? 'y' : 'n';
    if (write(gate[1], &c, 1) != 1) die("write");
    _exit(0);
  }
  printf("%s", ended(pid));
  if (read(gate[0], &c, 1) != 1) die("read");
  printf(", the daemon has another session's leader: %c\n", c);
}
static void namespaces(void) {
  /* A user namespace of its own where the right is missing; somebody's policy may forbid that, too.
   */
  const int flags = CLONE_NEWPID | CLONE_NEWNET | (geteuid() == 0 ? 0 : CLONE_NEWUSER);
  if (unshare(flags) != 0) {
    printf("unshare %s\n", outcome(-1));
    return;
  }
  const pid_t pid = fork();
  if (pid == 0) {
    const pid_t inner = fork();
    if (inner == 0) {
      exchange();
      _exit(getpid());
    }
    printf("pid %d, ", getpid());
    printf("its child %s", ended(inner));
    fflush(stdout);
    _exit(0);
  }
  printf("; %s\n", ended(pid));
}
static void child_signal(void) {
  sigset_t set, before;
  siginfo_t info;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigprocmask(SIG_BLOCK, &set, &before);
  handle(SIGCHLD, 0);
  const pid_t pid = fork();
  if (pid == 0) {
    exchange();
    _exit(9);
  }
  sigsuspend(&before);
  const int pid_right = got_info.si_pid == pid, status = got_info.si_status,
            code = got_info.si_code;
  printf("SIGCHLD of the child %d, CLD_EXITED %d, status %d, %s; more: ", pid_right,
         code == CLD_EXITED, status, ended(pid));
  printf("%s\n", outcome(sigtimedwait(&set, &info, &(struct timespec){0, 0})));
}
static void timers(void) {
  const struct itimerval soon = {{0, 0}, {0, 20000}};
  handle(SIGALRM, SA_RESTART);
  setitimer(ITIMER_REAL, &soon, NULL);
  while (got == 0) sched_yield();
  printf("SIG%s SI_KERNEL %d\n", sigabbrev_np(got), got_info.si_code == SI_KERNEL);
}
static void fault(void) {
  const pid_t pid = fork();
  if (pid == 0) {
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    *(volatile int*)(NULL) = 1;
  }
  printf("%s\n", ended(pid));
}
static void breakpoint(void) {
  handle(SIGTRAP, 0);
  __asm__ volatile("int3");
  printf("SIG%s SI_KERNEL %d\n", sigabbrev_np(got), got_info.si_code == SI_KERNEL);
}

static const struct {
  const char* name;
  void (*play)(void);
} scenes[] = {{"exec-thread", exec_thread},
              {"vfork", vfork_shares},
              {"clone-flags", clone_flags},
              {"clone-untraced", untraced_child},
              {"group-stop", group_stop},
              {"siginfo", siginfo},
              {"interrupted", no_restart},
              {"sa-restart", sa_restart},
              {"restart-syscall", restarts},
              {"signal-mask", masks},
              {"child-signal", child_signal},
              {"timer", timers},
              {"fault", fault},
              {"breakpoint", breakpoint},
              {"exit-group-inside", exit_group_inside},
              {"leader-ends-first", thread_exit_leader},
              {"killed-inside", killed_inside},
              {"own-filter", own_filter},
              {"own-rights", own_rights},
              {"strict-mode", strict},
              {"traces-its-child", traces_child},
              {"set-user-id", set_user_id},
              {"death-signal", death_signal},
              {"daemon", daemon_twice},
              {"namespaces", namespaces},
              {"+leader", leader},
              {"+seven", seven},
              {"+rights", child_rights},
              {"+user", effective_user}};

int main(int argc, char** argv) {
  self = argv[0];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) die("socketpair");
  setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
  for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; ++i) {
    if (argc < 2 && scenes[i].name[0] != '+') puts(scenes[i].name);
    if (argc < 2 || strcmp(argv[1], scenes[i].name) != 0) continue;
    scenes[i].play();
    return 0;
  }
  return argc < 2 ? 0 : 98;
}
