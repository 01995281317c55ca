// Source lines of code addresses from the DWARF of one file: file, line, column and function, with
// inlined functions expanded. Owns libdw's handles; never knows whose code it is. Slow at first use
// (tens of milliseconds for a large file): never in the stop.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace socktale::locate {

// Empty or 0 where it is not known.
struct SourceFrame {
  std::string function; // qualified: chat::Client::say, main::<lambda>
  std::string file;     // absolute wherever the compiler's directory is known
  std::int32_t line = 0, column = 0;
  bool inlined = false; // expanded into the frame that follows
};

class DebugInfo {
 public:
  // `fd` is of the file that holds the debug information and must stay open. A file that holds
  // none, or broken, answers nothing.
  explicit DebugInfo(int fd);
  ~DebugInfo();
  DebugInfo(const DebugInfo&) = delete;
  DebugInfo& operator=(const DebugInfo&) = delete;

  // The frames at `address` of the file's image, innermost first; empty: nothing is known.
  [[nodiscard]] std::vector<SourceFrame> at(std::uint64_t address);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace socktale::locate
