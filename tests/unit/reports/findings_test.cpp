// Every rule of the findings on a trace of a few calls that shows its mistake, and on its near
// miss, which differs in just what makes it none.
#include "reports/findings.hpp"
#include "reports/json.hpp"
#include "reports/markdown.hpp"
#include "reports/terminal.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"
#include "tracer/model/trace_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <fmt/format.h>

using namespace socktale;
using namespace socktale::test;
using model::Endpoint;
using model::Field;
using reports::Finding;

namespace {

constexpr std::int64_t millisecond = 1'000'000;

Endpoint at(std::uint16_t port, const std::string& host = "127.0.0.1") {
  return {host.find(':') == std::string::npos ? "AF_INET" : "AF_INET6", host, port, "", ""};
}
model::Value address(const Endpoint& where) {
  return where.family == "AF_INET6" ? inet6(where.host, where.port) : inet(where.host, where.port);
}

// A server, process 1, and a client, process 2; every call stands on a line of its own, each socket
// has its id as descriptor.
class Run {
 public:
  Run() {
    trace.program("server", {"server"}).program("client", {"client"});
    trace.born(1, "server").born(2, "client");
  }

  Run& call(int pid, const std::string& name, std::uint32_t id, std::int64_t result,
            std::vector<Field> args = {}) {
    args.insert(args.begin(), in("sockfd", fd(static_cast<int>(id))));
    trace.call(pid, name, 0, std::move(args), result, here(pid, name)).about(id);
    return *this;
  }
  Run& failed(int error, const std::string& name) {
    trace.failed(error, name);
    return *this;
  }
  Run& unfinished() {
    trace.unfinished();
    return *this;
  }
  Run& lasted(std::int64_t ms) { // the last call began so long ago
    trace.entered_at(trace.now() - ms * millisecond);
    return *this;
  }
  Run& book(model::Socket& socket, const std::string& role = "") {
    if (!role.empty()) socket.role = role;
    trace.socket(socket);
    return *this;
  }
  model::Socket& makes(int pid, std::uint32_t id, const std::string& family = "AF_INET") {
    model::Socket& socket = sockets[id];
    socket.id = {id};
    socket.family = family;
    socket.type = "SOCK_STREAM";
    socket.origin = "socket";
    trace.socket(socket);
    trace.call(pid, "socket", 0, {in("domain", symbol(2, family))}, id, here(pid, "socket"))
        .about(id)
        .kind("fd");
    return socket;
  }
  Run& binds(int pid, std::uint32_t id, const Endpoint& where, std::int64_t length = 0) {
    if (length == 0) length = where.family == "AF_INET6" ? 28 : 16;
    sockets[id].local = where;
    book(sockets[id], "bound");
    return call(pid, "bind", id, 0, {in("addr", address(where)), in("addrlen", number(length))});
  }
  Run& listens(std::uint32_t id, const Endpoint& where, int backlog = 10) {
    sockets[id].local = where;
    book(sockets[id], "listening");
    return call(1, "listen", id, 0, {in("backlog", number(backlog))});
  }
  Run& connects(std::uint32_t id, const Endpoint& where) {
    return call(
        2, "connect", id, 0,
        {in("addr", address(where)), in("addrlen", number(where.family == "AF_INET6" ? 28 : 16))});
  }
  Run& connected(std::uint32_t id, std::uint16_t own_port, const Endpoint& where) {
    sockets[id].local = at(own_port);
    sockets[id].peer = where;
    book(sockets[id], "connected");
    return connects(id, where);
  }
  Run& accepts(std::uint32_t id, std::uint16_t peer_port, const Endpoint& where) {
    model::Socket& socket = sockets[id];
    socket = sockets[10];
    socket.id = {id};
    socket.origin = "accept";
    socket.parent = model::SocketId{10};
    socket.local = where;
    socket.peer = at(peer_port);
    book(socket, "connected");
    call(1, "accept4", 10, id);
    trace.touching({id});
    return *this;
  }
  // Listening socket 10; 20 is the client's end of a connection and 11 the server's.
  Run& pair() {
    makes(1, 10);
    binds(1, 10, at(80)).listens(10, at(80));
    makes(2, 20);
    return connected(20, 4000, at(80)).accepts(11, 4000, at(80));
  }
  Run& sends(int pid, std::uint32_t id, const std::string& data, std::size_t taken = SIZE_MAX) {
    return call(pid, "sendto", id, static_cast<std::int64_t>(std::min(taken, data.size())),
                {in("buf", bytes(data)), in("len", number(static_cast<int>(data.size())))});
  }
  Run& takes(int pid, std::uint32_t id, const std::string& data, int asked = 1024) {
    return call(pid, "recvfrom", id, static_cast<std::int64_t>(data.size()),
                {out("buf", bytes(data)), in("len", number(asked))});
  }
  Run& closes(int pid, std::uint32_t id, const std::string& by = "close") {
    if (by == "close") call(pid, "close", id, 0);
    sockets[id].gone_by = by;
    return book(sockets[id]);
  }
  Run& closes_all() { return closes(2, 20).closes(1, 11).closes(1, 10); }
  Run& on_line(int number) { // of the next call
    line_ = number;
    return *this;
  }
  Run& source(const std::string& text) {
    trace.source({file(1), text, text.size(), false, false});
    return *this;
  }
  static std::string file(int pid) { return pid == 1 ? "/home/an/server.c" : "/home/an/client.c"; }

  std::vector<Finding> find() {
    if (!ended) trace.gone(1).gone(2);
    told = trace.finish();
    story = reports::build_story(told);
    return reports::find_all(story);
  }
  // "rule rule", in their order.
  std::string rules() {
    std::string out;
    for (const Finding& finding : find())
      out += fmt::format("{}{}", out.empty() ? "" : " ", finding.rule);
    return out;
  }

  TraceBuilder trace;
  std::map<std::uint32_t, model::Socket> sockets;
  bool ended = false;
  model::Trace told;
  reports::Story story;

 private:
  model::Place here(int pid, const std::string& name) {
    const std::string function = name == "sendto"     ? "send"
                                 : name == "recvfrom" ? "recv"
                                 : name == "accept4"  ? "accept"
                                                      : name;
    return line(file(pid), line_ != 0 ? std::exchange(line_, 0) : ++lines_,
                texts.empty() ? function + "(fd)" : std::exchange(texts, ""), function);
  }
  int line_ = 0, lines_ = 100;

 public:
  std::string texts; // of the next call
};

model::Note holder(const std::string& state) {
  return {"port-holder",
          Pid{1},
          {{"address", "127.0.0.1:80"}, {"state", state}, {"pid", "77"}, {"command", "old"}}};
}

} // namespace

TEST_CASE("never closed: by a program that ended well, and only then", "[findings]") {
  Run left;
  left.pair().sends(2, 20, "hi").takes(1, 11, "hi").closes(1, 11).closes(1, 10);
  left.closes(2, 20, "exit");
  CHECK(left.rules() == "never-closed");
  Run closed;
  closed.pair().closes_all();
  CHECK(closed.rules().empty());
  Run broken;
  broken.pair().closes(1, 11).closes(1, 10).closes(2, 20, "exit");
  broken.trace.gone(1).gone(2, 1);
  broken.ended = true;
  CHECK(broken.rules().empty());
}

TEST_CASE("a port that is taken, or lingers", "[findings]") {
  const auto bind = [](const std::string& state, bool reuse) {
    Run run;
    run.makes(1, 10);
    if (reuse)
      run.call(1, "setsockopt", 10, 0,
               {in("level", symbol(1, "SOL_SOCKET")), in("optname", symbol(2, "SO_REUSEADDR")),
                in("optval", length_at(1))});
    run.call(1, "bind", 10, 0, {in("addr", inet("127.0.0.1", 80)), in("addrlen", number(16))});
    run.failed(98, "EADDRINUSE");
    if (!state.empty()) run.trace.note(holder(state));
    run.closes(1, 10);
    return run.rules();
  };
  CHECK(bind("TIME_WAIT", false) == "port-lingers");
  CHECK(bind("TIME_WAIT", true).empty());
  CHECK(bind("LISTEN", false) == "port-taken");
  CHECK(bind("LISTEN", true) == "port-taken");
  CHECK(bind("", false).empty()); // nobody knows why
}

TEST_CASE("htons is missing where the source shows it", "[findings]") {
  const auto bind = [](const std::string& source, std::uint16_t port) {
    Run run;
    run.source(source);
    run.makes(1, 10);
    run.binds(1, 10, at(port)).closes(1, 10);
    return run.rules();
  };
  CHECK(bind("addr.sin_port = 12345;\n", 14640) == "missing-htons");
  CHECK(bind("#define PORT 12345\naddr.sin_port = PORT;\n", 14640) == "missing-htons");
  CHECK(bind("#define PORT 12345\naddr.sin_port = htons(PORT);\n", 14640).empty());
  CHECK(bind("addr.sin_port = 12345;\n", 12345).empty());
  CHECK(bind("addr.sin_port = port; // 14640\nint x = 12345;\n", 14640).empty());
  CHECK(bind("addr.sin_port = 257;\n", 257).empty()); // its two bytes are alike
}

TEST_CASE("a refused connect, and what listened instead", "[findings]") {
  const auto refused = [](const Endpoint& listens, const Endpoint& wanted, bool again = false,
                          bool v6only = false) {
    Run run;
    run.makes(1, 10, listens.family);
    if (v6only)
      run.call(1, "setsockopt", 10, 0,
               {in("level", symbol(41, "IPPROTO_IPV6")), in("optname", symbol(26, "IPV6_V6ONLY")),
                in("optval", length_at(1))});
    run.binds(1, 10, listens).listens(10, listens);
    run.makes(2, 20, wanted.family);
    run.connects(20, wanted).failed(111, "ECONNREFUSED");
    run.closes(2, 20);
    if (again) {
      run.makes(2, 21);
      run.connected(21, 4000, listens).closes(2, 21);
    }
    run.closes(1, 10);
    return run.rules();
  };
  CHECK(refused(at(12345), at(14640)) == "swapped-ports");
  CHECK(refused(at(80), at(81)) == "refused-elsewhere");
  CHECK(refused(at(80), at(80, "127.0.0.2")) == "refused-elsewhere");
  CHECK(refused(at(80), at(80, "::1")) == "other-loopback");
  CHECK(refused(at(80), at(80, "::1"), true).empty());
  CHECK(refused(at(80, "::"), at(80), false, true) == "only-inet6");

  Run early;
  early.makes(1, 10);
  early.binds(1, 10, at(80));
  early.makes(2, 20);
  early.connects(20, at(80)).failed(111, "ECONNREFUSED");
  early.listens(10, at(80)).closes(2, 20).closes(1, 10);
  CHECK(early.rules() == "refused-too-early");

  Run nobody;
  nobody.makes(2, 20);
  nobody.connects(20, at(80)).failed(111, "ECONNREFUSED").closes(2, 20);
  CHECK(nobody.rules().empty());
}

TEST_CASE("listen before bind", "[findings]") {
  Run run;
  run.makes(1, 10);
  run.listens(10, at(45000)).call(1, "bind", 10, 0).failed(22, "EINVAL").closes(1, 10);
  CHECK(run.rules() == "listen-before-bind");
  Run meant;
  meant.makes(1, 10);
  meant.listens(10, at(45000)).call(1, "getsockname", 10, 0).closes(1, 10);
  CHECK(meant.rules().empty());
}

TEST_CASE("what an address is given as", "[findings]") {
  const auto bind = [](const std::string& family, const Endpoint& where, std::int64_t length,
                       bool refused) {
    Run run;
    run.makes(1, 10, family);
    run.call(1, "bind", 10, 0, {in("addr", address(where)), in("addrlen", number(length))});
    if (refused) run.failed(22, "EINVAL");
    run.closes(1, 10);
    return run.rules();
  };
  CHECK(bind("AF_INET", at(80), 16, false).empty());
  CHECK(bind("AF_INET", at(80), 8, true) == "wrong-length");
  CHECK(bind("AF_INET", at(80), 28, false) == "wrong-length");
  CHECK(bind("AF_INET6", at(80, "::1"), 28, false).empty());
  CHECK(bind("AF_INET6", at(80, "::1"), 16, true) == "wrong-length");
  CHECK(bind("AF_INET6", at(80), 16, true) == "wrong-family");
  CHECK(bind("AF_INET6", at(80), 16, false).empty()); // the kernel took it

  const auto asks = [](std::int64_t room, std::int64_t size) {
    Run run;
    run.makes(1, 10);
    run.binds(1, 10, at(80));
    run.call(
        1, "getsockname", 10, 0,
        {out("addr", inet("127.0.0.1", 80)), in_out("addrlen", length_at(room), length_at(size))});
    run.closes(1, 10);
    return run.rules();
  };
  CHECK(asks(8, 16) == "cut-address");
  CHECK(asks(128, 16).empty());
  CHECK(asks(16, 16).empty());
}

TEST_CASE("two options in one call", "[findings]") {
  const auto sets = [](const std::string& text) {
    Run run;
    run.makes(1, 10);
    run.texts = text;
    run.call(1, "setsockopt", 10, 0,
             {in("level", symbol(1, "SOL_SOCKET")), in("optname", symbol(15, "SO_REUSEPORT")),
              in("optval", length_at(1))});
    run.closes(1, 10);
    return run.rules();
  };
  CHECK(sets("setsockopt(fd, SOL_SOCKET, SO_REUSEADDR | SO_REUSEPORT, &on, 4)") == "ored-options");
  CHECK(sets("s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR|socket.SO_REUSEPORT, 1)") ==
        "ored-options");
  CHECK(sets("setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, A | B)").empty());
}

TEST_CASE("the peer had closed", "[findings]") {
  Run run;
  run.pair().closes(1, 11).sends(2, 20, "one").sends(2, 20, "two").failed(32, "EPIPE");
  run.closes(2, 20).closes(1, 10);
  const auto found = run.find();
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "send-after-close");
  CHECK(found[0].evidence.size() == 3); // its close, the send that still went, the one that failed
  CHECK(found[0].side == 1);

  Run own; // EPIPE after its own shutdown is no news of the peer
  own.pair().call(2, "shutdown", 20, 0, {in("how", symbol(1, "SHUT_WR"))});
  own.sends(2, 20, "one").failed(32, "EPIPE").closes_all();
  CHECK(own.rules().empty());
}

TEST_CASE("the end of a stream is no message", "[findings]") {
  Run loop;
  loop.pair().closes(2, 20).takes(1, 11, "").takes(1, 11, "").takes(1, 11, "");
  loop.closes(1, 11).closes(1, 10);
  CHECK(loop.rules() == "end-taken-for-data");
  Run answer;
  answer.pair().closes(2, 20).takes(1, 11, "").sends(1, 11, "hi").closes(1, 11).closes(1, 10);
  CHECK(answer.rules() == "end-taken-for-data");
  Run half; // the peer has ended its own direction only, and reads on
  half.pair().call(2, "shutdown", 20, 0, {in("how", symbol(1, "SHUT_WR"))});
  half.takes(1, 11, "").sends(1, 11, "hi").takes(2, 20, "hi").closes_all();
  CHECK(half.rules().empty());
  Run twice;
  twice.pair().closes(2, 20).takes(1, 11, "").takes(1, 11, "").closes(1, 11).closes(1, 10);
  CHECK(twice.rules().empty());
}

TEST_CASE("parts that are taken for the whole", "[findings]") {
  Run sent;
  sent.pair().sends(2, 20, "hello world", 5).closes(2, 20).takes(1, 11, "hello");
  sent.closes(1, 11).closes(1, 10);
  CHECK(sent.rules() == "short-send");
  Run other;
  other.pair().sends(2, 20, "hello world", 5).sends(2, 20, "next").takes(1, 11, "hellonext");
  other.closes_all();
  CHECK(other.rules().starts_with("short-send"));
  Run rest;
  rest.pair().sends(2, 20, "hello world", 5).sends(2, 20, " world").takes(1, 11, "hello world");
  rest.closes_all();
  CHECK(rest.rules().empty());
  Run later; // again and again, until there is room
  later.pair().sends(2, 20, "hello world", 5).sends(2, 20, " world").failed(11, "EAGAIN");
  later.sends(2, 20, " world").takes(1, 11, "hello world").closes_all();
  CHECK(later.rules().empty());

  Run received;
  received.pair().sends(2, 20, "hello world").takes(1, 11, "hello", 5).closes(1, 11);
  received.closes(2, 20).closes(1, 10);
  CHECK(received.rules() == "short-recv");
  Run all;
  all.pair().sends(2, 20, "hello world").takes(1, 11, "hello", 5).takes(1, 11, " world");
  all.closes_all();
  CHECK(all.rules().empty());
}

TEST_CASE("one recv is not one send", "[findings]") {
  const auto joined = [](const std::string& mark, bool read_on) {
    Run run;
    run.pair().sends(2, 20, "hello" + mark).sends(2, 20, "world!" + mark);
    run.on_line(50).takes(1, 11, "hello" + mark + "world!" + mark);
    if (read_on) run.on_line(50);
    run.closes(2, 20).takes(1, 11, "").closes(1, 11).closes(1, 10);
    return run.rules();
  };
  CHECK(joined("", false) == "recv-per-send");
  CHECK(joined("\n", false).empty());

  Run loop; // the same line reads until the end: it takes no recv for a message
  loop.pair().sends(2, 20, "hello").sends(2, 20, "world!");
  loop.on_line(50).takes(1, 11, "helloworld!").closes(2, 20);
  loop.on_line(50).takes(1, 11, "").closes(1, 11).closes(1, 10);
  CHECK(loop.rules().empty());

  Run half;
  half.pair().sends(2, 20, "hello").takes(1, 11, "hel", 3).sends(1, 11, "what?");
  half.takes(1, 11, "lo", 3).takes(2, 20, "what?").closes_all();
  CHECK(half.rules() == "recv-per-send");

  Run piecewise; // what comes is handed on changed, and the other side collects all of it
  piecewise.pair().sends(2, 20, "hello");
  piecewise.takes(1, 11, "hel", 3).sends(1, 11, "HEL").takes(1, 11, "lo", 3).sends(1, 11, "LO");
  for (const char* part : {"H", "ELLO"}) piecewise.on_line(50).takes(2, 20, part);
  piecewise.sends(2, 20, "more!").takes(1, 11, "more!").closes_all();
  CHECK(piecewise.rules().empty());
  Run echo;
  echo.pair().sends(2, 20, "hello").takes(1, 11, "hel", 3).sends(1, 11, "hel");
  echo.takes(1, 11, "lo", 3).sends(1, 11, "lo").takes(2, 20, "hello").closes_all();
  CHECK(echo.rules().empty());
}

TEST_CASE("a character that is cut in half", "[findings]") {
  const auto taken = [](const std::string& source) {
    Run run;
    run.source(source);
    run.pair().sends(2, 20, "你好").on_line(1).takes(1, 11, "\xe4\xbd\xa0\xe5", 4);
    run.on_line(1).takes(1, 11, "\xa5\xbd", 4).closes_all();
    return run.rules();
  };
  CHECK(taken("print(fd.recv(4).decode())\n") == "cut-character");
  CHECK(taken("data += fd.recv(4)\n").empty());
}

TEST_CASE("both wait for each other", "[findings]") {
  const auto stuck = [](bool empty, bool thread) {
    Run run;
    if (thread) run.trace.thread(2, 22);
    run.pair();
    if (empty) run.sends(2, 20, "");
    run.takes(2, 20, "").unfinished().takes(1, 11, "").unfinished();
    run.ended = true;
    return run.rules();
  };
  CHECK(stuck(true, false) == "empty-message");
  CHECK(stuck(false, false) == "both-waiting");
  CHECK(stuck(false, true).empty()); // another thread may yet send
}

TEST_CASE("a blocking call in an event loop", "[findings]") {
  const auto waits = [](std::int64_t ms, bool others) {
    Run run;
    run.pair();
    run.makes(1, 12);
    const auto poll = [&] {
      run.call(1, "poll", 11, 1);
      if (others) run.trace.touching({12});
    };
    poll();
    run.sends(2, 20, "hi").takes(1, 11, "hi").lasted(ms);
    poll();
    run.closes(1, 12).closes_all();
    return run.rules();
  };
  CHECK(waits(50, true) == "blocking-in-loop");
  CHECK(waits(0, true).empty());
  CHECK(waits(50, false).empty());
}

TEST_CASE("a backlog that is full", "[findings]") {
  const auto late = [](int backlog, std::int64_t ms, std::uint32_t sampled = 0) {
    Run run;
    run.makes(1, 10);
    run.binds(1, 10, at(80)).listens(10, at(80), backlog);
    for (const std::uint32_t id : {20, 21}) {
      run.makes(2, id);
      run.connected(id, static_cast<std::uint16_t>(4000 + id), at(80));
    }
    run.makes(2, 22);
    if (sampled > 0) {
      model::SocketState listener;
      listener.socket = model::SocketId{10};
      listener.state = "LISTEN";
      listener.recv_queue = sampled;
      listener.send_queue = static_cast<std::uint32_t>(backlog);
      run.trace.sample({listener});
    }
    for (int i = 0; i < 1500; ++i) run.trace.note({"tick", std::nullopt, {}}); // a millisecond each
    run.connects(22, at(80)).failed(110, "ETIMEDOUT").lasted(ms);
    for (const std::uint32_t id : {20, 21, 22}) run.closes(2, id);
    run.closes(1, 10);
    return run.rules();
  };
  CHECK(late(1, 1200) == "full-backlog");
  CHECK(late(2, 1200).empty()); // there was room
  // The kernel knows better than who counts calls.
  CHECK(late(1, 1200, 1).empty());
  CHECK(late(2, 1200, 3) == "full-backlog");
}

TEST_CASE("failures that programs reckon with are no findings", "[findings]") {
  Run run;
  run.pair();
  for (const auto& [error, name] : {std::pair(11, "EAGAIN"), {4, "EINTR"}, {115, "EINPROGRESS"}})
    run.takes(1, 11, "").failed(error, name);
  run.sends(2, 20, "x").failed(11, "EAGAIN").closes_all();
  CHECK(run.rules().empty());
}

TEST_CASE("the same on one line is told once and counted", "[findings]") {
  Run run;
  run.pair();
  for (int i = 0; i < 3; ++i) {
    const auto id = static_cast<std::uint32_t>(30 + i);
    run.on_line(7).makes(2, id);
    run.closes(2, id, "exit");
  }
  run.closes_all();
  const auto found = run.find();
  REQUIRE(found.size() == 1);
  CHECK(found[0].times == 3);
}

TEST_CASE("findings of the checked-in traces, and none of the correct programs", "[findings]") {
  const std::map<std::string, std::string> expected = {{"address-in-use", "port-taken"},
                                                       {"both-waiting", "empty-message"},
                                                       {"cpp-server-python-client", "never-closed"},
                                                       {"python-chat", "never-closed"}};
  const std::filesystem::path traces = SOCKTALE_SOURCE_DIR "/tests/traces";
  for (const auto& entry : std::filesystem::directory_iterator(traces)) {
    if (entry.path().extension() != ".jsonl") continue;
    const std::string name = entry.path().stem().string();
    INFO(name);
    const model::Trace trace = model::read_trace(entry.path().string());
    const reports::Story story = reports::build_story(trace);
    const auto found = reports::find_all(story);
    const auto known = expected.find(name);
    REQUIRE(found.size() == (known == expected.end() ? 0 : 1));
    if (!found.empty()) CHECK(found[0].rule == known->second);
  }
}

TEST_CASE("findings hold what formats need, and hostile text is escaped", "[findings]") {
  for (const model::Trace& trace : {python_chat(), both_waiting(), port_in_use(), hostile()}) {
    const reports::Story story = reports::build_story(trace);
    for (const Finding& finding : reports::find_all(story)) {
      CHECK(std::ranges::find(finding.evidence, finding.at) != finding.evidence.end());
      CHECK(std::ranges::is_sorted(finding.evidence, {}, &model::Call::id));
      for (const Said& said : {finding.title, finding.meaning, finding.mend}) {
        const std::string text = fill_in(said);
        INFO(text);
        CHECK(text.find_first_of("{}?") == std::string::npos);
      }
    }
  }
  Run run;
  run.texts = attack;
  run.pair().sends(2, 20, attack).closes(1, 11).closes(1, 10).closes(2, 20, "exit");
  run.find();
  const std::string text = reports::render_terminal(run.story, {});
  CHECK(text.find('\x1b') == std::string::npos);
  // Outside of code spans a tag is no tag.
  CHECK(reports::render_markdown(run.story, {}).find("The socket that <") == std::string::npos);
}

TEST_CASE("the README names every rule, as the table does", "[findings]") {
  std::ifstream file(SOCKTALE_SOURCE_DIR "/reports/README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string_view> names;
  for (const reports::Rule& rule : reports::rules()) {
    CHECK(names.insert(rule.name).second);
    INFO(rule.name);
    CHECK(readme.find(fmt::format("| `{}` | {} |", rule.name, rule.title.one)) !=
          std::string::npos);
  }
  std::size_t rows = 0;
  for (std::size_t at = readme.find("## Findings"); at != std::string::npos;
       at = readme.find("\n| `", at + 1))
    ++rows;
  CHECK(rows == names.size() + 1); // the heading was the first
}

// Not timed, but a rule that is quadratic would not come to its end.
TEST_CASE("findings of 100,000 calls", "[findings]") {
  Run run;
  run.pair();
  for (int i = 0; i < 25'000; ++i) {
    run.on_line(5).sends(2, 20, "hello world", 5).on_line(6).sends(2, 20, " world");
    run.on_line(8).takes(1, 11, "hello", 5).on_line(8).takes(1, 11, " world");
  }
  run.closes_all();
  CHECK(run.rules().empty());
}
