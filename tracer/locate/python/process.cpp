#include "tracer/locate/python/process.hpp"

#include "tracer/base/file_start.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <ctime>
#include <limits>

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace socktale::locate::python {

namespace {

constexpr std::size_t most_command_line = 1U << 20U;
constexpr std::int64_t second = 1'000'000'000;

std::string read_link(const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

UniqueFd foreign_root(const std::string& proc) {
  struct stat ours{};
  struct stat theirs{};
  UniqueFd root(::open((proc + "/root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root || ::fstat(root.get(), &theirs) != 0 || ::stat("/", &ours) != 0) return {};
  return ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino ? UniqueFd()
                                                                      : std::move(root);
}

std::int64_t now_of(clockid_t clock) {
  timespec time{};
  return ::clock_gettime(clock, &time) == 0 ? time.tv_sec * second + time.tv_nsec : 0;
}

// Field 22 of /proc/PID/stat: clock ticks after boot, rounded down. The name in field 2 may hold
// anything, so fields are counted after the last ')'.
std::int64_t start_of(const std::string& stat) {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::size_t at = name_end + 1;
  for (int field = 2; field < 22; ++field) {
    at = stat.find(' ', at);
    if (at == std::string::npos) return 0;
    ++at;
  }
  std::int64_t ticks = 0;
  std::from_chars(stat.data() + at, stat.data() + stat.size(), ticks);
  const std::int64_t rate = std::max(::sysconf(_SC_CLK_TCK), 1L);
  if (ticks <= 0 || ticks > std::numeric_limits<std::int64_t>::max() / second) return 0;
  // One tick makes up for the rounding, 20 ms are less than an interpreter takes to begin.
  const std::int64_t booted = now_of(CLOCK_REALTIME) - now_of(CLOCK_BOOTTIME);
  return booted + (ticks + 1) * (second / rate) + 20'000'000;
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// After the program's name; a dynamic linker that was asked to run Python has options of its own.
std::size_t first_option(const std::vector<std::string_view>& arguments) {
  if (arguments.empty() || !file_name(arguments[0]).starts_with("ld-")) return 1;
  const auto program = std::ranges::find_if(arguments, [](std::string_view argument) {
    return file_name(argument).starts_with("python");
  });
  return static_cast<std::size_t>(program - arguments.begin()) + 1;
}

} // namespace

Process::Process(Pid pid) : pid_(pid), user_(file_user_of(pid)) {
  const std::string proc = fmt::format("/proc/{}", pid.value);
  root_ = foreign_root(proc);
  working_directory_ = read_link(proc + "/cwd");
  started_at_ = start_of(read_start(proc + "/stat", 4096));
  command_text_ = command_text_of(read_start(proc + "/cmdline", most_command_line));
}

// Who it was at its first call, and who it is as far as that can still be told: a program that has
// given privileges up must not be shown files by those that it had.
UniqueFd Process::open(const std::string& path) const {
  if (!user_) return {};
  const auto now = user_->uid == 0 ? file_user_of(pid_) : std::nullopt;
  return open_regular(path, now ? *now : *user_, root_ ? root_.get() : -1);
}

std::optional<std::string> command_text_of(std::string_view command_line) {
  std::vector<std::string_view> arguments;
  while (!command_line.empty()) {
    const std::size_t end = std::min(command_line.find('\0'), command_line.size());
    arguments.push_back(command_line.substr(0, end));
    command_line.remove_prefix(std::min(end + 1, command_line.size()));
  }
  for (std::size_t i = first_option(arguments); i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument.size() < 2 || argument.front() != '-') return std::nullopt; // the script, or stdin
    if (argument.starts_with("--")) {
      i += argument == "--check-hash-based-pycs" ? 1 : 0;
      continue;
    }
    const std::size_t taker = argument.find_first_of("cmWX", 1);
    if (taker == std::string_view::npos) continue;
    std::string_view value = argument.substr(taker + 1);
    if (value.empty()) value = ++i < arguments.size() ? arguments[i] : std::string_view();
    if (argument[taker] == 'm') return std::nullopt;
    if (argument[taker] == 'c') return std::string(value);
  }
  return std::nullopt;
}

} // namespace socktale::locate::python
