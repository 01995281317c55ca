// One mapped ELF file, kept open so that its frames can be named after the process is gone or the
// file replaced, and shared by all processes that map it. Never reads a process's memory.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/unique_fd.hpp"
#include "tracer/locate/cfi.hpp"
#include "tracer/locate/elf_file.hpp"
#include "tracer/locate/go_table.hpp"
#include "tracer/locate/maps.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace socktale::locate {

// What makes two mapped files the same: a rebuilt program has the same path and another inode, or
// the same inode and another time.
struct FileIdentity {
  std::string path;
  std::uint64_t device = 0, inode = 0;
  std::int64_t changed_ns = 0; // since 1970
  std::uint64_t size = 0;
  auto operator<=>(const FileIdentity&) const = default;
};

class Module {
 public:
  Module(FileIdentity identity, UniqueFd fd, ElfFile elf);

  [[nodiscard]] const std::string& path() const { return identity_.path; }
  [[nodiscard]] const FileIdentity& identity() const { return identity_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const ElfFile& elf() const { return elf_; }
  // nullptr: no Go program.
  [[nodiscard]] const GoTable* go_table() const { return go_table_.get(); }

  // The rule at an address of the file's image; nullptr: unknown. In the stop, one thread only.
  [[nodiscard]] const Rule* rule_at(std::uint64_t address);

 private:
  [[nodiscard]] const Rule* go_rule_at(std::uint64_t address);

  FileIdentity identity_;
  UniqueFd fd_;
  ElfFile elf_;
  bool go_; // of a version whose table is not understood
  std::unique_ptr<const GoTable> go_table_;
  std::unique_ptr<UnwindTable> table_; // opened at the first question
  std::unordered_map<std::uint64_t, std::optional<Rule>> go_rules_;
};

// The modules seen so far.
class Modules {
 public:
  // The file behind a mapping of `pid`, or nullptr: none, not to be opened, or no ELF file.
  [[nodiscard]] std::shared_ptr<Module> open(Pid pid, const Mapping& mapping);

 private:
  std::map<FileIdentity, std::shared_ptr<Module>> known_;
};

} // namespace socktale::locate
