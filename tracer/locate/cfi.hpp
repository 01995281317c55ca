// The unwind rules of one ELF file, from its .eh_frame (or .debug_frame where that is all there
// is), each computed once. Owns its own libdw handles: it is used in the stop, apart from
// dwarf.cpp.
#pragma once

#include "tracer/locate/rule.hpp"

#include <cstdint>
#include <memory>

namespace socktale::locate {

class UnwindTable {
 public:
  // `fd` must stay open as long as this lives; `narrow`: it is i386's. A file without tables has no
  // rules.
  explicit UnwindTable(int fd, bool narrow = false);
  ~UnwindTable();
  UnwindTable(const UnwindTable&) = delete;
  UnwindTable& operator=(const UnwindTable&) = delete;

  // The rule at `address` of the file's image; nullptr: none, or one that needs more than a Rule
  // can say. Valid until the next call.
  [[nodiscard]] const Rule* at(std::uint64_t address);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace socktale::locate
