#include "tracer/base/process_status.hpp"

#include "tracer/base/file_start.hpp"

#include <fmt/format.h>

namespace socktale {

ProcessStatus::ProcessStatus(pid_t id) : text_("\n") {
  constexpr std::size_t most = 1 << 20; // NGROUPS_MAX of groups are half of it
  text_ += read_start(fmt::format("/proc/{}/status", id), most);
}

std::string command_line(Pid pid) {
  constexpr std::size_t most = std::size_t{64} << 10;
  return read_start(fmt::format("/proc/{}/cmdline", pid.value), most);
}

std::string_view ProcessStatus::value(std::string_view name) const {
  const std::string start = fmt::format("\n{}:\t", name);
  const std::size_t at = text_.find(start);
  if (at == std::string::npos) return {};
  const std::string_view rest = std::string_view(text_).substr(at + start.size());
  return rest.substr(0, rest.find('\n'));
}

} // namespace socktale
