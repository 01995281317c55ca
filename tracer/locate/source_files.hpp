// The source files of this machine, read once each and within limits. Owns the texts; never knows
// which line matters.
#pragma once

#include "tracer/locate/call_text.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace socktale::locate {

class SourceFiles {
 public:
  // The text of `path` (absolute), or nullptr: not to be read, too large, or changed after
  // `built_ns` (since 1970), so that the lines of what was built then may be others.
  [[nodiscard]] const SourceText* text(const std::string& path, std::int64_t built_ns);

 private:
  struct File {
    std::unique_ptr<SourceText> text; // nullptr: cannot be shown
    std::int64_t changed_ns = 0;
  };
  [[nodiscard]] File read(const std::string& path);

  std::unordered_map<std::string, File> files_;
  std::size_t bytes_ = 0;
};

} // namespace socktale::locate
