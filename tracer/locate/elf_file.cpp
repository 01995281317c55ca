#include "tracer/locate/elf_file.hpp"

#include <algorithm>
#include <cstring>

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

namespace socktale::locate {
namespace {

constexpr std::size_t most_headers = 4096;
constexpr std::size_t largest_table = 256 << 20; // of symbols or their names

// The bytes that are there, up to `size`.
std::string read_at(int fd, std::uint64_t offset, std::size_t size) {
  // A forged size must not make us allocate it.
  struct stat status{};
  if (::fstat(fd, &status) != 0) return {};
  const auto end = static_cast<std::uint64_t>(status.st_size);
  if (offset >= end) return {};
  std::string bytes(std::min<std::uint64_t>(size, end - offset), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got =
        ::pread(fd, bytes.data() + have, bytes.size() - have, static_cast<off_t>(offset + have));
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

template <class T> std::vector<T> records(const std::string& bytes) {
  std::vector<T> result(bytes.size() / sizeof(T));
  if (!result.empty()) std::memcpy(result.data(), bytes.data(), result.size() * sizeof(T));
  return result;
}

template <class T> std::vector<T> records(int fd, std::uint64_t offset, std::size_t count) {
  return records<T>(read_at(fd, offset, count * sizeof(T)));
}

// The NUL-terminated string at `at`; what there is of it.
std::string_view string_at(std::string_view table, std::size_t at) {
  if (at >= table.size()) return {};
  table.remove_prefix(at);
  return table.substr(0, table.find('\0'));
}

bool is_ours(const Elf64_Ehdr& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == ELFDATA2LSB &&
         header.e_machine == EM_X86_64;
}

bool is_flagged_pie(int fd, const Elf64_Phdr& dynamic) {
  constexpr std::size_t most_tags = 1024;
  const auto count = std::min<std::size_t>(dynamic.p_filesz / sizeof(Elf64_Dyn), most_tags);
  return std::ranges::any_of(records<Elf64_Dyn>(fd, dynamic.p_offset, count), [](const auto& tag) {
    return tag.d_tag == DT_FLAGS_1 && (tag.d_un.d_val & DF_1_PIE) != 0;
  });
}

} // namespace

std::optional<ElfFile> ElfFile::read(int fd) {
  const auto headers = records<Elf64_Ehdr>(fd, 0, 1);
  if (headers.empty() || !is_ours(headers[0])) return std::nullopt;
  const Elf64_Ehdr& header = headers[0];
  ElfFile file;
  file.fd_ = fd;
  file.executable_ = header.e_type == ET_EXEC;
  if (header.e_phentsize != sizeof(Elf64_Phdr) ||
      !file.read_segments(header.e_phoff, header.e_phnum))
    return std::nullopt;
  if (header.e_shentsize == sizeof(Elf64_Shdr))
    file.read_sections(header.e_shoff, header.e_shnum, header.e_shstrndx);
  return file;
}

bool ElfFile::read_segments(std::uint64_t offset, std::size_t count) {
  for (const auto& segment : records<Elf64_Phdr>(fd_, offset, std::min(count, most_headers))) {
    if (segment.p_type == PT_LOAD)
      segments_.push_back({segment.p_offset, segment.p_filesz, segment.p_vaddr});
    if (segment.p_type == PT_INTERP) interpreted_ = true;
    if (segment.p_type == PT_DYNAMIC && is_flagged_pie(fd_, segment)) executable_ = true;
  }
  return !segments_.empty();
}

void ElfFile::read_sections(std::uint64_t offset, std::size_t count, std::size_t names) {
  const auto raw = records<Elf64_Shdr>(fd_, offset, std::min(count, most_headers));
  if (names >= raw.size()) return;
  const std::string table =
      read_at(fd_, raw[names].sh_offset, std::min<std::uint64_t>(raw[names].sh_size, 1 << 20));
  for (const auto& section : raw)
    sections_.push_back({std::string(string_at(table, section.sh_name)), section.sh_type,
                         section.sh_link, section.sh_flags, section.sh_addr, section.sh_offset,
                         section.sh_size});
}

std::optional<std::uint64_t> ElfFile::address_of(std::uint64_t offset) const {
  for (const Segment& segment : segments_)
    if (offset >= segment.offset && offset - segment.offset < segment.size)
      return segment.address + (offset - segment.offset);
  return std::nullopt;
}

const ElfFile::Section* ElfFile::section(std::string_view name) const {
  const auto found = std::ranges::find(sections_, name, &Section::name);
  return found == sections_.end() ? nullptr : &*found;
}

std::string ElfFile::bytes(const Section& section, std::size_t limit) const {
  if (section.type == SHT_NOBITS || (section.flags & SHF_COMPRESSED) != 0) return {};
  return read_at(fd_, section.offset, std::min<std::uint64_t>(section.size, limit));
}

std::vector<ElfFile::Symbol> ElfFile::symbols(std::string_view name) const {
  std::vector<Symbol> result;
  const Section* table = section(name);
  if (table == nullptr || table->link >= sections_.size()) return result;
  const std::string names = bytes(sections_[table->link], largest_table);
  for (const auto& symbol : records<Elf64_Sym>(bytes(*table, largest_table))) {
    const std::string_view full = string_at(names, symbol.st_name);
    const int type = ELF64_ST_TYPE(symbol.st_info);
    if (symbol.st_shndx == SHN_UNDEF || full.empty() || type == STT_SECTION || type == STT_FILE)
      continue;
    result.push_back({symbol.st_value, symbol.st_size, std::string(full.substr(0, full.find('@'))),
                      type == STT_FUNC || type == STT_GNU_IFUNC});
  }
  return result;
}

std::string ElfFile::build_id() const {
  const Section* note = section(".note.gnu.build-id");
  if (note == nullptr) return {};
  const std::string raw = bytes(*note, 1024);
  const auto header = records<Elf64_Nhdr>(raw.substr(0, sizeof(Elf64_Nhdr)));
  constexpr std::size_t name_size = sizeof(ELF_NOTE_GNU);
  if (header.empty() || header[0].n_type != NT_GNU_BUILD_ID || header[0].n_namesz != name_size)
    return {};
  const std::size_t start = sizeof(Elf64_Nhdr) + name_size;
  return raw.size() < start ? std::string{} : raw.substr(start, header[0].n_descsz);
}

} // namespace socktale::locate
