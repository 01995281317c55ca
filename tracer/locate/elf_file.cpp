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

// What the two classes of files are made of.
struct Wide {
  using Header = Elf64_Ehdr;
  using Segment = Elf64_Phdr;
  using Section = Elf64_Shdr;
  using Symbol = Elf64_Sym;
  using Dynamic = Elf64_Dyn;
  static constexpr unsigned char elf_class = ELFCLASS64;
  static constexpr int machine = EM_X86_64;
};
struct Narrow {
  using Header = Elf32_Ehdr;
  using Segment = Elf32_Phdr;
  using Section = Elf32_Shdr;
  using Symbol = Elf32_Sym;
  using Dynamic = Elf32_Dyn;
  static constexpr unsigned char elf_class = ELFCLASS32;
  static constexpr int machine = EM_386;
};

template <class Class> bool is_ours(const typename Class::Header& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == Class::elf_class && header.e_ident[EI_DATA] == ELFDATA2LSB &&
         header.e_machine == Class::machine;
}

template <class Class> bool is_flagged_pie(int fd, const typename Class::Segment& dynamic) {
  using Dynamic = typename Class::Dynamic;
  constexpr std::size_t most_tags = 1024;
  const auto count = std::min<std::size_t>(dynamic.p_filesz / sizeof(Dynamic), most_tags);
  return std::ranges::any_of(records<Dynamic>(fd, dynamic.p_offset, count), [](const auto& tag) {
    return tag.d_tag == DT_FLAGS_1 && (tag.d_un.d_val & DF_1_PIE) != 0;
  });
}

} // namespace

std::optional<ElfFile> ElfFile::read(int fd) {
  ElfFile file;
  file.fd_ = fd;
  if (file.read_headers<Wide>()) return file;
  file.narrow_ = true;
  if (file.read_headers<Narrow>()) return file;
  return std::nullopt;
}

template <class Class> bool ElfFile::read_headers() {
  const auto headers = records<typename Class::Header>(fd_, 0, 1);
  if (headers.empty() || !is_ours<Class>(headers[0])) return false;
  const auto& header = headers[0];
  executable_ = header.e_type == ET_EXEC;
  if (header.e_phentsize != sizeof(typename Class::Segment) ||
      !read_segments<Class>(header.e_phoff, header.e_phnum))
    return false;
  if (header.e_shentsize == sizeof(typename Class::Section))
    read_sections<Class>(header.e_shoff, header.e_shnum, header.e_shstrndx);
  return true;
}

template <class Class> bool ElfFile::read_segments(std::uint64_t offset, std::size_t count) {
  const auto raw = records<typename Class::Segment>(fd_, offset, std::min(count, most_headers));
  for (const auto& segment : raw) {
    if (segment.p_type == PT_LOAD)
      segments_.push_back({segment.p_offset, segment.p_filesz, segment.p_vaddr});
    if (segment.p_type == PT_INTERP) interpreted_ = true;
    if (segment.p_type == PT_DYNAMIC && is_flagged_pie<Class>(fd_, segment)) executable_ = true;
  }
  return !segments_.empty();
}

template <class Class>
void ElfFile::read_sections(std::uint64_t offset, std::size_t count, std::size_t names) {
  const auto raw = records<typename Class::Section>(fd_, offset, std::min(count, most_headers));
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
  const Section* table = section(name);
  if (table == nullptr || table->link >= sections_.size()) return {};
  return narrow_ ? read_symbols<Narrow>(*table) : read_symbols<Wide>(*table);
}

template <class Class>
std::vector<ElfFile::Symbol> ElfFile::read_symbols(const Section& table) const {
  std::vector<Symbol> result;
  const std::string names = bytes(sections_[table.link], largest_table);
  for (const auto& symbol : records<typename Class::Symbol>(bytes(table, largest_table))) {
    const std::string_view full = string_at(names, symbol.st_name);
    const int type = ELF64_ST_TYPE(symbol.st_info); // the same in both classes
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
