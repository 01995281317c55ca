#include "tracer/cli/socket_look.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include <arpa/inet.h>

namespace socktale::cli {
namespace {

// proc(5): TCP states by number, from 1.
constexpr std::array<std::string_view, 11> states = {
    "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
    "CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING"};
constexpr std::array<std::string_view, 4> passing = {"SYN_RECV", "FIN_WAIT1", "LAST_ACK",
                                                     "CLOSING"};

template <class Number> Number hex(std::string_view text) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

struct End {
  std::string text; // "127.0.0.1:12345"
  std::uint16_t port = 0;
};

// "0100007F:3039": the address in the host's byte order, the port as a number.
End end_of(std::string_view words) {
  const std::size_t colon = words.find(':');
  if (colon == std::string_view::npos) return {};
  const auto address = hex<std::uint32_t>(words.substr(0, colon));
  const auto port = hex<std::uint16_t>(words.substr(colon + 1));
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address, text.data(), text.size());
  return {fmt::format("{}:{}", text.data(), port), port};
}

std::vector<reports::SeenSocket> rows(const std::string& look, std::uint16_t port) {
  std::vector<reports::SeenSocket> out;
  std::ifstream file("/proc/net/tcp");
  std::string line;
  std::getline(file, line); // the column names
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string slot, local, peer, state, queues, timer, retries, uid, timeout;
    std::uint64_t inode = 0;
    if (!(words >> slot >> local >> peer >> state >> queues >> timer >> retries >> uid >> timeout >>
          inode))
      continue;
    const End here = end_of(local);
    const End there = end_of(peer);
    const auto number = hex<std::size_t>(state);
    if ((here.port != port && there.port != port) || number == 0 || number > states.size())
      continue;
    // tx_queue:rx_queue
    const auto send_queue = hex<std::int64_t>(std::string_view(queues).substr(0, queues.find(':')));
    const auto recv_queue =
        hex<std::int64_t>(std::string_view(queues).substr(queues.find(':') + 1));
    out.push_back({look, here.text, there.text, std::string(states.at(number - 1)), recv_queue,
                   send_queue, inode != 0, here.port == port ? "server" : "client"});
  }
  std::ranges::sort(out, [](const reports::SeenSocket& a, const reports::SeenSocket& b) {
    const auto key = [](const reports::SeenSocket& row) {
      return std::tuple(row.state != "LISTEN", row.side != "server", row.local, row.peer);
    };
    return key(a) < key(b);
  });
  return out;
}

bool on_the_way(const std::vector<reports::SeenSocket>& seen) {
  return std::ranges::any_of(seen, [](const reports::SeenSocket& row) {
    return std::ranges::find(passing, row.state) != passing.end();
  });
}

} // namespace

std::vector<reports::SeenSocket> look_at_sockets(const std::string& look, std::uint16_t port) {
  constexpr int looks = 40;
  std::vector<reports::SeenSocket> seen = rows(look, port);
  for (int i = 0; i < looks && on_the_way(seen); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    seen = rows(look, port);
  }
  if (seen.empty()) seen.push_back({look, {}, {}, {}, 0, 0, false, {}});
  return seen;
}

std::uint16_t quiet_port(std::uint16_t wished) {
  constexpr std::uint16_t highest = 32767; // below the ports that the kernel gives to clients
  for (std::uint16_t port = wished; port < highest; ++port)
    if (rows({}, port).empty()) return port;
  return wished;
}

} // namespace socktale::cli
