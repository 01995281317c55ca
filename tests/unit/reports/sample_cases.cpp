// Short traces of what goes wrong, and of who tries to do harm.
#include "tests/unit/reports/sample_trace.hpp"

namespace socktale::test {
namespace {

model::Socket tcp(std::uint32_t id, const std::string& role) {
  model::Socket socket;
  socket.id = {id};
  socket.family = "AF_INET";
  socket.type = "SOCK_STREAM";
  socket.protocol = "IPPROTO_TCP";
  socket.origin = "socket";
  socket.role = role;
  return socket;
}

model::Socket between(std::uint32_t id, const model::Endpoint& local, const model::Endpoint& peer) {
  model::Socket socket = tcp(id, "connected");
  socket.local = local;
  socket.peer = peer;
  return socket;
}

void make_socket(TraceBuilder& trace, int pid, std::uint32_t id, const model::Place& place) {
  trace
      .call(pid, "socket", 41,
            {in("domain", symbol(2, "AF_INET")),
             in("type", flags(0x80001, {"SOCK_STREAM", "SOCK_CLOEXEC"})),
             in("protocol", symbol(0, "IPPROTO_IP"))},
            3, place)
      .about(id)
      .kind("fd");
  trace.socket(tcp(id, "fresh"));
}

} // namespace

model::Trace port_in_use() {
  TraceBuilder trace;
  trace.of_document();
  trace.program("server", {"python3", "server.py"});
  trace.born(812, "server").exec(812, {"python3", "server.py"}, "CPython");
  make_socket(trace, 812, 1,
              line("/home/student/chat/server.py", 21,
                   "socket.socket(socket.AF_INET, socket.SOCK_STREAM)", "socket"));
  trace
      .call(812, "bind", 49,
            {in("sockfd", fd(3)), in("addr", inet("127.0.0.1", 12345)), in("addrlen", number(16))},
            0, line("/home/student/chat/server.py", 23, "serv_sock.bind((host, port))", "bind"))
      .about(1)
      .failed(98, "EADDRINUSE");
  trace.note({"port-holder",
              Pid{812},
              {{"address", "127.0.0.1:12345"},
               {"state", "LISTEN"},
               {"pid", "640"},
               {"command", "python3 server.py"}}});
  trace.call(812, "close", 3, {in("fd", fd(3))}, 0, clean_up("close")).about(1);
  model::Socket closed = tcp(1, "fresh");
  closed.gone_by = "close";
  return trace.socket(closed).gone(812, 1).finish();
}

model::Trace both_waiting() {
  TraceBuilder trace;
  trace.of_document();
  trace.program("server", {"python3", "server.py"}).program("client", {"python3", "client.py"});
  const model::Endpoint server{"AF_INET", "127.0.0.1", 12345, "", ""};
  const model::Endpoint client{"AF_INET", "127.0.0.1", 42398, "", ""};
  trace.born(812, "server").exec(812, {"python3", "server.py"}, "CPython");
  trace.born(820, "client").exec(820, {"python3", "client.py"}, "CPython");
  trace.socket(between(1, server, client)).socket(between(2, client, server));
  trace
      .call(820, "sendto", 44,
            {in("sockfd", fd(3)), in("buf", bytes("")), in("len", number(0)),
             in("flags", flags(0, {})), in("dest_addr", null()), in("addrlen", number(0))},
            0, line("/home/student/chat/client.py", 36, "sock.send(msg.encode(\"utf-8\"))", "send"))
      .about(2)
      .kind("count");
  const auto receive = [&](int pid, int sockfd, std::uint32_t id, const model::Place& place) {
    trace
        .call(pid, "recvfrom", 45,
              {in("sockfd", fd(sockfd)), out("buf", {}), in("len", number(1024)),
               in("flags", flags(0, {})), in("src_addr", null()), in("addrlen", null())},
              0, place)
        .about(id)
        .unfinished();
  };
  receive(820, 3, 2, line("/home/student/chat/client.py", 37, "sock.recv(1024)", "recv"));
  receive(812, 4, 1, line("/home/student/chat/server.py", 33, "clnt_sock.recv(1024)", "recv"));
  trace.note({"both-waiting", std::nullopt, {}});
  return trace.note({"interrupted", std::nullopt, {{"signal", "SIGINT"}}}).finish();
}

model::Trace through_a_shim() {
  TraceBuilder trace;
  trace.program("server", {"python3", "server.py"});
  model::Place unknown;
  unknown.libc = "socket";
  const auto to_name_service = [&](int pid) {
    trace.call(pid, "socket", 41,
               {in("domain", symbol(1, "AF_UNIX")), in("type", flags(1, {"SOCK_STREAM"})),
                in("protocol", number(0))},
               3, unknown);
  };
  trace.born(812, "server").exec(812, {"bash", "python3", "server.py"});
  to_name_service(812);
  trace.born(813, "", 812); // $(...) in the shim
  to_name_service(813);
  trace.exec(813, {"head", "-1"});
  to_name_service(813);
  trace.gone(813);
  trace.exec(812, {"python3", "server.py"}, "CPython");
  make_socket(trace, 812, 1,
              line("/home/student/chat/server.py", 21,
                   "socket.socket(socket.AF_INET, socket.SOCK_STREAM)", "socket"));
  trace
      .call(812, "close", 3, {in("fd", fd(3))}, 0,
            line("/home/student/chat/server.py", 44, "serv_sock.close()", "close"))
      .about(1);
  model::Socket closed = tcp(1, "fresh");
  closed.gone_by = "close";
  return trace.socket(closed).gone(812).finish();
}

const char* const attack =
    "</script><img src=x onerror=alert(1)>|`a`|\x1b[31m\x1b]0;t\a\xe2\x80\xae\r\n"
    "| x | y |\n```\nend\n%%{init}%%;P0->>K: lie #59; \\| [a](http://x) www.x.org \xff\xe4\xbd\xa0";

model::Trace hostile() {
  TraceBuilder trace;
  trace.program(attack, {attack, "a|b"});
  trace.born(812, attack).exec(812, {"x", attack}, "CPython");
  model::Socket socket = tcp(1, "connected");
  socket.family = attack;
  socket.local = model::Endpoint{"AF_UNIX", "", 0, attack, ""};
  socket.peer = model::Endpoint{attack, "", 0, "", attack};
  trace.socket(socket);
  model::Place place = line(std::string("/home/") + attack, 7, attack, attack);
  place.function = attack;
  trace
      .call(812, "sendto", 44,
            {in("sockfd", fd(3)), in("buf", bytes(attack)), in("dest_addr", unix_path(attack)),
             in("flags", {model::Flags{1, {attack}, 0}}), in(attack, symbol(1, attack))},
            9, place)
      .about(1)
      .kind("count");
  trace.call(812, attack, 999, {in("sockfd", fd(3))}, 0, place).failed(4000, attack);
  trace.note({attack, Pid{812}, {{attack, attack}}});
  return trace.gone(812).finish();
}

} // namespace socktale::test
