// Names of functions that a runtime compiled while it ran, from the file that it writes for
// perf(1): /tmp/perf-PID.map. The file is the traced program's word and bounded as such; it grows
// while the program runs and is read on when it did.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/unique_fd.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace socktale::locate {

class PerfMap {
 public:
  // The process's own file, while the process lives; nullptr: there is none, or it belongs to
  // somebody else. In the stop.
  [[nodiscard]] static std::shared_ptr<PerfMap> open(Pid pid);
  explicit PerfMap(UniqueFd fd) : fd_(std::move(fd)) {}

  // How much of it is written: in the stop, to tell later what was named by then.
  [[nodiscard]] std::uint64_t size() const;
  // The name of the code that was at `address` when `size` was written. Nothing: it has none, or
  // other code was put there since. After the stop: reads the file's new part.
  [[nodiscard]] std::optional<std::string> name_at(std::uint64_t address, std::uint64_t size);

 private:
  struct Code {
    std::uint64_t end = 0;
    std::uint64_t written = 0; // where in the file its name was read
    std::string name;
  };
  void read_on();
  // "START SIZE name", hexadecimal; `written`: where in the file the line ends.
  void add(std::string_view line, std::uint64_t written);
  void make_room(std::uint64_t start, std::uint64_t end);

  UniqueFd fd_;
  std::uint64_t read_ = 0;              // bytes of the file, whole lines or not
  std::string rest_;                    // of a line that was not whole
  std::map<std::uint64_t, Code> codes_; // by start; they do not overlap
};

} // namespace socktale::locate
