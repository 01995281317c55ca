#include "tracer/engine/launch.hpp"

#include "tracer/base/unique_fd.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <elf.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <paths.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace socktale::engine {

// What a child that cannot exec leaves behind.
struct Child::Shared {
  const char* op = nullptr; // a literal: the same address in both processes
  int error = 0;
};

namespace {

// EACCES when it is there but cannot be run, as execve(2) would say.
int runnable(const std::string& path) {
  struct stat about{};
  if (stat(path.c_str(), &about) != 0) return errno;
  if (!S_ISREG(about.st_mode)) return EACCES;
  return access(path.c_str(), X_OK) == 0 ? 0 : EACCES;
}

// What execvp(3) hands to the shell when the kernel does not know it: anything but a program of
// another machine, which no shell could read either.
bool may_be_script(const std::string& path) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, SELFMAG> start{};
  return !file || read(file.get(), start.data(), start.size()) != SELFMAG ||
         std::memcmp(start.data(), ELFMAG, SELFMAG) != 0;
}

// Everything that the child does is async-signal-safe: other threads of ours may hold locks.
struct ChildWork {
  const char* path;
  char* const* argv;
  char* const* shell_argv; // for a script without "#!", as execvp(3) runs it; null: it is none
  std::array<int, 3> stdio;
  sigset_t signal_mask;
  sock_fprog filter;
  int gate;
};

// Moves the three descriptors into place even where they cross (dup2(2) of a number onto itself
// keeps FD_CLOEXEC, so everything goes through fresh numbers first).
bool set_stdio(const std::array<int, 3>& stdio) {
  std::array<int, 3> fresh{};
  for (int i = 0; i < 3; ++i) {
    const auto slot = static_cast<std::size_t>(i);
    if (stdio.at(slot) == i) continue;
    fresh.at(slot) = fcntl(stdio.at(slot), F_DUPFD_CLOEXEC, 3);
    if (fresh.at(slot) < 0) return false;
  }
  for (int i = 0; i < 3; ++i) {
    const auto slot = static_cast<std::size_t>(i);
    if (stdio.at(slot) != i && dup2(fresh.at(slot), i) < 0) return false;
  }
  return true;
}

// With CAP_SYS_ADMIN the filter needs no NO_NEW_PRIVS, which would take set-user-ID away.
bool set_filter(const sock_fprog& filter) {
  if (filter.len == 0) return true;
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0) return true;
  return errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

// Returns only on failure: the name of what failed.
const char* become(const ChildWork& work) {
  char token = 0;
  if (read(work.gate, &token, 1) != 1) return "wait for the tracer";
  if (!set_stdio(work.stdio)) return "dup2";
  // Dispositions that exec keeps are as ours were; the mask is given back as it was.
  sigprocmask(SIG_SETMASK, &work.signal_mask, nullptr);
  if (!set_filter(work.filter)) return "seccomp";
  execve(work.path, work.argv, environ);
  if (errno == ENOEXEC && work.shell_argv != nullptr)
    execve(_PATH_BSHELL, work.shell_argv, environ);
  return "execve";
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

} // namespace

Result<std::string> find_program(const std::string& name) {
  const auto failed = [&](int code) { return std::unexpected(Error{name, code, {}}); };
  if (name.empty()) return failed(ENOENT);
  if (name.contains('/')) {
    if (const int code = runnable(name); code != 0) return failed(code);
    return name;
  }
  const char* path = std::getenv("PATH");
  const std::string places = path == nullptr ? _PATH_DEFPATH : path;
  int code = ENOENT;
  for (std::size_t from = 0; from <= places.size();) {
    const std::size_t to = std::min(places.find(':', from), places.size());
    const std::string dir = places.substr(from, to - from);
    std::string candidate = (dir.empty() ? "." : dir) + "/" + name;
    const int result = runnable(candidate);
    if (result == 0) return candidate;
    if (result == EACCES) code = EACCES;
    from = to + 1;
  }
  return failed(code);
}

Result<Child> Child::fork_stopped(const Launch& launch, std::span<const sock_filter> filter) {
  void* page =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return std::unexpected(Error{"mmap", errno, {}});
  auto* shared = new (page) Shared;
  std::array<int, 2> gate{};
  if (pipe2(gate.data(), O_CLOEXEC) != 0) {
    const int code = errno;
    munmap(page, sizeof(Shared));
    return std::unexpected(Error{"pipe2", code, {}});
  }
  const std::vector<char*> argv = pointers(launch.argv);
  std::vector<std::string> shell{_PATH_BSHELL, launch.path};
  if (launch.argv.size() > 1) shell.insert(shell.end(), launch.argv.begin() + 1, launch.argv.end());
  const std::vector<char*> shell_argv = pointers(shell);
  const ChildWork work{
      launch.path.c_str(),
      argv.data(),
      may_be_script(launch.path) ? shell_argv.data() : nullptr,
      launch.stdio,
      launch.signal_mask,
      {static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())},
      gate[0]};
  const pid_t pid = fork();
  if (pid == 0) {
    close(gate[1]);
    const char* op = become(work);
    shared->error = errno;
    shared->op = op;
    _exit(127);
  }
  const int code = errno;
  close(gate[0]);
  Child child{Pid{pid}, gate[1], shared};
  if (pid < 0) return std::unexpected(Error{"fork", code, {}});
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(other.pid_),
      gate_(std::exchange(other.gate_, -1)),
      shared_(std::exchange(other.shared_, nullptr)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(gate_, other.gate_);
  std::swap(shared_, other.shared_);
  return *this;
}

Child::~Child() {
  if (gate_ >= 0) close(gate_);
  if (shared_ != nullptr) munmap(shared_, sizeof(Shared));
}

void Child::let_go() {
  const char token = 1;
  [[maybe_unused]] const ssize_t sent = write(gate_, &token, 1);
}

Error Child::failure() const {
  return shared_->op == nullptr ? Error{"the program ended before its exec", 0, {}}
                                : Error{shared_->op, shared_->error, {}};
}

} // namespace socktale::engine
