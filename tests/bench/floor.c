/* A tracer that does nothing but stop its program at each send and receive, before and after, and
   let it go on: what ptrace(2) costs by itself. With --ask it asks the kernel each time what a
   tracer has to know, and throws it away: which call, the stack, what was received. With --calls it
   stops at these calls, by their numbers. Tracer and program share a CPU.
   floor [--ask] [--calls NUMBER,...] COMMAND... */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS                                                                                    \
  (PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK |        \
   PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)

#define MOST_CALLS 16
static unsigned calls[MOST_CALLS] = {SYS_sendto, SYS_recvfrom}, count = 2;

static void take(char* list) {
  count = 0;
  for (char* one = strtok(list, ","); one != NULL && count < MOST_CALLS; one = strtok(NULL, ","))
    calls[count++] = (unsigned)atoi(one);
}

static int filter(void) {
  struct sock_filter rules[2 * MOST_CALLS + 2];
  unsigned short size = 0;
  rules[size++] =
      (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (unsigned i = 0; i < count; ++i) {
    rules[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
    rules[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
  }
  rules[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  struct sock_fprog program = {size, rules};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void ask(pid_t tid) {
  static char bytes[1024];
  static unsigned long long buffers[4096]; /* of receives, by thread */
  struct __ptrace_syscall_info info;
  if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0) return;
  const int entry = info.op != PTRACE_SYSCALL_INFO_EXIT;
  unsigned long long* received = &buffers[tid % 4096];
  if (entry)
    *received = info.entry.nr == SYS_recvfrom || info.entry.nr == SYS_read ? info.entry.args[1] : 0;
  if (!entry && *received == 0) return;
  const struct iovec here = {bytes, entry ? sizeof bytes : 64};
  const struct iovec there = {(void*)(entry ? info.stack_pointer : *received), here.iov_len};
  process_vm_readv(tid, &here, 1, &there, 1, 0);
}

int main(int argc, char** argv) {
  const int asks = argc > 1 && strcmp(argv[1], "--ask") == 0;
  if (asks) --argc, ++argv;
  if (argc > 2 && strcmp(argv[1], "--calls") == 0) take(argv[2]), argc -= 2, argv += 2;
  cpu_set_t one;
  int ready[2];
  char go;
  if (argc < 2 || pipe(ready) != 0) return 2;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  sched_setaffinity(0, sizeof one, &one);
  const pid_t child = fork();
  if (child == 0) {
    if (read(ready[0], &go, 1) != 1 || !filter()) _exit(2);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  if (ptrace(PTRACE_SEIZE, child, NULL, OPTIONS) != 0) return 2;
  if (write(ready[1], "", 1) != 1) return 2;
  int code = 0;
  for (;;) {
    int status;
    const pid_t tid = waitpid(-1, &status, __WALL);
    if (tid < 0) return code;
    if (!WIFSTOPPED(status)) {
      if (tid == child && WIFEXITED(status)) code = WEXITSTATUS(status);
      continue;
    }
    const int event = status >> 16;
    if (asks && (event == PTRACE_EVENT_SECCOMP || WSTOPSIG(status) == (SIGTRAP | 0x80))) ask(tid);
    if (event == PTRACE_EVENT_SECCOMP) {
      ptrace(PTRACE_SYSCALL, tid, NULL, NULL);
      continue;
    }
    const int signal = WSTOPSIG(status);
    const int passed = event == 0 && signal != (SIGTRAP | 0x80) ? signal : 0;
    ptrace(PTRACE_CONT, tid, NULL, (void*)(long)passed);
  }
}
