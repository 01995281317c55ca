// Which source files go into the trace: each file of the user's once, read within bounds and only
// as it was when the program that ran it began. Never looks into a text, never writes to a file.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/regular_file.hpp"
#include "tracer/model/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

namespace socktale::recorder {

// Bytes.
struct SourceLimits {
  std::size_t file = std::size_t{512} << 10U;
  std::size_t total = std::size_t{8} << 20U;
  std::size_t files = 4096; // that are looked at
};

class SourceKeeper {
 public:
  explicit SourceKeeper(const SourceLimits& limits = {}) : limits_(limits) {}

  // Whether a path means to the process what it means to us, and the process has our own rights: a
  // program names its files as it likes, and must not get others into the trace than it could read.
  [[nodiscard]] static bool may_keep(Pid pid);

  // The file that a frame names, when it is the user's and was not told before; of a process for
  // which may_keep(). Its program began at `began_ns` (since 1970); native code is held against its
  // ELF file's date. Nothing when the file is no regular one, is empty, or cannot be read by us.
  // Never blocks on a FIFO and never opens a device.
  [[nodiscard]] std::optional<model::SourceFile> take(const model::Frame& frame,
                                                      std::int64_t began_ns);

 private:
  [[nodiscard]] std::optional<model::SourceFile> read(const std::string& file, const FileUser& user,
                                                      std::int64_t as_of, bool built);

  SourceLimits limits_;
  std::size_t bytes_ = 0;
  std::unordered_set<std::string> seen_;
};

} // namespace socktale::recorder
