#include "tracer/locate/module.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>

namespace socktale::locate {
namespace {

constexpr std::string_view deleted_mark = " (deleted)"; // proc(5), of maps

UniqueFd open_read_only(const std::string& path) {
  // A name can meanwhile stand for a FIFO or a terminal: neither wait for it nor adopt it.
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

std::string link_target(const std::string& link) {
  std::string target(4096, '\0');
  const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
  target.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return target;
}

// The name is tried as the process sees it. A file without a name any more, as after a rebuild, can
// be had through /proc: the program itself always, others with CAP_CHECKPOINT_RESTORE.
UniqueFd open_mapped(Pid pid, const Mapping& mapping) {
  const std::string process = fmt::format("/proc/{}/", pid.value);
  if (!mapping.path.ends_with(deleted_mark)) return open_read_only(process + "root" + mapping.path);
  if (link_target(process + "exe") == mapping.path) return open_read_only(process + "exe");
  return open_read_only(process + fmt::format("map_files/{:x}-{:x}", mapping.low, mapping.high));
}

std::string plain_path(std::string path) {
  if (path.ends_with(deleted_mark)) path.resize(path.size() - deleted_mark.size());
  return path;
}

std::optional<FileIdentity> identify(const UniqueFd& fd, const std::string& path) {
  struct stat status{};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  return FileIdentity{plain_path(path), status.st_dev, status.st_ino,
                      status.st_mtim.tv_sec * ns_per_s + status.st_mtim.tv_nsec,
                      static_cast<std::uint64_t>(status.st_size)};
}

constexpr std::size_t most_rules = 1 << 16; // then the cache starts anew

bool is_go(const ElfFile& elf) {
  if (elf.is_narrow()) return false; // of Go's 32-bit code nothing is known here
  return elf.section(".gopclntab") != nullptr || elf.section(".note.go.buildid") != nullptr;
}

} // namespace

Module::Module(FileIdentity identity, UniqueFd fd, ElfFile elf)
    : identity_(std::move(identity)),
      fd_(std::move(fd)),
      elf_(std::move(elf)),
      go_(is_go(elf_)),
      go_table_(elf_.is_narrow() ? nullptr : GoTable::read(elf_)) {}

const Rule* Module::go_rule_at(std::uint64_t address) {
  auto found = go_rules_.find(address);
  if (found == go_rules_.end()) {
    if (go_rules_.size() >= most_rules) go_rules_.clear();
    found = go_rules_.emplace(address, go_table_->rule_at(address)).first;
  }
  return found->second ? &*found->second : nullptr;
}

const Rule* Module::rule_at(std::uint64_t address) {
  static constexpr Rule frame_pointer = frame_pointer_rule();
  if (go_table_)
    if (const Rule* rule = go_rule_at(address)) return rule;
  if (!table_ && !(go_ && elf_.section(".eh_frame") == nullptr))
    table_ = std::make_unique<UnwindTable>(fd_.get(), elf_.is_narrow());
  const Rule* rule = table_ ? table_->at(address) : nullptr;
  return rule == nullptr && go_ && !go_table_ ? &frame_pointer : rule;
}

std::shared_ptr<Module> Modules::open(Pid pid, const Mapping& mapping) {
  if (mapping.inode == 0 || !mapping.path.starts_with('/')) return nullptr;
  UniqueFd fd = open_mapped(pid, mapping);
  auto identity = identify(fd, mapping.path);
  if (!identity) return nullptr;
  auto& module = known_[*identity];
  if (!module)
    if (auto elf = ElfFile::read(fd.get()))
      module = std::make_shared<Module>(std::move(*identity), std::move(fd), std::move(*elf));
  return module;
}

} // namespace socktale::locate
