// What /proc says of a process or thread, as it was when it was asked for (proc(5)): its status,
// its arguments. Knows the form, not what it means.
#pragma once

#include "tracer/base/ids.hpp"

#include <charconv>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace socktale {

class ProcessStatus {
 public:
  explicit ProcessStatus(pid_t id);

  // What the line of that name says, good as long as this is; empty: there is none, or nobody has
  // the id.
  [[nodiscard]] std::string_view value(std::string_view name) const;
  // The number that it begins with; 0: there is none.
  template <class Number> [[nodiscard]] Number number(std::string_view name, int base = 10) const {
    Number number = 0;
    const std::string_view text = value(name);
    std::from_chars(text.data(), text.data() + text.size(), number, base);
    return number;
  }

 private:
  std::string text_; // each line after a newline
};

// The arguments of a process, each ended by NUL, at most 64 KiB of them; the process itself can
// change them. Empty: it is gone.
[[nodiscard]] std::string command_line(Pid pid);

} // namespace socktale
