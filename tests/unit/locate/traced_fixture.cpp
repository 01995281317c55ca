#include "tests/unit/locate/traced_fixture.hpp"

#include "tracer/base/unique_fd.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <deque>
#include <unordered_set>
#include <vector>

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

namespace socktale::test {
namespace {

class TracedMemory final : public Memory {
 public:
  explicit TracedMemory(pid_t pid) : pid_(pid) {}
  void read_spans(std::span<Span> spans) override {
    std::vector<iovec> local;
    std::vector<iovec> remote;
    std::size_t wanted = 0;
    for (Span& span : spans) {
      local.push_back({span.into.data(), span.into.size()});
      remote.push_back({reinterpret_cast<void*>(span.at.address), span.into.size()});
      wanted += span.into.size();
    }
    const ssize_t got = spans.size() > IOV_MAX ? -1
                                               : process_vm_readv(pid_, local.data(), local.size(),
                                                                  remote.data(), remote.size(), 0);
    const bool whole = got >= 0 && static_cast<std::size_t>(got) == wanted;
    for (Span& span : spans) span.got = whole ? span.into.size() : read_one(span);
  }

 private:
  // Page by page: the kernel stops at the first piece that it cannot read.
  std::size_t read_one(const Span& span) const {
    constexpr std::size_t page = 4096;
    std::size_t done = 0;
    while (done < span.into.size()) {
      const std::uint64_t at = span.at.address + done;
      const std::size_t size = std::min<std::size_t>(span.into.size() - done, page - at % page);
      iovec into{span.into.data() + done, size};
      iovec from{reinterpret_cast<void*>(at), size};
      const ssize_t got = process_vm_readv(pid_, &into, 1, &from, 1, 0);
      if (got <= 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }
  pid_t pid_;
};

// The expectations that came down the pipe so far.
class Expectations {
 public:
  explicit Expectations(UniqueFd pipe) : pipe_(std::move(pipe)) {}

  std::optional<Expectation> next() {
    drain();
    if (queue_.empty()) return many_;
    auto first = std::move(queue_.front());
    queue_.pop_front();
    many_ = first.kind == "many" ? std::optional(first) : std::nullopt;
    return first;
  }
  bool all_met() {
    drain();
    return queue_.empty();
  }

 private:
  void drain() {
    std::array<char, 4096> bytes{};
    ssize_t got = 0;
    while ((got = ::read(pipe_.get(), bytes.data(), bytes.size())) > 0)
      text_.append(bytes.data(), static_cast<std::size_t>(got));
    for (auto end = text_.find('\x1e'); end != std::string::npos; end = text_.find('\x1e')) {
      queue_.push_back(parse(text_.substr(0, end)));
      text_.erase(0, end + 1);
    }
  }
  static Expectation parse(std::string text) {
    std::array<std::string, 5> fields;
    for (auto& field : fields) {
      const auto end = std::min(text.find('\x1f'), text.size());
      field = text.substr(0, end);
      text.erase(0, std::min(end + 1, text.size()));
    }
    return {fields[0], std::stoi(fields[1]), fields[2], fields[3], fields[4]};
  }
  UniqueFd pipe_;
  std::string text_;
  std::deque<Expectation> queue_;
  std::optional<Expectation> many_;
};

bool is_socket(pid_t pid, std::uint64_t fd) {
  std::array<char, 16> target{};
  const std::string link = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(fd);
  const ssize_t size = readlink(link.c_str(), target.data(), target.size());
  return size > 0 &&
         std::string_view(target.data(), static_cast<std::size_t>(size)).starts_with("socket:");
}

bool is_wait(std::uint64_t number) { return number == SYS_epoll_wait || number == SYS_epoll_pwait; }

bool is_socket_call(pid_t pid, const user_regs_struct& regs) {
  switch (regs.orig_rax) {
  case SYS_accept4:
  case SYS_close: return true;
  // Of these most are about files, and what a fixture states is written so.
  case SYS_read:
  case SYS_write:
  case SYS_readv:
  case SYS_writev: return is_socket(pid, regs.rdi);
  default: return regs.orig_rax >= SYS_socket && regs.orig_rax <= SYS_getsockopt;
  }
}

[[noreturn]] void become(std::vector<std::string>& command) {
  if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(126);
  raise(SIGSTOP);
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

struct Loop {
  pid_t pid;
  Expectations expectations;
  const std::function<void(const StoppedCall&)>& on_call;
  std::unordered_set<pid_t> inside; // threads that have entered a call and not left it
  std::unordered_set<pid_t> seen;

  void at_syscall(pid_t tid) {
    if (inside.erase(tid) != 0) return;
    inside.insert(tid);
    user_regs_struct regs{};
    if (ptrace(PTRACE_GETREGS, tid, nullptr, &regs) != 0) return;
    const bool waits = is_wait(regs.orig_rax);
    if (!waits && !is_socket_call(pid, regs)) return;
    TracedMemory memory(pid);
    on_call({Pid{pid},
             Tid{tid},
             regs.orig_rax,
             {regs.rip, regs.rsp, regs.rbp, regs.rbx, regs.r12, regs.r13, regs.r14, regs.r15,
              regs.fs_base},
             memory,
             waits ? std::nullopt : expectations.next()});
  }

  // The status that the fixture ended with.
  int run() {
    while (true) {
      int status = 0;
      const pid_t tid = waitpid(-1, &status, __WALL);
      if (tid < 0) return -1;
      if (WIFEXITED(status) || WIFSIGNALED(status)) {
        if (tid == pid) return status;
        continue;
      }
      const int signal = WSTOPSIG(status);
      const bool first_stop = seen.insert(tid).second && tid != pid && signal == SIGSTOP;
      const bool is_trap = signal == SIGTRAP || signal == (SIGTRAP | 0x80);
      if (signal == (SIGTRAP | 0x80)) at_syscall(tid);
      ptrace(PTRACE_SYSCALL, tid, nullptr,
             reinterpret_cast<void*>(is_trap || first_stop ? 0L : static_cast<long>(signal)));
    }
  }
};

} // namespace

FixtureRun run_fixture(std::vector<std::string> command,
                       const std::function<void(const StoppedCall&)>& on_call) {
  int ends[2];
  if (pipe(ends) != 0) return FixtureRun::failed;
  UniqueFd from(ends[0]);
  UniqueFd to(ends[1]);
  fcntl(from.get(), F_SETFD, FD_CLOEXEC);
  fcntl(from.get(), F_SETFL, O_NONBLOCK);
  command.push_back(std::to_string(to.get()));
  const pid_t pid = fork();
  if (pid < 0) return FixtureRun::failed;
  if (pid == 0) become(command);
  to.reset();
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) return FixtureRun::refused;
  constexpr long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE;
  ptrace(PTRACE_SETOPTIONS, pid, nullptr, reinterpret_cast<void*>(options));
  ptrace(PTRACE_SYSCALL, pid, nullptr, nullptr);
  Loop loop{pid, Expectations(std::move(from)), on_call, {}, {pid}};
  const int end = loop.run();
  const bool well = WIFEXITED(end) && WEXITSTATUS(end) == 0 && loop.expectations.all_met();
  return well ? FixtureRun::done : FixtureRun::failed;
}

} // namespace socktale::test
