#include "tracer/locate/python/runtime.hpp"

#include "tracer/locate/elf_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>

namespace socktale::locate::python {

namespace {

constexpr std::uint64_t page = 4096;
constexpr std::size_t most_files = 64; // that have "python" in their name and are opened

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// What is added to the addresses in the file: 0 for an executable that is not PIE. The file's first
// segment is the mapping of its first page; other mappings of it may precede (a program may map its
// interpreter as data), so that one is taken which has code of the same file above it.
std::optional<std::uint64_t> load_bias(const std::vector<Mapping>& mappings,
                                       const Mapping& candidate, const ElfFile& elf) {
  const ElfFile::Segment& first = elf.segments().front();
  if (candidate.offset != (first.offset & ~(page - 1))) return std::nullopt;
  for (const Mapping& mapping : mappings) {
    if (mapping.path != candidate.path || mapping.low < candidate.low) continue;
    if (mapping.executable) return candidate.low - (first.address & ~(page - 1));
    if (&mapping != &candidate && mapping.offset == candidate.offset) return std::nullopt;
  }
  return std::nullopt;
}

bool is_inode(const UniqueFd& fd, std::uint64_t inode) {
  struct stat status{};
  return ::fstat(fd.get(), &status) == 0 && status.st_ino == inode;
}

// The kernel writes paths as we see them, or as the process does when its mounts are not ours. The
// inode tells which; on overlay file systems it tells nothing, then the process's view counts.
UniqueFd open(const Process& process, const Mapping& mapping) {
  UniqueFd theirs = process.open(mapping.path);
  if (theirs && is_inode(theirs, mapping.inode)) return theirs;
  UniqueFd ours(::open(mapping.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (ours && (!theirs || is_inode(ours, mapping.inode))) return ours;
  return theirs;
}

using Names = std::array<std::string_view, 3>;

// Of each name, 0 where the file does not define it. A stripped file keeps what it exports;
// .symtab, which is longer, is read only when the first name is missing there.
std::array<std::uint64_t, 3> addresses(const ElfFile& elf, const Names& names) {
  std::array<std::uint64_t, 3> values{};
  for (const std::string_view table : {".dynsym", ".symtab"}) {
    for (const ElfFile::Symbol& symbol : elf.symbols(table)) {
      const auto name = std::ranges::find(names, symbol.name);
      if (name != names.end())
        values.at(static_cast<std::size_t>(name - names.begin())) = symbol.address;
    }
    if (values.front() != 0) break;
  }
  return values;
}

std::uint64_t section_address(const ElfFile& elf, std::string_view name) {
  const ElfFile::Section* section = elf.section(name);
  return section == nullptr ? 0 : section->address;
}

std::optional<Version> version_of(Memory& memory, Remote<> py_version, std::string_view path) {
  if (py_version) {
    const auto hex = memory.read_value<std::uint32_t>(py_version.as<std::uint32_t>());
    if (hex) return version_from_hex(*hex);
  }
  return version_from_path(path);
}

std::optional<Offsets> offsets_in(Memory& memory, Remote<> state, Version version) {
  const Offsets* row = offsets_of(version);
  if (row == nullptr) return std::nullopt;
  if (version.minor < 13) return *row;
  std::array<std::byte, published_size> bytes{};
  if (memory.read(state, bytes) != bytes.size()) return std::nullopt;
  const auto published = published_offsets(bytes, version);
  if (!published) return std::nullopt;
  return *published;
}

std::optional<Runtime> runtime_in(const Process& process, const std::vector<Mapping>& mappings,
                                  const Mapping& candidate, Memory& memory) {
  const UniqueFd fd = open(process, candidate);
  const auto elf = fd ? ElfFile::read(fd.get()) : std::nullopt;
  if (!elf) return std::nullopt;
  const auto bias = load_bias(mappings, candidate, *elf);
  if (!bias) return std::nullopt;
  const auto values = addresses(*elf, {"_PyRuntime", "Py_Version", "PyCode_Type"});
  const auto remote = [&](std::uint64_t value) { return Remote<>{value == 0 ? 0 : value + *bias}; };
  const Remote<> state = remote(values[0] != 0 ? values[0] : section_address(*elf, ".PyRuntime"));
  if (!state) return std::nullopt;
  const auto version = version_of(memory, remote(values[1]), candidate.path);
  if (!version) return std::nullopt;
  const auto offsets = offsets_in(memory, state, *version);
  if (!offsets) return std::nullopt;
  return Runtime{*version, *offsets, state, remote(values[2]), candidate.path};
}

} // namespace

std::optional<Version> version_from_path(std::string_view path) {
  std::string_view name = file_name(path);
  const std::size_t at = name.find("python3.");
  if (at == std::string_view::npos) return std::nullopt;
  name.remove_prefix(at + 8);
  int minor = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), minor);
  if (error != std::errc{}) return std::nullopt;
  return Version{3, minor};
}

std::optional<Runtime> find_runtime(const Process& process, const std::vector<Mapping>& mappings,
                                    Memory& memory) {
  std::set<std::string_view> files;
  for (const Mapping& mapping : mappings) {
    if (file_name(mapping.path).find("python") == std::string_view::npos) continue;
    files.insert(mapping.path);
    if (files.size() > most_files) break;
    if (auto runtime = runtime_in(process, mappings, mapping, memory)) return runtime;
  }
  return std::nullopt;
}

} // namespace socktale::locate::python
