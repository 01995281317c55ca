// The functions that an ELF file's symbol tables name. Owns the table; never opens files.
#pragma once

#include "tracer/locate/elf_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace socktale::locate {

class SymbolTable {
 public:
  struct Function {
    std::uint64_t address = 0, size = 0;
    std::string name; // the best of its names, as the symbol spells it
  };

  explicit SymbolTable(const ElfFile& file);
  // Adds those of a separate debug file.
  void add(const ElfFile& file);

  // The function whose bytes hold `address`; nullptr: unknown. What a symbol does not cover is
  // never given to the nearest one.
  [[nodiscard]] const Function* at(std::uint64_t address) const;
  // Is the C library part of this file, as in a static program?
  [[nodiscard]] bool holds_libc() const { return holds_libc_; }

 private:
  std::vector<Function> functions_; // by address; no two with the same
  bool holds_libc_ = false;
};

} // namespace socktale::locate
