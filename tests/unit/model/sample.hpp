// A trace that holds everything a trace can hold: each kind of event, value and member, full and
// bare, with texts that are hard to spell. It is no story, only a stock for the codec's tests and
// for tests/schema.
#pragma once

#include "tracer/model/event.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace socktale::test {

using namespace std::string_literals;

inline const std::string not_utf8 = "caf\xe9/\xff\xfe\x80";
// Would clear the screen, turn text around, hide, and end a line, were it shown raw.
inline const std::string attack = "\x1b[2J\x07\xc2\x9b"
                                  "31m\xe2\x80\xae\xe2\x80\x8b\x7f\r\n\xf3\xa0\x80\x81"s;

inline model::Header sample_header() {
  return {.schema = 1,
          .tool = "socktale 0.1.0",
          .began_at = 1'769'860'800'123'456'789,
          .kernel = "6.1.0-18-amd64",
          .machine = "x86_64",
          .system = "Debian GNU/Linux 12 (bookworm)",
          .libc = "glibc 2.36",
          .payload_limit = 65536,
          .payload_withheld = false,
          .payload_unseen = true,
          .payload_patterns = 2,
          .source_withheld = true,
          .interfaces = {{1, "lo"}, {2, attack}},
          .programs = {{"server", {"python3", "server.py", ""}}, {"client", {not_utf8, attack}}},
          .document = "hello-hi",
          .sampling = model::Sampling{16, 5, 32, 128}};
}

// Every alternative of Value, most of them more than once.
inline std::vector<model::Value> sample_values() {
  using namespace model;
  const auto in = [](std::string name, Value value) {
    return Field{std::move(name), std::move(value), {}};
  };
  std::vector<Value> values;
  const auto add = [&values](auto value) { values.push_back({std::move(value)}); };
  add(std::monostate{});
  add(std::int64_t{0});
  add(std::int64_t{-1});
  add(std::numeric_limits<std::int64_t>::min());
  add(std::numeric_limits<std::int64_t>::max());
  add(std::uint64_t{1} << 63);
  add(std::numeric_limits<std::uint64_t>::max());
  add(Symbol{2, "AF_INET"});
  add(Symbol{-77, ""});
  add(Symbol{99, "", "AF_???"});
  add(Flags{0, {}, 0});
  add(Flags{0x80801, {"SOCK_STREAM", "SOCK_CLOEXEC", "SOCK_NONBLOCK"}, 0});
  add(Flags{0x10, {}, 0x10, "SOCK_???"});
  add(Flags{std::numeric_limits<std::uint64_t>::max(), {"MSG_PEEK"}, ~std::uint64_t{2}});
  add(Fd{3});
  add(Fd{-1});
  add(Pointer{0});
  add(Pointer{0x7ffe'1234'5678});
  add(Pointer{std::numeric_limits<std::uint64_t>::max()});
  add(Bytes{"", 0, false});
  add(Bytes{"hello", 5, false});
  add(Bytes{"my *****", 80, false, 5});
  add(Bytes{"你好", 600, false});
  add(Bytes{"\0\x01"s, 2, false});
  add(Bytes{"\xe4\xbd\xa0\xe5", 4, false});
  add(Bytes{attack, attack.size(), false});
  add(Bytes{"", 5, true});
  add(Text{""});
  add(Text{"/tmp/demo.sock"});
  add(Text{not_utf8});
  add(Text{attack});
  add(Unreadable{0xdead0000, 14});
  add(Made{"htons", {{std::int64_t{12345}}}});
  add(Made{"makedev", {{Text{"a"}}, {}}});
  add(Struct{});
  add(Struct{{in("sa_family", {Symbol{2, "AF_INET"}}),
              in("sin_port", {Made{"htons", {{std::int64_t{12345}}}}}),
              {"msg_namelen", {std::int64_t{128}}, {std::int64_t{16}}},
              {"msg_flags", {}, {Flags{0, {}, 0}}},
              {"unknown", {}, {}},
              {"sa_data", {Bytes{"\1\2"s, 2}}, {}, {Struct{{in("nodeid", {std::int64_t{1}})}}}},
              {"both", {std::int64_t{1}}, {std::int64_t{2}}, {Symbol{2, "SOCK_DGRAM"}}},
              in("inner", {Struct{{in("in", {std::int64_t{1}}), in("out", {})}}})}});
  add(List{});
  add(List{{{std::int64_t{16}}}, 1});
  add(List{{{Fd{4}}, {}, {List{{{Text{"x"}}}, 1}}}, 3});
  add(List{{{Fd{4}}}, 1000});
  add(List{{}, 7});
  return values;
}

inline model::Place sample_place() {
  using namespace model;
  return {.kind = PlaceKind::call,
          .file = "/home/an/chat/server.py",
          .span = {11, 1, 11, 28},
          .text = "serv_sock.bind((host, port))",
          .function = "main",
          .libc = "bind"};
}

inline model::Call sample_call() {
  using namespace model;
  return {.id = {7},
          .pid = {4127},
          .tid = {4128},
          .name = "accept4",
          .number = 102,
          .abi = "i386",
          .via = "socketcall(SYS_ACCEPT4)",
          .raw = {3, 0x7ffe'1234'5678, 0x7ffe'1234'5670, 0x80000, 0,
                  std::numeric_limits<std::uint64_t>::max()},
          .args = {{"sockfd", {Fd{3}}, {}},
                   {"addr", {Pointer{0x7ffe'1234'5678}}, {Text{not_utf8}}},
                   {"addrlen", {List{{{std::int64_t{128}}}, 1}}, {List{{{std::int64_t{16}}}, 1}}},
                   {"flags", {Flags{0x80000, {"SOCK_CLOEXEC"}, 0}}, {}},
                   {"optval", {}, {List{{{std::int64_t{1}}}, 1}}, {Symbol{1, "SOCK_STREAM"}}},
                   {"nothing", {}, {}}},
          .entered = {1'000'000},
          .outcome = Outcome{4, 0, "", "fd", {1'800'000'000}, {Flags{4, {}, 4}}},
          .socket = SocketId{1},
          .touched = {{2}, {3}},
          .place = sample_place(),
          .stack = 5};
}

// With the members that every call has, and no others.
inline model::Call bare_call(std::string name, int number) {
  model::Call call;
  call.id = {9};
  call.pid = {1};
  call.tid = {1};
  call.name = std::move(name);
  call.number = number;
  return call;
}

inline model::Socket bare_socket(std::uint32_t id) {
  model::Socket socket;
  socket.id = {id};
  return socket;
}

inline model::Socket socket_between(std::uint32_t id, model::Endpoint local, model::Endpoint peer) {
  model::Socket socket = bare_socket(id);
  socket.local = std::move(local);
  socket.peer = std::move(peer);
  return socket;
}

// One event of each kind with everything in it, one with nothing in it, and all the values.
inline std::vector<model::Event> sample_events() {
  using namespace model;
  std::vector<Body> bodies;
  bodies.emplace_back(sample_call());
  bodies.emplace_back(bare_call("close", 3));
  Call failed = sample_call();
  failed.outcome = Outcome{-98, 98, "EADDRINUSE", "status", {2'000'000'000}};
  failed.place = {PlaceKind::leaving, not_utf8, {12, 0, 0, 0}, attack, "", ""};
  bodies.emplace_back(failed);
  for (Value& value : sample_values()) {
    Call call = bare_call("setsockopt", 54);
    call.args = {
        {"before", value, {}}, {"after", {}, value}, {"list", {List{{value, value}, 2}}, value}};
    call.args.push_back(
        {"struct", {Struct{{{"a", value, {}}, {"b", {}, value}, {"c", value, value}}}}, {}});
    bodies.emplace_back(std::move(call));
  }
  const Endpoint here{"AF_INET", "127.0.0.1", 12345, "", ""};
  bodies.emplace_back(Socket{{1},
                             "AF_INET",
                             "SOCK_STREAM",
                             "IPPROTO_TCP",
                             "accept",
                             "connected",
                             here,
                             Endpoint{"AF_INET6", "::1", 65535, "", ""},
                             SocketId{2},
                             123456789,
                             "exit"});
  bodies.emplace_back(bare_socket(2));
  bodies.emplace_back(socket_between(3, {"AF_INET", "0.0.0.0", 0, "", ""},
                                     {"AF_UNIX", "", 0, "@abstract\0name"s, ""}));
  bodies.emplace_back(socket_between(4, {"AF_UNIX", "", 0, not_utf8, ""},
                                     {"AF_NETLINK", "", 0, "", "\0\0\xff\x01\0\0"s}));
  bodies.emplace_back(socket_between(5, {}, {"AF_UNIX", "", 0, "", ""}));
  for (const char* origin : {"socket", "socketpair", "received", "inherited", "found", "unknown"}) {
    Socket socket = bare_socket(6);
    socket.origin = origin;
    socket.gone_by = "close";
    bodies.emplace_back(std::move(socket));
  }
  for (const char* role : {"fresh", "bound", "listening", "connecting"}) {
    Socket socket = bare_socket(7);
    socket.role = role;
    socket.gone_by = "dup2";
    bodies.emplace_back(std::move(socket));
  }
  bodies.emplace_back(Stack{
      5,
      {{Language::native,
        Owner::libc,
        "__libc_accept4",
        "",
        {},
        "",
        "/lib/x86_64-linux-gnu/libc.so.6",
        0x11b3a0,
        false},
       {Language::native,
        Owner::interpreter,
        "sock_accept",
        "",
        {},
        "",
        "/usr/bin/python3.11",
        0,
        true},
       {Language::python,
        Owner::library,
        "socket.accept",
        "/usr/lib/python3.11/socket.py",
        {293, 20, 293, 34},
        "self._accept()",
        "",
        0,
        false},
       {Language::python, Owner::user, "<module>", not_utf8, {20, 1, 0, 0}, attack, "", 0, false},
       {}},
      false});
  bodies.emplace_back(Stack{6, {}, true});
  bodies.emplace_back(TaskBorn{{4127}, {4128}, {4126}, "server"});
  bodies.emplace_back(TaskBorn{{1}, {1}, {0}, ""});
  bodies.emplace_back(TaskExec{{4127},
                               "/usr/bin/python3.11",
                               {"python3", not_utf8, ""},
                               attack,
                               "CPython",
                               "3.11.2",
                               "x86-64"});
  bodies.emplace_back(TaskExec{{1}, "", {}, "", "", "", "i386"});
  bodies.emplace_back(TaskGone{{4127}, {4128}, false, std::nullopt, std::nullopt});
  bodies.emplace_back(TaskGone{{4127}, {4127}, true, 0, std::nullopt});
  bodies.emplace_back(TaskGone{{4127}, {4127}, true, std::nullopt, 9});
  bodies.emplace_back(Signal{{4127}, {4128}, 2, "SIGINT", Value{Symbol{0, "SI_USER"}}});
  bodies.emplace_back(Signal{{1}, {1}, 64, "", {}});
  bodies.emplace_back(Note{
      "who-holds-port", Pid{4127}, {{"port", "12345"}, {"holder", not_utf8}, {"comm", attack}}});
  bodies.emplace_back(Note{"io-uring", std::nullopt, {}});
  bodies.emplace_back(
      SourceFile{"/home/an/chat/server.py", "import socket\n# 你好\n", 24, false, false});
  bodies.emplace_back(SourceFile{not_utf8, attack + not_utf8, 1 << 20, true, false});
  bodies.emplace_back(SourceFile{"/home/an/chat/client.py", "", 80, false, true});
  bodies.emplace_back(Sample{CallId{7},
                             true,
                             {1'000'100},
                             {{.socket = SocketId{1},
                               .inode = 4711,
                               .peer_inode = 4712,
                               .family = "AF_INET6",
                               .type = "SOCK_STREAM",
                               .protocol = "IPPROTO_TCP",
                               .state = "FIN_WAIT1",
                               .local = here,
                               .peer = Endpoint{"AF_UNIX", "", 0, not_utf8, ""},
                               .v6only = true,
                               .recv_queue = 5,
                               .send_queue = std::numeric_limits<std::uint32_t>::max(),
                               .timer = "retransmit",
                               .timer_ms = 204,
                               .retransmits = 3},
                              {}}});
  bodies.emplace_back(Sample{});
  bodies.emplace_back(End{7, std::numeric_limits<std::uint64_t>::max()});
  std::vector<Event> events;
  for (Body& body : bodies) {
    const auto seq = events.size() + 1;
    events.push_back({seq, {static_cast<std::int64_t>(seq) * 1000}, std::move(body)});
  }
  return events;
}

} // namespace socktale::test
