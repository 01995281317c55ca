// A kernel view as netstat (net-tools 2.10) and ss (iproute2 6.1) lay it out.
#include "reports/kernel_view.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

using model::Endpoint;
using model::SocketState;

// The kernel's name of a state, and the tools' own.
struct StateRow {
  std::string_view kernel, ss;
};
constexpr std::array states = {
    StateRow{"ESTABLISHED", "ESTAB"},     StateRow{"SYN_SENT", "SYN-SENT"},
    StateRow{"SYN_RECV", "SYN-RECV"},     StateRow{"NEW_SYN_RECV", "SYN-RECV"},
    StateRow{"FIN_WAIT1", "FIN-WAIT-1"},  StateRow{"FIN_WAIT2", "FIN-WAIT-2"},
    StateRow{"TIME_WAIT", "TIME-WAIT"},   StateRow{"CLOSE", "UNCONN"},
    StateRow{"CLOSE_WAIT", "CLOSE-WAIT"}, StateRow{"LAST_ACK", "LAST-ACK"},
    StateRow{"LISTEN", "LISTEN"},         StateRow{"CLOSING", "CLOSING"}};

std::string ss_state(const SocketState& state) {
  const auto at = std::ranges::find(states, state.state, &StateRow::kernel);
  return at == states.end() ? printable(state.state) : std::string(at->ss);
}

bool is_tcp(const SocketState& state) { return state.protocol == "IPPROTO_TCP"; }
bool is_udp(const SocketState& state) { return state.protocol == "IPPROTO_UDP"; }
bool is_unix(const SocketState& state) { return state.family == "AF_UNIX"; }
bool is_inet6(const SocketState& state) { return state.family == "AF_INET6"; }

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

std::string more(std::size_t left) { return left > 0 ? fmt::format("... {} more\n", left) : ""; }

// netstat shows a v4-mapped address as the IPv4 one, port 0 as "*", and cuts what is too long for
// its column (without -W).
std::string netstat_end(const SocketState& state, const std::optional<Endpoint>& end) {
  constexpr std::string_view mapped = "::ffff:";
  std::string host = end ? printable(end->host) : is_inet6(state) ? "::" : "0.0.0.0";
  if (host.starts_with(mapped) && host.find('.') != std::string::npos) host.erase(0, mapped.size());
  const std::string port = end && end->port != 0 ? fmt::to_string(end->port) : "*";
  constexpr std::size_t room = 22;
  return fmt::format("{}:{}", host.substr(0, room - port.size()), port);
}

std::string netstat_row(const SocketState& state) {
  const std::string proto =
      fmt::format("{}{}", is_tcp(state) ? "tcp" : "udp", is_inet6(state) ? "6" : "");
  const bool listens = state.state == "LISTEN"; // /proc/net/tcp has no limit of the queue
  std::string name = printable(state.state);
  if (state.state == "NEW_SYN_RECV") name = "SYN_RECV";
  if (is_udp(state) && state.state == "CLOSE") name = "";
  return trimmed(fmt::format("{:<4}  {:>6} {:>6} {:<23} {:<23} {:<11}", proto, state.recv_queue,
                             listens ? 0 : state.send_queue, netstat_end(state, state.local),
                             netstat_end(state, state.peer), name));
}

struct End {
  std::string host, port;
};

// "*" stands for both families' wildcard.
End ss_end(const SocketState& state, const std::optional<Endpoint>& end, bool local) {
  if (is_unix(state)) {
    const std::string path = local && end ? printable(end->path) : "";
    const std::uint64_t inode = local ? state.inode : state.peer_inode;
    return {path.empty() ? "*" : path, fmt::to_string(inode)};
  }
  const std::string port = end && end->port != 0 ? fmt::to_string(end->port) : "*";
  if (!is_inet6(state)) return {end ? printable(end->host) : "0.0.0.0", port};
  if (!end || end->host == "::") return {state.v6only ? "[::]" : "*", port};
  return {fmt::format("[{}]", printable(end->host)), port};
}

std::string netid(const SocketState& state) {
  if (state.type == "SOCK_DGRAM") return "u_dgr";
  return state.type == "SOCK_SEQPACKET" ? "u_seq" : "u_str";
}

struct TableRow {
  SsTable table;
  std::string_view command;
  bool (*has)(const SocketState&);
};
constexpr std::array tables = {
    TableRow{SsTable::tcp, "ss -tan", is_tcp},
    TableRow{SsTable::established, "ss -tn state established",
             [](const SocketState& s) { return is_tcp(s) && s.state == "ESTABLISHED"; }},
    TableRow{SsTable::udp, "ss -uan", is_udp},
    TableRow{SsTable::unix_socket, "ss -xan", is_unix},
};

const TableRow& row_of(SsTable table) {
  return *std::ranges::find(tables, table, &TableRow::table);
}

// Cells of one line; the addresses are set right and the ports left, so that the colons meet.
struct Line {
  std::string net, state, recv, send;
  End local, peer;
};

class Layout {
 public:
  explicit Layout(SsTable table)
      : with_net_(table == SsTable::unix_socket),
        with_state_(table != SsTable::established),
        colon_(table == SsTable::unix_socket ? ' ' : ':') {
    lines_.push_back({"Netid",
                      "State",
                      "Recv-Q",
                      "Send-Q",
                      {"Local Address", "Port"},
                      {"Peer Address", "Port"}});
  }
  void add(const SocketState& state) {
    lines_.push_back({netid(state), ss_state(state), fmt::to_string(state.recv_queue),
                      fmt::to_string(state.send_queue), ss_end(state, state.local, true),
                      ss_end(state, state.peer, false)});
  }
  [[nodiscard]] std::string text() const {
    const auto widest = [this](auto cell) {
      std::size_t width = 0;
      for (const Line& line : lines_) width = std::max(width, cell(line).size());
      return width;
    };
    const std::size_t net = widest([](const Line& l) { return l.net; });
    const std::size_t state = widest([](const Line& l) { return l.state; });
    const std::size_t recv = widest([](const Line& l) { return l.recv; });
    const std::size_t send = widest([](const Line& l) { return l.send; });
    const std::size_t local = widest([](const Line& l) { return l.local.host; });
    const std::size_t local_port = widest([](const Line& l) { return l.local.port; });
    const std::size_t peer = widest([](const Line& l) { return l.peer.host; });
    std::string out;
    char colon = ':'; // in the heading
    for (const Line& l : lines_) {
      std::string line;
      if (with_net_) line += fmt::format("{:<{}} ", l.net, net);
      if (with_state_) line += fmt::format("{:<{}} ", l.state, state);
      line += fmt::format("{:<{}} {:<{}} {:>{}}{}{:<{}} {:>{}}{}{}", l.recv, recv, l.send, send,
                          l.local.host, local, colon, l.local.port, local_port, l.peer.host, peer,
                          colon, l.peer.port);
      if (&l == lines_.data()) line += " Process"; // a column that is empty without -p
      out += trimmed(std::move(line));
      colon = colon_;
    }
    return out;
  }

 private:
  bool with_net_, with_state_;
  char colon_;
  std::vector<Line> lines_;
};

} // namespace

std::string netstat_an(const KernelView& view, std::size_t most) {
  std::string out = "Active Internet connections (servers and established)\n"
                    "Proto Recv-Q Send-Q Local Address           Foreign Address         State\n";
  std::size_t rows = 0;
  for (const ViewRow& row : view.rows)
    if (!is_unix(*row.state) && rows++ < most) out += netstat_row(*row.state);
  return rows == 0 ? "" : out + more(rows - std::min(rows, most));
}

std::string_view command_of(SsTable table) { return row_of(table).command; }

std::string ss(const KernelView& view, SsTable table, std::size_t most) {
  Layout layout(table);
  std::size_t rows = 0;
  for (const ViewRow& row : view.rows)
    if (row_of(table).has(*row.state) && rows++ < most) layout.add(*row.state);
  return rows == 0 ? "" : layout.text() + more(rows - std::min(rows, most));
}

} // namespace socktale::reports
