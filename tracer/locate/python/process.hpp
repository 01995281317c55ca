// What /proc tells of a process that its source files cannot be read without: its root and working
// directory, when it started, the text that `python -c` was given. Read once, kept for later.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/regular_file.hpp"
#include "tracer/base/unique_fd.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::locate::python {

class Process {
 public:
  explicit Process(Pid pid);

  // O_RDONLY, as the process would open `path` (absolute) in its own root directory; empty when it
  // cannot be opened, is no regular file, or not for its user to read.
  [[nodiscard]] UniqueFd open(const std::string& path) const;

  [[nodiscard]] const std::string& working_directory() const { return working_directory_; }
  // Nanoseconds since 1970 by which it had begun, at most some 30 ms too late; 0: not known.
  [[nodiscard]] std::int64_t started_at() const { return started_at_; }
  [[nodiscard]] const std::optional<std::string>& command_text() const { return command_text_; }

 private:
  Pid pid_;
  std::optional<FileUser> user_;
  UniqueFd root_; // only when the process has another root directory than we have
  std::string working_directory_;
  std::int64_t started_at_ = 0;
  std::optional<std::string> command_text_;
};

// The program text in a Python command line (NUL-terminated arguments as in /proc/PID/cmdline), by
// the rules of python(1): -c may stand in a cluster and ends the options. Nothing: there is no -c.
[[nodiscard]] std::optional<std::string> command_text_of(std::string_view command_line);

} // namespace socktale::locate::python
