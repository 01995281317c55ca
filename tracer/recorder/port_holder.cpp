#include "tracer/recorder/port_holder.hpp"

#include "tracer/base/numbers_in.hpp"
#include "tracer/tables/names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include <arpa/inet.h>

namespace socktale::recorder {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::string host;
  unsigned port = 0;
  unsigned state = 0;
  std::uint64_t inode = 0;
};

// Addresses are hexadecimal, in 32-bit words of the host's byte order.
std::string host_text(std::string_view hex) {
  std::array<std::uint32_t, 4> words{};
  const std::size_t count = hex.size() / 8;
  if (count != 1 && count != 4) return {};
  for (std::size_t i = 0; i < count; ++i)
    std::from_chars(hex.data() + 8 * i, hex.data() + 8 * i + 8, words.at(i), 16);
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* shown =
      inet_ntop(count == 1 ? AF_INET : AF_INET6, words.data(), text.data(), text.size());
  return count == 4 ? fmt::format("[{}]", shown) : shown;
}

std::optional<Row> parse(const std::string& line) {
  std::istringstream words(line);
  std::string slot, local, remote, state, queues, timer, retries, uid, timeout;
  Row row;
  if (!(words >> slot >> local >> remote >> state >> queues >> timer >> retries >> uid >> timeout >>
        row.inode))
    return std::nullopt;
  const std::size_t colon = local.find(':');
  if (colon == std::string::npos) return std::nullopt;
  std::from_chars(local.data() + colon + 1, local.data() + local.size(), row.port, 16);
  std::from_chars(state.data(), state.data() + state.size(), row.state, 16);
  row.host = host_text(std::string_view(local).substr(0, colon));
  return row;
}

bool holds(Pid pid, const std::string& link) {
  const std::string folder = fmt::format("/proc/{}/fd", pid.value);
  return std::ranges::any_of(numbers_in(folder), [&](int fd) {
    std::error_code gone;
    return fs::read_symlink(fmt::format("{}/{}", folder, fd), gone) == link;
  });
}

void find_process(std::uint64_t inode, PortHolder& holder) {
  if (inode == 0) return; // a socket that no descriptor refers to any more
  const std::string link = fmt::format("socket:[{}]", inode);
  for (const int pid : numbers_in("/proc")) {
    if (!holds(Pid{pid}, link)) continue;
    holder.pid = Pid{pid};
    std::ifstream file(fmt::format("/proc/{}/comm", pid));
    std::getline(file, holder.command);
    return;
  }
}

} // namespace

std::vector<PortHolder> port_holders(Pid pid, std::uint16_t port) {
  std::vector<PortHolder> holders;
  for (const char* table : {"tcp", "tcp6"}) {
    std::ifstream file(fmt::format("/proc/{}/net/{}", pid.value, table));
    std::string line;
    std::getline(file, line); // the column names
    while (std::getline(file, line)) {
      const auto row = parse(line);
      if (!row || row->port != port) continue;
      const auto state = tables::name_of(tables::tcp_states(), row->state);
      if (state.empty()) continue;
      PortHolder holder{fmt::format("{}:{}", row->host, row->port), std::string(state), {}, {}};
      find_process(row->inode, holder);
      holders.push_back(std::move(holder));
    }
  }
  return holders;
}

} // namespace socktale::recorder
