// The source files of this machine, read once each and within limits. Owns the texts; never knows
// which line matters.
#pragma once

#include "tracer/base/regular_file.hpp"
#include "tracer/locate/call_text.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace socktale::locate {

class SourceFiles {
 public:
  // The text of `path` (absolute), which is what a file of `maker`'s claims: nullptr: not to be
  // read, not by them, too large, or changed after `built_ns` (since 1970), so that the lines of
  // what was built then may be others.
  [[nodiscard]] const SourceText* text(const std::string& path, const FileUser& maker,
                                       std::int64_t built_ns);

 private:
  struct File {
    std::unique_ptr<SourceText> text; // nullptr: cannot be shown
    std::int64_t changed_ns = 0;
  };
  using Key = std::pair<std::string, uid_t>; // whose rights it was read by
  [[nodiscard]] File read(const std::string& path, const FileUser& maker);

  std::map<Key, File> files_;
  std::size_t bytes_ = 0;
};

} // namespace socktale::locate
