// How the filters of a process grow while it runs: which descriptors a program begins with, and how
// it is made to take a further filter. When and why stays in tracer.cpp; the rules in seccomp.cpp.
#include "tracer/base/numbers_in.hpp"
#include "tracer/engine/seccomp.hpp"
#include "tracer/engine/tracer.hpp"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace socktale::engine {
namespace {

// After these a program may not be able to take another filter: it has one of its own that forbids
// it, or has given up the privilege that stands in for PR_SET_NO_NEW_PRIVS (seccomp(2)).
struct LastCall {
  int number;
  std::size_t user_ids = 0; // that it is given
};
constexpr std::array last_calls = {LastCall{SYS_seccomp},      LastCall{SYS_prctl},
                                   LastCall{SYS_setuid, 1},    LastCall{SYS_setreuid, 2},
                                   LastCall{SYS_setresuid, 3}, LastCall{SYS_capset}};

// Who stays root, as servers that are told to do, loses no privilege (capabilities(7)).
bool stays_root(const LastCall& last, const EntryStop::Info& call) {
  const std::span ids(call.args.data(), last.user_ids);
  constexpr std::uint32_t unchanged = -1U;
  return !ids.empty() && std::ranges::all_of(ids, [](std::uint64_t id) {
    const auto user = static_cast<std::uint32_t>(id);
    return user == 0 || user == unchanged;
  });
}

using Added = std::expected<bool, Injection::Interrupted>;

// Has a program take a filter, with all its threads. Its text goes into a page of its own: no
// memory of the program's is touched.
Added inject_filter(Injection& injection, std::span<const sock_filter> filter) {
  if (!injection.possible()) return false;
  constexpr auto no_file = ~0ULL;
  const std::uint64_t size = sizeof(sock_fprog) + filter.size_bytes();
  const auto page = injection.call(
      SYS_mmap, {0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, no_file, 0});
  if (!page) return std::unexpected(page.error());
  if (*page < 0) return false;
  const auto at = static_cast<std::uint64_t>(*page);
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           reinterpret_cast<sock_filter*>(at + sizeof(sock_fprog))};
  bool added = false;
  if (injection.write(at, std::as_bytes(std::span(&program, 1))) &&
      injection.write(at + sizeof program, std::as_bytes(filter))) {
    const auto result = injection.call(
        SYS_seccomp, {SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, at, 0, 0, 0});
    if (!result) return std::unexpected(result.error());
    added = *result == 0; // otherwise an error, or a thread that has a filter of its own
  }
  const auto unmapped = injection.call(SYS_munmap, {at, size, 0, 0, 0, 0});
  if (!unmapped) return std::unexpected(unmapped.error());
  return added;
}

} // namespace

// Sockets that a program has from its start: those that we leave open for it, and its 0, 1 and 2.
std::vector<int> Tracer::inherited_sockets(const std::array<int, 3>& stdio) {
  std::vector<int> found;
  const auto is_socket = [](int fd) {
    struct stat about{};
    return fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode);
  };
  for (int i = 0; i < 3; ++i)
    if (is_socket(stdio.at(static_cast<std::size_t>(i)))) found.push_back(i);
  for (const int fd : numbers_in("/proc/self/fd"))
    if (fd > 2 && is_socket(fd) && (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0) found.push_back(fd);
  return found;
}

std::vector<int> Tracer::last_filter_calls() {
  std::vector<int> numbers;
  for (const LastCall& each : last_calls) numbers.push_back(each.number);
  return numbers;
}

bool Tracer::ends_filtering(const EntryStop::Info& call) {
  const auto* const last = std::ranges::find(last_calls, call.number, &LastCall::number);
  return call.abi == tables::Abi::x86_64 && last != last_calls.end() &&
         (call.number != SYS_prctl || call.args[0] == PR_SET_SECCOMP) && !stays_root(*last, call);
}

// A filter that cannot be added is made up for by stopping at every call of the process, which is
// slow and never wrong.
bool Tracer::add_filter(Pid pid, Injection& injection, const Addition& addition) {
  const auto filter = build_filter(wanted_, addition);
  const Added added = filter ? inject_filter(injection, *filter) : Added(false);
  if (!added) tell_later(injection.tid(), added.error());
  if (!added || !*added) stop_every_call(pid);
  return added.has_value();
}

void Tracer::tell_later(Tid tid, const Injection::Interrupted& what) {
  if (what.status) untold_.emplace_back(tid, *what.status);
}

bool Tracer::watch(Pid pid, Tid tid, std::span<const int> descriptors) {
  Process& process = processes_[pid];
  if (mode_ == Mode::every_call || process.every_call) return true;
  if (process.narrow) {
    process.unwatched |= !descriptors.empty();
    return true;
  }
  const auto addition = process.watched.add(descriptors);
  if (!addition) return true;
  Injection injection(tid);
  return add_filter(pid, injection, *addition);
}

// Before the process takes away what filters need: the right to add some, or the calls for it.
// True: something was done, and the task comes to the same call once more.
bool Tracer::watch_everything(Pid pid, Tid tid) {
  Process& process = processes_[pid];
  if (mode_ == Mode::every_call || process.every_call) return false;
  const auto addition = process.watched.add_everything();
  if (!addition) return false;
  bool stopped = false;
  if (auto injection = Injection::before_call(tid)) {
    stopped = add_filter(pid, *injection, *addition);
  } else {
    tell_later(tid, injection.error());
    stop_every_call(pid);
  }
  if (stopped) restart(tid, 0);
  return true;
}

} // namespace socktale::engine
