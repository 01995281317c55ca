// The engine on a real program: what stops, what does not, and that the program notices nothing.
#include "tests/support/catch.hpp"
#include "tracer/base/unique_fd.hpp"
#include "tracer/engine/seccomp.hpp"
#include "tracer/engine/tracer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

using namespace socktale;
using namespace socktale::engine;

namespace {

const std::string behaviour = SOCKTALE_FIXTURES "/behaviour/behaviour";

const std::vector<Wanted> socket_calls = {
    {SYS_socketpair}, {SYS_sendto}, {SYS_recvfrom}, {SYS_poll}, {SYS_close}};

// How a program went: what it printed, how it ended, and what was seen of it.
struct Seen {
  std::string output;
  std::optional<int> status, signal;
  std::uint64_t stops = 0;
  std::map<long, int> entries; // by call
  std::vector<std::int64_t> results;
  std::set<Pid> processes;
  std::set<Tid> threads;
  int execs = 0, signals = 0, unfinished = 0;
  bool shared_cpu = false; // at some time
};

std::string contents(int fd) {
  std::string text(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)), '\0');
  [[maybe_unused]] const ssize_t got = pread(fd, text.data(), text.size(), 0);
  return text;
}

Launch launch_of(const std::vector<std::string>& arguments, int out) {
  Launch launch;
  launch.path = behaviour;
  launch.argv = {behaviour};
  launch.argv.insert(launch.argv.end(), arguments.begin(), arguments.end());
  launch.stdio = {0, out, 2};
  sigprocmask(SIG_BLOCK, nullptr, &launch.signal_mask);
  return launch;
}

Seen trace(const std::vector<std::string>& arguments, Mode mode = Mode::filtered) {
  const UniqueFd out{memfd_create("out", MFD_CLOEXEC)};
  Tracer tracer(socket_calls, mode);
  const auto pid = tracer.start(launch_of(arguments, out.get()));
  if (!pid) FAIL("ptrace is refused here: " << pid.error().text());
  Seen seen;
  std::set<Tid> inside;
  const std::atomic<bool> never = false;
  while (auto stop = tracer.next(never)) {
    seen.shared_cpu = seen.shared_cpu || tracer.shares_cpu();
    if (auto* entry = std::get_if<EntryStop>(&*stop)) {
      ++seen.entries[entry->info().number];
      seen.processes.insert(entry->pid());
      seen.threads.insert(entry->tid());
      CHECK(inside.insert(entry->tid()).second);
      std::move(*entry).watch();
    } else if (auto* exit = std::get_if<ExitStop>(&*stop)) {
      CHECK(inside.erase(exit->tid()) == 1);
      seen.results.push_back(exit->result());
      std::move(*exit).resume();
    } else if (auto* exec = std::get_if<ExecStop>(&*stop)) {
      ++seen.execs;
      CHECK(exec->tid().value == exec->pid().value);
      std::move(*exec).resume();
    } else if (auto* birth = std::get_if<BirthStop>(&*stop)) {
      CHECK(birth->newborn().shares_descriptors == (birth->newborn().pid == birth->pid()));
      std::move(*birth).resume();
    } else if (std::holds_alternative<Signalled>(*stop)) {
      ++seen.signals;
    } else if (auto* gone = std::get_if<Gone>(&*stop)) {
      seen.unfinished += static_cast<int>(inside.erase(gone->tid));
      if (gone->last && gone->pid == *pid) {
        seen.status = gone->status;
        seen.signal = gone->signal;
      }
    }
  }
  seen.output = contents(out.get());
  seen.stops = tracer.syscall_stops();
  return seen;
}

Seen run_untraced(const std::vector<std::string>& arguments) {
  const UniqueFd out{memfd_create("out", MFD_CLOEXEC)};
  const Launch launch = launch_of(arguments, out.get());
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(out.get(), 1);
    std::vector<char*> argv;
    for (const std::string& arg : launch.argv) argv.push_back(const_cast<char*>(arg.c_str()));
    argv.push_back(nullptr);
    execv(behaviour.c_str(), argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  Seen seen;
  if (WIFEXITED(status)) seen.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) seen.signal = WTERMSIG(status);
  seen.output = contents(out.get());
  return seen;
}

} // namespace

TEST_CASE("only calls of the table stop, however many others there are") {
  Seen few = trace({"quiet", "0"});
  Seen many = trace({"quiet", "200000"});
  CHECK(many.stops == few.stops);
  CHECK(many.entries[SYS_socketpair] == 1);
  CHECK(many.entries[SYS_sendto] == 1);
  CHECK_FALSE(many.entries.contains(SYS_getppid));
}

TEST_CASE("traced programs print and end as they do untraced") {
  const std::vector<std::vector<std::string>> ways = {
      {"quiet", "10"},   {"threads"},     {"forks"},        {"vfork"},
      {"thread-exec"},   {"eintr"},       {"restart"},      {"stopped"},
      {"killed-inside"}, {"affinity"},    {"status", "0"},  {"status", "42"},
      {"signal", "15"},  {"signal", "9"}, {"signal", "11"}, {"signal", "13"}};
  for (const auto& way : ways)
    for (const Mode mode : {Mode::filtered, Mode::every_call}) {
      CAPTURE(way.front(), static_cast<int>(mode));
      const Seen plain = run_untraced(way);
      const Seen traced = trace(way, mode);
      CHECK(traced.output == plain.output);
      CHECK(traced.status == plain.status);
      CHECK(traced.signal == plain.signal);
    }
}

TEST_CASE("threads, forks, vfork and exec are followed") {
  const Seen threads = trace({"threads"});
  CHECK(threads.threads.size() == 8);
  CHECK(threads.processes.size() == 1);
  CHECK(threads.entries.at(SYS_socketpair) == 8 * 20);
  const Seen forks = trace({"forks"});
  CHECK(forks.processes.size() == 5);
  const Seen vforked = trace({"vfork"});
  CHECK(vforked.execs == 2);
  CHECK(vforked.entries.at(SYS_socketpair) == 1);
  const Seen thread_exec = trace({"thread-exec"});
  CHECK(thread_exec.execs == 2);
  CHECK(thread_exec.status == 5);
  CHECK(thread_exec.entries.at(SYS_socketpair) == 1);
}

TEST_CASE("a program that talks much shares the tracer's CPU, and neither sees it nor keeps it") {
  cpu_set_t before;
  cpu_set_t after;
  sched_getaffinity(0, sizeof before, &before);
  const Seen seen = trace({"affinity"});
  CHECK(seen.shared_cpu);
  CHECK(seen.output == run_untraced({"affinity"}).output);
  sched_getaffinity(0, sizeof after, &after);
  CHECK(CPU_EQUAL(&before, &after));
  CHECK_FALSE(trace({"quiet", "100"}).shared_cpu);
}

TEST_CASE("an interrupted call shows the kernel's restart code, a killed one never returns") {
  const Seen restarted = trace({"restart"});
  // The signal of the ended child may come on top and have the call made once more.
  const auto restarts = std::ranges::count(restarted.results, -512);
  CHECK(restarts >= 1);
  CHECK(restarted.entries.at(SYS_recvfrom) == restarts + 1);
  const Seen interrupted = trace({"eintr"});
  CHECK(std::ranges::count(interrupted.results, -512) == 1);
  CHECK(interrupted.entries.at(SYS_recvfrom) == 1);
  Seen stopped = trace({"stopped"});
  CHECK(stopped.entries[SYS_restart_syscall] == 1);
  CHECK(trace({"killed-inside"}).unfinished == 1);
}

TEST_CASE("what cannot be started is an error with its errno") {
  CHECK(find_program("no-such-program-here").error().code == ENOENT);
  CHECK(find_program("/etc/passwd").error().code == EACCES);
  CHECK(find_program("/etc").error().code == EACCES);
  CHECK(find_program("").error().code == ENOENT);
  CHECK(find_program("sh").has_value());
  Tracer tracer(socket_calls, Mode::filtered);
  Launch launch = launch_of({}, 1);
  launch.path = "/no/such/file";
  const auto started = tracer.start(launch);
  REQUIRE_FALSE(started);
  CHECK(started.error().op == "execve");
  CHECK(started.error().code == ENOENT);
  CHECK(tracer.empty());
}

TEST_CASE("memory of a process is read in whole spans, up to the first page that is not there") {
  const long page = sysconf(_SC_PAGESIZE);
  void* area = mmap(nullptr, static_cast<std::size_t>(2 * page), PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(area != MAP_FAILED);
  munmap(static_cast<char*>(area) + page, static_cast<std::size_t>(page));
  const auto start = reinterpret_cast<std::uint64_t>(area);
  std::memset(area, 'x', static_cast<std::size_t>(page));
  ProcessMemory memory(Tid{getpid()});
  std::array<std::byte, 100> buffer{};
  const auto end = start + static_cast<std::uint64_t>(page);
  CHECK(memory.read({end - 40}, buffer) == 40);
  CHECK(memory.read({start}, buffer) == 100);
  CHECK(memory.read({end}, buffer) == 0);
  CHECK(memory.read({0}, buffer) == 0);
  CHECK(memory.read({~0ULL - 10}, buffer) == 0);
  std::array<std::byte, 8> a{};
  std::array<std::byte, 8> b{};
  std::array<std::byte, 8> c{};
  std::array<Memory::Span, 3> spans{Memory::Span{{start}, a}, {{end + 5}, b}, {{end - 8}, c}};
  memory.read_spans(spans);
  CHECK(spans[0].got == 8);
  CHECK(spans[1].got == 0);
  CHECK(spans[2].got == 8);
  munmap(area, static_cast<std::size_t>(page));
}

TEST_CASE("the filter is a program of the kernel's size") {
  const auto filter = build_filter(socket_calls, Addition{.base = true, .blocks = {}});
  REQUIRE(filter);
  CHECK(filter->size() > socket_calls.size());
  CHECK(filter->size() < 4096);
}
