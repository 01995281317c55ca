// Go's own table against what the Go tools say of the same program, and with wrong bytes in it.
#include "tracer/locate/go_table.hpp"

#include "tests/support/catch.hpp"
#include "tracer/base/unique_fd.hpp"
#include "tracer/locate/go_names.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace socktale::test {
namespace {

using locate::ElfFile;
using locate::GoNames;
using locate::GoTable;

std::string program() {
  std::ifstream file(std::string(SOCKTALE_FIXTURES) + "/go/stripped", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) WARN("skipped: no Go program was built");
  return bytes;
}

struct Loaded {
  explicit Loaded(const std::string& bytes) : fd(memfd_create("go", MFD_CLOEXEC)) {
    REQUIRE(write(fd.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    elf = ElfFile::read(fd.get());
    if (elf) table = GoTable::read(*elf);
  }
  UniqueFd fd;
  std::optional<ElfFile> elf;
  std::unique_ptr<const GoTable> table;
};

// How many of the code's addresses something is said about.
std::size_t answers(const std::string& bytes) {
  const Loaded loaded(bytes);
  if (!loaded.table) return 0;
  const GoNames names(*loaded.table, *loaded.elf);
  std::size_t count = 0;
  for (std::uint64_t address = 0x401000; address < 0x4d0000; address += 4099) {
    count += loaded.table->rule_at(address) ? 1 : 0;
    count += std::min<std::size_t>(names.at(address).size(), 1);
  }
  return count;
}

} // namespace

TEST_CASE("Go's table names functions, files and lines", "[locate][go]") {
  const std::string bytes = program();
  if (bytes.empty()) return;
  const Loaded loaded(bytes);
  REQUIRE(loaded.table);
  const GoNames names(*loaded.table, *loaded.elf);
  const auto say = loaded.table->function_named("main.(*client).say");
  REQUIRE(say);
  const auto frames = names.at(say->start);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].function == "main.(*client).say");
  CHECK(frames[0].file.ends_with("/tests/programs/go/calls.go"));
  CHECK(frames[0].line > 0);
  CHECK_FALSE(names.is_library_source(frames[0].file));
  const auto dial = loaded.table->function_named("net.Dial");
  REQUIRE(dial);
  CHECK(names.is_library_source(names.at(dial->start).back().file));
  // At its first instruction a function has no frame: its caller's address is on top.
  const auto rule = loaded.table->rule_at(say->start);
  REQUIRE(rule);
  CHECK(rule->cfa == locate::Sum{locate::Reg::rsp, 8});
  CHECK_FALSE(loaded.table->rule_at(0));
  CHECK_FALSE(loaded.table->rule_at(~std::uint64_t{0}));
  CHECK(names.at(0).empty());
  CHECK_FALSE(loaded.table->function_named("main.nobody"));
}

TEST_CASE("a Go program with wrong bytes in its table harms nobody", "[locate][go]") {
  const std::string bytes = program();
  if (bytes.empty()) return;
  const Loaded loaded(bytes);
  REQUIRE(loaded.table);
  const auto* section = loaded.elf->section(".gopclntab");
  REQUIRE(section != nullptr);
  const std::size_t whole = answers(bytes);
  CHECK(whole > 300);
  std::mt19937 random(20240131); // the same bytes each time
  for (int round = 0; round < 60; ++round) {
    std::string wrong = bytes;
    // The header's numbers, the functions' records, or anything of the table.
    const std::size_t size = std::array<std::size_t, 3>{72, 1 << 18, section->size}[round % 3U];
    for (int i = 0; i < (round % 3 == 0 ? 1 : 4000); ++i)
      wrong[section->offset + random() % size] = static_cast<char>(random());
    CHECK(answers(wrong) <= 2 * whole);
  }
  for (std::size_t cut = 0; cut < section->size; cut += section->size / 10)
    CHECK(answers(bytes.substr(0, section->offset + cut)) <= whole);
}

} // namespace socktale::test
