#include "tracer/recorder/environment.hpp"

#include <fstream>
#include <memory>
#include <string>

#include <gnu/libc-version.h>
#include <net/if.h>
#include <sys/utsname.h>

namespace socktale::recorder {
namespace {

constexpr std::size_t most_interfaces = 256; // a machine of many containers has thousands

// PRETTY_NAME of os-release(5), without its quotes.
std::string system_name() {
  std::ifstream file("/etc/os-release");
  constexpr std::string_view key = "PRETTY_NAME=";
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    line.erase(0, key.size());
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"')
      return line.substr(1, line.size() - 2);
    return line;
  }
  return {};
}

std::vector<model::Interface> interfaces() {
  std::vector<model::Interface> all;
  const std::unique_ptr<struct if_nameindex[], decltype(&if_freenameindex)> found(
      if_nameindex(), &if_freenameindex);
  if (!found) return all;
  for (std::size_t i = 0; found[i].if_index != 0 && all.size() < most_interfaces; ++i)
    all.push_back({found[i].if_index, found[i].if_name});
  return all;
}

} // namespace

model::Header describe_environment(const Clock& clock) {
  model::Header header;
  header.tool = "socktale " SOCKTALE_VERSION;
  header.began_at = clock.began_at();
  utsname names{};
  if (uname(&names) == 0) {
    header.kernel = names.release;
    header.machine = names.machine;
  }
  header.system = system_name();
  header.libc = std::string("glibc ") + gnu_get_libc_version();
  header.interfaces = interfaces();
  return header;
}

} // namespace socktale::recorder
