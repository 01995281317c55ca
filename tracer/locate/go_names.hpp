// Names the frames of a Go program by its own table (go_table.hpp), expanded functions included.
// After the stop only: it reads more of the file. Never knows what was called.
#pragma once

#include "tracer/locate/dwarf.hpp"
#include "tracer/locate/elf_file.hpp"
#include "tracer/locate/go_table.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::locate {

class GoNames {
 public:
  // `table` is of `file`; both must outlive this.
  GoNames(const GoTable& table, const ElfFile& file);

  // The frames at `address` of the file's image, innermost first; empty: it is not Go's code.
  // Columns are not recorded. A function that is expanded there but cannot be told has no name, and
  // the one around it then no line.
  [[nodiscard]] std::vector<SourceFrame> at(std::uint64_t address) const;
  // Is this source file Go's own or another module's, by its path?
  [[nodiscard]] bool is_library_source(std::string_view file) const;

 private:
  using Function = GoTable::Function;

  void find_trees();
  [[nodiscard]] SourceFrame frame(const Function& function, std::uint64_t pc) const;
  [[nodiscard]] std::int32_t expanded_at(const Function& function, std::uint64_t pc) const;
  [[nodiscard]] bool expand(const Function& function, std::uint64_t pc,
                            std::vector<SourceFrame>& frames) const;

  const GoTable& table_;
  const ElfFile& file_;
  ElfFile::Section trees_; // what funcdata offsets count from; no size: not found
  std::string root_;       // of Go's own sources, "/usr/lib/go-1.19/src/"; empty: paths are trimmed
};

} // namespace socktale::locate
