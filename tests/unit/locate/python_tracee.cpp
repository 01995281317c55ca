#include "python_tracee.hpp"

#include "tracer/base/memory.hpp"
#include "tracer/locate/maps.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <memory>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

namespace socktale::test {

namespace {

using locate::python::Interpreter;

struct CallName {
  long number;
  const char* name;
};
constexpr std::array calls{
    CallName{SYS_socket, "socket"},
    CallName{SYS_connect, "connect"},
    CallName{SYS_accept4, "accept4"},
    CallName{SYS_accept, "accept"},
    CallName{SYS_sendto, "sendto"},
    CallName{SYS_recvfrom, "recvfrom"},
    CallName{SYS_sendmsg, "sendmsg"},
    CallName{SYS_recvmsg, "recvmsg"},
    CallName{SYS_shutdown, "shutdown"},
    CallName{SYS_bind, "bind"},
    CallName{SYS_listen, "listen"},
    CallName{SYS_getsockname, "getsockname"},
    CallName{SYS_getpeername, "getpeername"},
    CallName{SYS_socketpair, "socketpair"},
    CallName{SYS_setsockopt, "setsockopt"},
    CallName{SYS_getsockopt, "getsockopt"},
    CallName{SYS_close, "close"},
};

class LiveMemory final : public Memory {
 public:
  explicit LiveMemory(pid_t pid) : pid_(pid) {}
  void read_spans(std::span<Span> spans) override {
    constexpr std::size_t most = 512; // IOV_MAX is 1024
    for (std::size_t at = 0; at < spans.size(); at += most)
      read_batch(spans.subspan(at, std::min(most, spans.size() - at)));
  }

 private:
  void read_batch(std::span<Span> spans) {
    local_.clear(), remote_.clear();
    std::size_t wanted = 0;
    for (Span& span : spans) {
      local_.push_back({span.into.data(), span.into.size()});
      remote_.push_back({reinterpret_cast<void*>(span.at.address), span.into.size()});
      wanted += span.into.size();
    }
    const ssize_t got =
        ::process_vm_readv(pid_, local_.data(), local_.size(), remote_.data(), remote_.size(), 0);
    const bool all = got >= 0 && static_cast<std::size_t>(got) == wanted;
    for (Span& span : spans) span.got = all ? span.into.size() : read_one(span);
  }
  // By pages, so that what lies before an unreadable one is read.
  [[nodiscard]] std::size_t read_one(const Span& span) const {
    std::size_t done = 0;
    while (done < span.into.size()) {
      const std::uint64_t at = span.at.address + done;
      const std::size_t size = std::min<std::size_t>(span.into.size() - done, 4096 - at % 4096);
      iovec to{span.into.data() + done, size}, from{reinterpret_cast<void*>(at), size};
      const ssize_t got = ::process_vm_readv(pid_, &to, 1, &from, 1, 0);
      if (got <= 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }
  pid_t pid_;
  std::vector<iovec> local_, remote_;
};

bool install_filter() {
  std::vector<sock_filter> program{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (std::size_t i = 0; i < calls.size(); ++i)
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                               static_cast<std::uint32_t>(calls[i].number),
                               static_cast<std::uint8_t>(calls.size() - i), 0));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

constexpr int refusal = 77, no_program = 78;

[[noreturn]] void become(const std::vector<std::string>& command, const std::string& directory) {
  std::vector<char*> argv;
  for (const std::string& argument : command) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  if (!directory.empty() && ::chdir(directory.c_str()) != 0) ::_exit(no_program);
  const int sink = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(sink, STDOUT_FILENO), ::dup2(sink, STDERR_FILENO);
  if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(refusal);
  ::setenv("PYTHONDONTWRITEBYTECODE", "1", 1); // the fixtures' folder stays clean
  ::alarm(30);                                 // a program that hangs ends
  ::raise(SIGSTOP);
  if (!install_filter()) ::_exit(refusal);
  ::execv(argv[0], argv.data());
  ::_exit(no_program);
}

pid_t process_of(pid_t tid) {
  const std::string path = "/proc/" + std::to_string(tid) + "/status";
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
  std::array<char, 256> line{};
  int tgid = tid;
  while (file && std::fgets(line.data(), line.size(), file.get()) != nullptr)
    if (std::sscanf(line.data(), "Tgid: %d", &tgid) == 1) break;
  return tgid;
}

bool is_socket(pid_t tid, std::uint64_t fd) {
  struct stat status{};
  const std::string path = "/proc/" + std::to_string(tid) + "/fd/" + std::to_string(fd);
  return ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

class Tracer {
 public:
  explicit Tracer(pid_t child) : child_(child) {}

  TraceResult run() {
    int status = 0;
    if (::waitpid(child_, &status, 0) != child_ || !WIFSTOPPED(status)) {
      result_.refused = true;
      return std::move(result_);
    }
    constexpr long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE |
                             PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;
    ::ptrace(PTRACE_SETOPTIONS, child_, nullptr, options);
    ::ptrace(PTRACE_CONT, child_, nullptr, 0L);
    loop();
    finish();
    return std::move(result_);
  }

 private:
  struct Look {
    std::shared_ptr<Interpreter> interpreter;
    SeenCall call;
  };

  void loop() {
    while (true) {
      int status = 0;
      const pid_t tid = ::waitpid(-1, &status, __WALL);
      if (tid < 0) {
        if (errno == EINTR) continue;
        break; // no more children
      }
      if (!WIFSTOPPED(status)) {
        if (tid == child_) result_.status = status;
        continue;
      }
      const int event = status >> 16;
      long signal = WSTOPSIG(status);
      if (event != 0 || signal == SIGSTOP) signal = 0; // SIGSTOP: how a new thread begins
      if (event == PTRACE_EVENT_SECCOMP) on_call(tid);
      if (event == PTRACE_EVENT_EXEC) interpreters_.erase(tid);
      ::ptrace(PTRACE_CONT, tid, nullptr, signal);
    }
    result_.refused = WIFEXITED(result_.status) && WEXITSTATUS(result_.status) == refusal;
  }

  void on_call(pid_t tid) {
    user_regs_struct user{};
    if (::ptrace(PTRACE_GETREGS, tid, nullptr, &user) != 0) return;
    const auto* call =
        std::ranges::find(calls, static_cast<long>(user.orig_rax), &CallName::number);
    if (call == calls.end()) return;
    if (call->number != SYS_socket && call->number != SYS_socketpair && !is_socket(tid, user.rdi))
      return;
    const pid_t pid = process_of(tid);
    LiveMemory memory(pid);
    auto& interpreter = interpreters_[pid];
    if (!interpreter) interpreter = Interpreter::find({pid}, locate::read_maps({pid}), memory);
    if (!interpreter) return;
    Registers registers;
    registers.fs_base = user.fs_base;
    const auto before = std::chrono::steady_clock::now();
    Look look{interpreter, {call->name, interpreter->look({tid}, registers, memory), {}, {}}};
    times_.push_back(std::chrono::steady_clock::now() - before);
    looks_.push_back(std::move(look));
  }

  void finish() {
    for (Look& look : looks_) {
      look.call.frames = look.interpreter->name(look.call.sighting);
      look.call.place = look.interpreter->place(look.call.sighting, look.call.frames);
      result_.version = look.interpreter->version();
      result_.calls.push_back(std::move(look.call));
    }
    if (times_.size() <= 100) return;
    times_.erase(times_.begin(), times_.begin() + 100);
    std::ranges::sort(times_);
    result_.look_time = times_[times_.size() / 2];
  }

  pid_t child_;
  TraceResult result_;
  std::map<pid_t, std::shared_ptr<Interpreter>> interpreters_;
  std::vector<Look> looks_;
  std::vector<std::chrono::nanoseconds> times_;
};

} // namespace

TraceResult trace_python(const std::vector<std::string>& command, const std::string& directory) {
  const pid_t child = ::fork();
  if (child < 0) {
    TraceResult result;
    result.refused = true;
    return result;
  }
  if (child == 0) become(command, directory);
  return Tracer(child).run();
}

} // namespace socktale::test
