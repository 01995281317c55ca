// The two chats as they are recorded: order of events, arguments and places taken from real runs.
#include "tests/unit/reports/sample_trace.hpp"

#include <functional>
#include <map>
#include <utility>

namespace socktale::test {
namespace {

constexpr int server = 812, client = 820;
constexpr int port = 12345, client_port = 42398;

using model::Endpoint;
using model::Place;
using model::Socket;
using model::SocketId;
using model::Value;

// What differs between the families, and how a socket of it is told.
struct Family {
  int number;
  std::string name;
  std::string protocol;
  std::int64_t size; // of the server's address
  std::int64_t client_size;
  Value server_address, client_address;
  Endpoint server_end, client_end;
};

Family family_named(const std::string& name) {
  if (name == "inet6")
    return {10,
            "AF_INET6",
            "IPPROTO_TCP",
            28,
            28,
            inet6("::1", port),
            inet6("::1", client_port),
            {"AF_INET6", "::1", port, "", ""},
            {"AF_INET6", "::1", client_port, "", ""}};
  if (name == "unix")
    return {1,
            "AF_UNIX",
            "",
            17,
            2,
            unix_path("/tmp/hello.sock"),
            unix_path(""),
            {"AF_UNIX", "", 0, "/tmp/hello.sock", ""},
            {"AF_UNIX", "", 0, "", ""}};
  return {2,
          "AF_INET",
          "IPPROTO_TCP",
          16,
          16,
          inet("127.0.0.1", port),
          inet("127.0.0.1", client_port),
          {"AF_INET", "127.0.0.1", port, "", ""},
          {"AF_INET", "127.0.0.1", client_port, "", ""}};
}

class Chat {
 public:
  Chat(TraceBuilder& trace, Family family, std::uint64_t type, std::vector<model::Name> type_names)
      : trace_(trace),
        family_(std::move(family)),
        type_(type),
        type_names_(std::move(type_names)) {}

  void make(int pid, std::uint32_t id, const Place& place) {
    Value protocol = family_.number == 1 ? number(0) : symbol(0, "IPPROTO_IP");
    trace_.socket(book(id, "socket", "fresh"));
    trace_
        .call(pid, "socket", 41,
              {in("domain", symbol(family_.number, family_.name)),
               in("type", flags(type_, type_names_)), in("protocol", std::move(protocol))},
              3, place)
        .about(id)
        .kind("fd");
  }

  void bind(const Place& place) {
    trace_.call(server, "bind", 49, address_args(), 0, place).about(1);
    book_.at(1).local = family_.server_end;
    trace_.socket(book(1, "socket", "bound"));
  }

  void listen(const Place& place) {
    trace_.call(server, "listen", 50, {in("sockfd", fd(3)), in("backlog", number(10))}, 0, place)
        .about(1);
    trace_.socket(book(1, "socket", "listening"));
  }

  void connect(const Place& place) {
    trace_.call(client, "connect", 42, address_args(), 0, place).about(2);
    book_.at(2).local = family_.client_end;
    book_.at(2).peer = family_.server_end;
    trace_.socket(book(2, "socket", "connected"));
  }

  void accept(const Place& place, bool with_address, std::int64_t waiting_since) {
    Socket& made = book_[3];
    made.parent = SocketId{1};
    made.local = family_.server_end;
    made.peer = family_.client_end;
    trace_.socket(book(3, "accept", "connected"));
    std::vector<model::Field> args = {in("sockfd", fd(3))};
    if (with_address) {
      args.push_back(out("addr", family_.client_address));
      args.push_back(
          in_out("addrlen", length_at(family_.client_size), length_at(family_.client_size)));
    } else {
      args.push_back(in("addr", null()));
      args.push_back(in("addrlen", null()));
    }
    args.push_back(in("flags", flags(0x80000, {"SOCK_CLOEXEC"})));
    trace_.call(server, "accept4", 288, std::move(args), 4, place)
        .about(1)
        .touching({3})
        .kind("fd")
        .entered_at(waiting_since);
  }

  void name_of(int pid, std::string call, int nr, int number, std::uint32_t id, std::int64_t room,
               const Value& address, std::int64_t size, const Place& place) {
    trace_
        .call(pid, std::move(call), nr,
              {in("sockfd", fd(number)), out("addr", address),
               in_out("addrlen", length_at(room), length_at(size))},
              0, place)
        .about(id);
  }

  void send(int pid, int sockfd, std::uint32_t id, const std::string& data, std::uint64_t bits,
            const Place& place) {
    trace_
        .call(pid, "sendto", 44,
              {in("sockfd", fd(sockfd)), in("buf", bytes(data)),
               in("len", number(static_cast<std::int64_t>(data.size()))),
               in("flags", bits != 0 ? flags(bits, {"MSG_NOSIGNAL"}) : flags(0, {})),
               in("dest_addr", null()), in("addrlen", number(0))},
              static_cast<std::int64_t>(data.size()), place)
        .about(id)
        .kind("count");
  }

  void recv(int pid, int sockfd, std::uint32_t id, const std::string& data, const Place& place) {
    trace_
        .call(pid, "recvfrom", 45,
              {in("sockfd", fd(sockfd)), out("buf", bytes(data)), in("len", number(1024)),
               in("flags", flags(0, {})), in("src_addr", null()), in("addrlen", null())},
              static_cast<std::int64_t>(data.size()), place)
        .about(id)
        .kind("count");
  }

  void close(int pid, int sockfd, std::uint32_t id, const Place& place) {
    trace_.call(pid, "close", 3, {in("fd", fd(sockfd))}, 0, place).about(id);
    book_.at(id).gone_by = "close";
    trace_.socket(book_.at(id));
  }

  [[nodiscard]] const Family& family() const { return family_; }

 private:
  std::vector<model::Field> address_args() {
    return {in("sockfd", fd(3)), in("addr", family_.server_address),
            in("addrlen", number(family_.size))};
  }

  Socket book(std::uint32_t id, std::string origin, std::string role) {
    Socket& socket = book_[id];
    socket.id = {id};
    socket.family = family_.name;
    socket.type = "SOCK_STREAM";
    socket.protocol = family_.protocol;
    socket.origin = std::move(origin);
    socket.role = std::move(role);
    socket.inode = 50'000 + id;
    return socket;
  }

  TraceBuilder& trace_;
  Family family_;
  std::uint64_t type_;
  std::vector<model::Name> type_names_;
  std::map<std::uint32_t, Socket> book_;
};

} // namespace

model::Trace python_chat() {
  TraceBuilder trace;
  trace.of_document();
  trace.program("server", {"python3", "server.py"}).program("client", {"python3", "client.py"});
  Chat chat(trace, family_named("inet"), 0x80001, {"SOCK_STREAM", "SOCK_CLOEXEC"});
  const auto at = [](const std::string& file, int number, std::string text, std::string libc) {
    return line("/home/student/chat/" + file, number, std::move(text), std::move(libc));
  };
  const auto s = std::bind_front(at, "server.py");
  const auto c = std::bind_front(at, "client.py");

  trace.born(server, "server").exec(server, {"python3", "server.py"}, "CPython");
  chat.make(server, 1, s(21, "socket.socket(socket.AF_INET, socket.SOCK_STREAM)", "socket"));
  chat.bind(s(23, "serv_sock.bind((host, port))", "bind"));
  chat.listen(s(25, "serv_sock.listen(10)", "listen"));
  trace.born(client, "client").exec(client, {"python3", "client.py"}, "CPython");
  chat.make(client, 2, c(27, "socket.socket(socket.AF_INET, socket.SOCK_STREAM)", "socket"));
  chat.connect(c(29, "sock.connect((host, port))", "connect"));
  const Place accept = s(29, "serv_sock.accept()", "accept4");
  chat.accept(accept, true, 8'500'000);
  Place hidden = accept;
  hidden.libc = "getsockname";
  chat.name_of(server, "getsockname", 51, 4, 3, 128, chat.family().server_address, 16, hidden);
  chat.send(client, 3, 2, "hello", 0, c(36, "sock.send(msg.encode(\"utf-8\"))", "send"));
  chat.recv(server, 4, 3, "hello", s(33, "clnt_sock.recv(1024)", "recv"));
  chat.send(server, 4, 3, "hi", 0, s(42, "clnt_sock.send(msg.encode(\"utf-8\"))", "send"));
  chat.recv(client, 3, 2, "hi", c(37, "sock.recv(1024)", "recv"));
  chat.name_of(client, "getsockname", 51, 3, 2, 128, chat.family().client_address, 16,
               clean_up("getsockname"));
  chat.name_of(client, "getpeername", 52, 3, 2, 128, chat.family().server_address, 16,
               clean_up("getpeername"));
  chat.close(client, 3, 2, clean_up("close"));
  trace.gone(client);
  chat.recv(server, 4, 3, "", s(33, "clnt_sock.recv(1024)", "recv"));
  chat.close(server, 4, 3, s(37, "clnt_sock.close()", "close"));
  chat.close(server, 3, 1, s(44, "serv_sock.close()", "close"));
  return trace.gone(server).finish();
}

model::Trace cpp_chat(const std::string& family) {
  TraceBuilder trace;
  trace.of_document();
  trace.program("server", {"hello-server"}).program("client", {"hello-client"});
  Chat chat(trace, family_named(family), 0x80001, {"SOCK_STREAM", "SOCK_CLOEXEC"});
  const auto at = [](const std::string& file, int number, std::string text, std::string libc) {
    return line("/home/student/chat/cpp/" + file, number, std::move(text), std::move(libc));
  };
  const auto s = std::bind_front(at, "server.cpp");
  const auto c = std::bind_front(at, "client.cpp");
  const auto m = std::bind_front(at, "message.cpp");
  Place leaving = at("socket.cpp", 10, "close(fd_)", "close");
  const std::string socket_text = "socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)";
  const std::string send_text = "send(connection.fd(), text.data(), text.size(), MSG_NOSIGNAL)";
  const std::string recv_text = "recv(connection.fd(), buffer.data(), buffer.size(), 0)";

  trace.born(server, "server").exec(server, {"hello-server"});
  chat.make(server, 1, s(31, socket_text, "socket"));
  chat.bind(s(34, "bind(listener.fd(), address.data(), address.size())", "bind"));
  chat.listen(s(35, "listen(listener.fd(), 10)", "listen"));
  trace.born(client, "client").exec(client, {"hello-client"});
  chat.make(client, 2, c(28, socket_text, "socket"));
  chat.connect(c(31, "connect(sock.fd(), address.data(), address.size())", "connect"));
  chat.accept(
      s(44, "accept4(listener.fd(), peer.data(), peer.size_in_out(), SOCK_CLOEXEC)", "accept4"),
      true, 8'500'000);
  chat.send(client, 3, 2, "hello", 0x4000, m(17, send_text, "send"));
  chat.recv(server, 4, 3, "hello", m(28, recv_text, "recv"));
  chat.send(server, 4, 3, "hi", 0x4000, m(17, send_text, "send"));
  chat.recv(client, 3, 2, "hi", m(28, recv_text, "recv"));
  chat.close(client, 3, 2, leaving);
  trace.gone(client);
  chat.recv(server, 4, 3, "", m(28, recv_text, "recv"));
  chat.close(server, 4, 3, leaving);
  chat.close(server, 3, 1, leaving);
  return trace.gone(server).finish();
}

} // namespace socktale::test
