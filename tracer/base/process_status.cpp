#include "tracer/base/process_status.hpp"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace socktale {

ProcessStatus::ProcessStatus(pid_t id) : text_("\n") {
  std::ifstream file(fmt::format("/proc/{}/status", id));
  text_.append(std::istreambuf_iterator<char>(file), {});
}

std::string_view ProcessStatus::value(std::string_view name) const {
  const std::string start = fmt::format("\n{}:\t", name);
  const std::size_t at = text_.find(start);
  if (at == std::string::npos) return {};
  const std::string_view rest = std::string_view(text_).substr(at + start.size());
  return rest.substr(0, rest.find('\n'));
}

} // namespace socktale
