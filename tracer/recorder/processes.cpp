#include "tracer/recorder/processes.hpp"

#include "tracer/base/process_status.hpp"
#include "tracer/recorder/source_keeper.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include <elf.h>
#include <time.h>
#include <unistd.h>

namespace socktale::recorder {
namespace {

std::string link_target(Pid pid, const char* name) {
  std::error_code error;
  const auto target =
      std::filesystem::read_symlink(fmt::format("/proc/{}/{}", pid.value, name), error);
  return error ? std::string{} : target.string();
}

// How long ago it was made: field 22 of /proc/PID/stat, in ticks since boot. The name before it can
// hold anything but ends with the last ')'.
std::int64_t age_ns(Pid pid) {
  constexpr int fields_between = 19; // from the state to the time
  constexpr std::int64_t second = 1'000'000'000;
  std::ifstream file(fmt::format("/proc/{}/stat", pid.value));
  std::string text;
  std::getline(file, text, '\0');
  std::istringstream words(text.substr(std::min(text.rfind(')'), text.size() - 1) + 1));
  std::string skipped;
  for (int i = 0; i < fields_between; ++i) words >> skipped;
  std::int64_t ticks = 0;
  timespec boot{};
  if (!(words >> ticks) || clock_gettime(CLOCK_BOOTTIME, &boot) != 0) return 0;
  return boot.tv_sec * second + boot.tv_nsec - ticks * (second / sysconf(_SC_CLK_TCK));
}

// Which kernel interface the program uses: told by its ELF header.
std::string abi(Pid pid) {
  std::ifstream file(fmt::format("/proc/{}/exe", pid.value), std::ios::binary);
  Elf32_Ehdr header{}; // the first members are laid out alike in both classes
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return {};
  const bool wide = header.e_ident[EI_CLASS] == ELFCLASS64;
  if (header.e_machine == EM_386) return "i386";
  if (header.e_machine == EM_X86_64) return wide ? "x86-64" : "x32";
  return {};
}

} // namespace

std::vector<std::string> arguments_of(Pid pid) {
  const std::string bytes = command_line(pid);
  std::vector<std::string> out;
  for (std::size_t from = 0; from < bytes.size();) {
    const std::size_t to = std::min(bytes.find('\0', from), bytes.size());
    out.push_back(bytes.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

void Processes::started(Pid pid, std::string role) { known_[pid].role = std::move(role); }

void Processes::found(Pid pid, std::string role, const Clock& clock, bool threads) {
  started(pid, std::move(role));
  exec(pid, clock.now());
  known_[pid].threads = threads;
  known_[pid].began = Instant{clock.now().ns - age_ns(pid)};
}

std::optional<std::string> Processes::running(Pid pid) const {
  const auto at = known_.find(pid);
  if (at == known_.end() || !at->second.exec) return std::nullopt;
  return at->second.exec->what.exe;
}

void Processes::born(Pid parent, Pid child) {
  if (parent == child) {
    known_[parent].threads = true;
    return;
  }
  Known copy;
  copy.role = role(parent);
  if (const auto at = known_.find(parent); at != known_.end()) copy.began = at->second.began;
  known_[child] = std::move(copy);
}

const std::string& Processes::role(Pid pid) const {
  static const std::string none;
  const auto at = known_.find(pid);
  return at == known_.end() ? none : at->second.role;
}

bool Processes::has_threads(Pid pid) const {
  const auto at = known_.find(pid);
  return at != known_.end() && at->second.threads;
}

std::optional<std::int64_t> Processes::sources_since(Pid pid, const Clock& clock) {
  const auto at = known_.find(pid);
  if (at == known_.end()) return std::nullopt;
  Known& known = at->second;
  if (!known.keeps_sources) known.keeps_sources = SourceKeeper::may_keep(pid);
  return *known.keeps_sources ? std::optional(clock.began_at() + known.began.ns) : std::nullopt;
}

void Processes::exec(Pid pid, Instant at) {
  known_[pid].began = at;
  known_[pid].threads = false;
  known_[pid].keeps_sources.reset();
  known_[pid].exec = {
      at,
      {pid, link_target(pid, "exe"), arguments_of(pid), link_target(pid, "cwd"), {}, {}, abi(pid)}};
}

std::optional<Processes::Exec> Processes::take_exec(Pid pid) {
  const auto at = known_.find(pid);
  return at == known_.end() ? std::nullopt : std::exchange(at->second.exec, std::nullopt);
}

} // namespace socktale::recorder
