#include "tracer/recorder/processes.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include <elf.h>

namespace socktale::recorder {
namespace {

constexpr std::size_t max_argv_bytes = std::size_t{64} << 10;

std::string link_target(Pid pid, const char* name) {
  std::error_code error;
  const auto target =
      std::filesystem::read_symlink(fmt::format("/proc/{}/{}", pid.value, name), error);
  return error ? std::string{} : target.string();
}

// /proc/PID/cmdline: arguments, each ended by NUL.
std::vector<std::string> arguments(Pid pid) {
  std::ifstream file(fmt::format("/proc/{}/cmdline", pid.value), std::ios::binary);
  std::string bytes(max_argv_bytes, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  std::vector<std::string> out;
  for (std::size_t from = 0; from < bytes.size();) {
    const std::size_t to = std::min(bytes.find('\0', from), bytes.size());
    out.push_back(bytes.substr(from, to - from));
    from = to + 1;
  }
  return out;
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

void Processes::started(Pid pid, std::string role) { known_[pid].role = std::move(role); }

void Processes::born(Pid parent, Pid child) {
  if (parent == child) {
    known_[parent].threads = true;
    return;
  }
  Known copy{role(parent), began(parent), false, {}};
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

Instant Processes::began(Pid pid) const {
  const auto at = known_.find(pid);
  return at == known_.end() ? Instant{} : at->second.began;
}

void Processes::exec(Pid pid, Instant at) {
  known_[pid].began = at;
  known_[pid].threads = false;
  known_[pid].exec = {
      at,
      {pid, link_target(pid, "exe"), arguments(pid), link_target(pid, "cwd"), {}, {}, abi(pid)}};
}

std::optional<Processes::Exec> Processes::take_exec(Pid pid) {
  const auto at = known_.find(pid);
  return at == known_.end() ? std::nullopt : std::exchange(at->second.exec, std::nullopt);
}

} // namespace socktale::recorder
