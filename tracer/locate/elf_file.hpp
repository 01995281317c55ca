// One ELF file of x86-64 or i386, read by offset from a descriptor and never trusted: every size is
// checked and capped. Owns what the headers say; never the descriptor, debug information or unwind
// tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::locate {

class ElfFile {
 public:
  // A PT_LOAD: file bytes [offset, offset + size) belong at `address`.
  struct Segment {
    std::uint64_t offset = 0, size = 0, address = 0;
  };
  struct Section {
    std::string name;
    std::uint32_t type = 0, link = 0;
    std::uint64_t flags = 0, address = 0, offset = 0, size = 0;
  };
  struct Symbol {
    std::uint64_t address = 0, size = 0;
    std::string name;
    bool function = false;
  };

  // Nothing when the file is not one of these. `fd` must stay open as long as this is used.
  [[nodiscard]] static std::optional<ElfFile> read(int fd);

  [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }
  // Where the program header table says that the byte at `offset` of the file lives.
  [[nodiscard]] std::optional<std::uint64_t> address_of(std::uint64_t offset) const;
  // The first section of that name, or nullptr.
  [[nodiscard]] const Section* section(std::string_view name) const;
  // Its bytes as they are in the file, cut at `limit`; empty when it has none or is compressed.
  [[nodiscard]] std::string bytes(const Section& section, std::size_t limit) const;
  // Defined symbols of the table `name` (".dynsym", ".symtab"); versions ("@@GLIBC_2.2") cut off.
  [[nodiscard]] std::vector<Symbol> symbols(std::string_view name) const;
  // The raw bytes of NT_GNU_BUILD_ID; empty: none.
  [[nodiscard]] std::string build_id() const;
  // It is i386's: its addresses and its stack's words have four bytes.
  [[nodiscard]] bool is_narrow() const { return narrow_; }
  // It names no dynamic linker and is no library: a static program (or a static PIE).
  [[nodiscard]] bool is_static_program() const { return executable_ && !interpreted_; }

 private:
  template <class Class> [[nodiscard]] bool read_headers();
  template <class Class> [[nodiscard]] bool read_segments(std::uint64_t offset, std::size_t count);
  template <class Class>
  void read_sections(std::uint64_t offset, std::size_t count, std::size_t names);
  template <class Class> [[nodiscard]] std::vector<Symbol> read_symbols(const Section& table) const;

  int fd_ = -1;
  bool executable_ = false, interpreted_ = false, narrow_ = false;
  std::vector<Segment> segments_;
  std::vector<Section> sections_;
};

} // namespace socktale::locate
