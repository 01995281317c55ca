// The view of the sockets at a moment, its tables, and what changed, on made-up samples.
#include "reports/kernel_view.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace socktale;
using namespace socktale::reports;
using model::Endpoint;
using model::SocketId;
using model::SocketState;

namespace {

SocketState tcp(std::string state, Endpoint local, std::optional<Endpoint> peer,
                std::uint32_t recv = 0, std::uint32_t send = 0) {
  SocketState out;
  out.family = local.family;
  out.type = "SOCK_STREAM";
  out.protocol = "IPPROTO_TCP";
  out.state = std::move(state);
  out.local = std::move(local);
  out.peer = std::move(peer);
  out.recv_queue = recv;
  out.send_queue = send;
  return out;
}

const Endpoint server{"AF_INET", "127.0.0.1", 12345, "", ""};
const Endpoint client{"AF_INET", "127.0.0.1", 40000, "", ""};

model::Trace trace_of(std::vector<std::vector<SocketState>> samples) {
  model::Trace trace;
  std::int64_t now = 0;
  for (auto& sockets : samples) {
    now += 1000;
    trace.events.push_back({trace.events.size() + 1,
                            {now},
                            model::Sample{std::nullopt, false, {now}, std::move(sockets)}});
  }
  return trace;
}

KernelView last_view(const model::Trace& trace) { return kernel_view_at(trace, {1'000'000}); }

} // namespace

TEST_CASE("the tables have the columns of netstat and ss") {
  const auto trace =
      trace_of({{tcp("LISTEN", server, {}, 1, 10), tcp("ESTABLISHED", server, client, 5),
                 tcp("TIME_WAIT", client, server)}});
  const KernelView view = last_view(trace);
  CHECK(netstat_an(view) ==
        "Active Internet connections (servers and established)\n"
        "Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
        "tcp        1      0 127.0.0.1:12345         0.0.0.0:*               LISTEN\n"
        "tcp        5      0 127.0.0.1:12345         127.0.0.1:40000         ESTABLISHED\n"
        "tcp        0      0 127.0.0.1:40000         127.0.0.1:12345         TIME_WAIT\n");
  CHECK(ss(view, SsTable::tcp) ==
        "State     Recv-Q Send-Q Local Address:Port  Peer Address:Port Process\n"
        "LISTEN    1      10         127.0.0.1:12345      0.0.0.0:*\n"
        "ESTAB     5      0          127.0.0.1:12345    127.0.0.1:40000\n"
        "TIME-WAIT 0      0          127.0.0.1:40000    127.0.0.1:12345\n");
  CHECK(ss(view, SsTable::established) ==
        "Recv-Q Send-Q Local Address:Port  Peer Address:Port Process\n"
        "5      0          127.0.0.1:12345    127.0.0.1:40000\n");
  CHECK(ss(view, SsTable::udp).empty());
  CHECK(ss(view, SsTable::unix_socket).empty());
}

TEST_CASE("IPv6, mapped addresses and wildcards are spelled as each tool spells them") {
  const Endpoint any{"AF_INET6", "::", 80, "", ""};
  const Endpoint mapped{"AF_INET6", "::ffff:127.0.0.1", 80, "", ""};
  const Endpoint far{"AF_INET6", "2001:db8:1111:2222:3333:4444:5555:6666", 40000, "", ""};
  SocketState only = tcp("LISTEN", any, {}, 0, 5);
  only.v6only = true;
  only.inode = 2;
  const auto trace = trace_of({{tcp("LISTEN", any, {}, 0, 5), only, tcp("SYN_SENT", mapped, far)}});
  CHECK(netstat_an(last_view(trace)) ==
        "Active Internet connections (servers and established)\n"
        "Proto Recv-Q Send-Q Local Address           Foreign Address         State\n"
        "tcp6       0      0 :::80                   :::*                    LISTEN\n"
        "tcp6       0      0 :::80                   :::*                    LISTEN\n"
        "tcp6       0      0 127.0.0.1:80            2001:db8:1111:222:40000 SYN_SENT\n");
  const std::string table = ss(last_view(trace), SsTable::tcp);
  CHECK(table.find("*:80") != std::string::npos);
  CHECK(table.find("[::]:80") != std::string::npos);
  CHECK(table.find("[::ffff:127.0.0.1]:80") != std::string::npos);
}

TEST_CASE("a connection is one row whoever holds it, and none when the kernel has it no more") {
  SocketState accepted = tcp("ESTABLISHED", server, client);
  accepted.socket = SocketId{3};
  accepted.inode = 9;
  const auto trace = trace_of({{tcp("ESTABLISHED", server, client, 5)},
                               {accepted},
                               {tcp("TIME_WAIT", server, client)},
                               {tcp("", server, client)}});
  CHECK(kernel_view_at(trace, {999}).rows.empty());
  CHECK(kernel_view_at(trace, {1000}).rows[0].state->recv_queue == 5);
  CHECK(kernel_view_at(trace, {2500}).rows[0].state->socket == SocketId{3});
  CHECK(kernel_view_at(trace, {2500}).rows.size() == 1);
  CHECK(kernel_view_at(trace, {3000}).rows[0].sample->taken == Instant{3000});
  CHECK(last_view(trace).rows.empty());
}

TEST_CASE("what changed is told against the sample before") {
  SocketState later = tcp("CLOSE_WAIT", server, client, 1);
  const auto trace = trace_of({{tcp("ESTABLISHED", server, client)}, {later}});
  const auto told = tell_samples(trace);
  REQUIRE(told.size() == 2);
  CHECK(told[0].sockets[0].was == nullptr);
  CHECK(told[0].sockets[0].changes.empty());
  const SampledSocket& socket = told[1].sockets[0];
  REQUIRE(socket.changes.size() == 2);
  CHECK(socket.changes[0].what == "state");
  CHECK(socket.changes[0].was == "ESTABLISHED");
  CHECK(socket.changes[0].is == "CLOSE_WAIT");
  CHECK(socket.changes[1].what == "recv_queue");
}

TEST_CASE("hostile states and names neither break a row nor grow without bound") {
  SocketState socket;
  socket.family = "AF_UNIX";
  socket.type = "SOCK_STREAM";
  socket.state = "ESTAB\x1b[2J\n";
  socket.local = Endpoint{"AF_UNIX", "", 0, "/tmp/\n\x1b[31m```", ""};
  std::vector<SocketState> many;
  for (std::uint64_t i = 1; i <= 5000; ++i) {
    socket.inode = i;
    many.push_back(socket);
  }
  const std::string table = ss(last_view(trace_of({many})), SsTable::unix_socket);
  CHECK(std::count(table.begin(), table.end(), '\n') == 1 + most_view_rows + 1);
  CHECK(table.find('\x1b') == std::string::npos);
  CHECK(table.find("... 4900 more") != std::string::npos);
}
