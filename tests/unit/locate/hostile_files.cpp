// Files that are cut, changed or newer than they should be: the readers answer less, and never
// fail.
#include "tests/support/catch.hpp"
#include "tracer/base/unique_fd.hpp"
#include "tracer/locate/cfi.hpp"
#include "tracer/locate/dwarf.hpp"
#include "tracer/locate/elf_file.hpp"
#include "tracer/locate/source_files.hpp"
#include "tracer/locate/symbol_table.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace socktale::test {
namespace {

using locate::DebugInfo;
using locate::ElfFile;
using locate::SourceFiles;
using locate::SymbolTable;
using locate::UnwindTable;

std::string fixture_bytes(const std::string& name = "c_debug") {
  std::ifstream file(std::string(SOCKTALE_FIXTURES) + "/native/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

UniqueFd file_of(const std::string& bytes) {
  UniqueFd fd(memfd_create("fixture", MFD_CLOEXEC));
  REQUIRE(write(fd.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  return fd;
}

// How many of the code's addresses something is said about.
std::size_t answers(const std::string& bytes) {
  const UniqueFd fd = file_of(bytes);
  const auto elf = ElfFile::read(fd.get());
  if (!elf) return 0;
  const SymbolTable symbols(*elf);
  UnwindTable rules(fd.get());
  DebugInfo debug(fd.get());
  std::size_t count = 0;
  for (std::uint64_t address = 0x1000; address < 0x2000; address += 13) {
    count += rules.at(address) != nullptr ? 1 : 0;
    count += std::min<std::size_t>(debug.at(address).size(), 1);
    count += symbols.at(address) != nullptr ? 1 : 0;
  }
  return count;
}

// The file whose debug information is changed, byte by byte in .debug_info.
struct Forged {
  std::string bytes;
  std::size_t info; // where that begins in the file
  unsigned attribute;
  std::size_t changed = 0;
};

// Every reference of that attribute, in `die` and below it, is to the DIE that has it.
void link_to_itself(Dwarf_Die die, Forged& forged) {
  const auto* info = static_cast<const char*>(die.addr) - dwarf_dieoffset(&die);
  do {
    Dwarf_Attribute link;
    if (dwarf_attr(&die, forged.attribute, &link) != nullptr && link.form == DW_FORM_ref4) {
      const auto own = static_cast<std::uint32_t>(dwarf_cuoffset(&die));
      const auto at = reinterpret_cast<const char*>(link.valp) - info;
      std::memcpy(&forged.bytes.at(forged.info + static_cast<std::size_t>(at)), &own, sizeof own);
      ++forged.changed;
    }
    Dwarf_Die child;
    if (dwarf_child(&die, &child) == 0) link_to_itself(child, forged);
  } while (dwarf_siblingof(&die, &die) == 0);
}

Forged with_circles(const std::string& bytes, unsigned attribute) {
  const UniqueFd fd = file_of(bytes);
  const auto elf = ElfFile::read(fd.get());
  REQUIRE(elf);
  const auto* info = elf->section(".debug_info");
  REQUIRE(info != nullptr);
  Forged forged{bytes, info->offset, attribute};
  const std::unique_ptr<Dwarf, decltype(&dwarf_end)> dwarf(dwarf_begin(fd.get(), DWARF_C_READ),
                                                           &dwarf_end);
  REQUIRE(dwarf);
  Dwarf_CU* unit = nullptr;
  Dwarf_Die root;
  while (dwarf_get_units(dwarf.get(), unit, &unit, nullptr, nullptr, &root, nullptr) == 0)
    link_to_itself(root, forged);
  return forged;
}

} // namespace

TEST_CASE("an ELF file says where its code is", "[locate][elf]") {
  const std::string bytes = fixture_bytes();
  const UniqueFd fd = file_of(bytes);
  const auto elf = ElfFile::read(fd.get());
  REQUIRE(elf);
  const auto symbols = elf->symbols(".symtab");
  const auto main = std::ranges::find(symbols, "main", &ElfFile::Symbol::name);
  REQUIRE(main != symbols.end());
  CHECK(main->function);
  const SymbolTable table(*elf);
  REQUIRE(table.at(main->address + main->size - 1) != nullptr);
  CHECK(table.at(main->address)->name == "main");
  CHECK_FALSE(table.holds_libc());
  CHECK(elf->build_id().size() == 20);
  CHECK_FALSE(elf->is_static_program());
  const auto* text = elf->section(".text");
  REQUIRE(text != nullptr);
  CHECK(elf->address_of(text->offset) == text->address);
  CHECK_FALSE(elf->address_of(~std::uint64_t{0}));
  UnwindTable rules(fd.get());
  CHECK(rules.at(main->address) != nullptr);
  CHECK(rules.at(0) == nullptr);
  DebugInfo debug(fd.get());
  REQUIRE(debug.at(main->address).size() == 1);
  CHECK(debug.at(main->address)[0].function == "main");
  CHECK(debug.at(0).empty());
}

TEST_CASE("a file that is cut answers less", "[locate][elf]") {
  const std::string bytes = fixture_bytes();
  const std::size_t whole = answers(bytes);
  CHECK(whole > 100);
  for (std::size_t size = 0; size < bytes.size(); size += bytes.size() / 50)
    CHECK(answers(bytes.substr(0, size)) <= whole);
  CHECK(answers("\177ELF") == 0);
  CHECK(answers("#!/bin/sh\n") == 0);
}

TEST_CASE("a file with wrong bytes harms nobody", "[locate][elf]") {
  const std::string bytes = fixture_bytes();
  REQUIRE(bytes.size() > 64);
  std::mt19937 random(20240131); // the same bytes each time
  for (int round = 0; round < 100; ++round) {
    std::string wrong = bytes;
    for (int i = 0; i < 40; ++i) wrong[random() % wrong.size()] = static_cast<char>(random());
    if (round % 2 == 0) wrong.replace(0, 64, bytes, 0, 64); // half of them can be opened
    CHECK(answers(wrong) < 10'000);
  }
}

TEST_CASE("debug information that goes round in circles has an end", "[locate][elf]") {
  const std::string bytes = fixture_bytes("cpp_optimized");
  const std::size_t whole = answers(bytes);
  for (const unsigned attribute : {DW_AT_abstract_origin, DW_AT_specification, DW_AT_sibling}) {
    CAPTURE(attribute);
    const Forged forged = with_circles(bytes, attribute);
    CHECK(forged.changed > 5);
    CHECK(answers(forged.bytes) <= whole);
  }
}

TEST_CASE("a source newer than the program shows no text", "[locate][source]") {
  std::string path = "/tmp/socktale-source-XXXXXX";
  const UniqueFd fd(mkstemp(path.data()));
  REQUIRE(fd);
  REQUIRE(write(fd.get(), "f(1);\n", 6) == 6);
  struct stat status{};
  REQUIRE(fstat(fd.get(), &status) == 0);
  const std::int64_t changed = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  SourceFiles files;
  CHECK(files.text(path, FileUser{}, changed - 1) == nullptr);
  REQUIRE(files.text(path, FileUser{}, changed) != nullptr);
  CHECK(files.text(path, FileUser{}, changed)->call_at(1, 2, {}).text == "f(1)");
  unlink(path.c_str());
}

TEST_CASE("what is no ordinary file is no source", "[locate][source]") {
  SourceFiles files;
  constexpr std::int64_t end_of_time = INT64_MAX;
  for (const char* path :
       {"", "relative.c", "/", "/dev/zero", "/dev/stdin", "/proc/self/maps", "/no/such"})
    CHECK(files.text(path, FileUser{}, end_of_time) == nullptr);
}

} // namespace socktale::test
