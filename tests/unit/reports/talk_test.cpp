// Connections, transfers, waits, deadlocks and states of small traces made by hand: a rule a case.
#include "reports/states.hpp"
#include "reports/story.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <fmt/format.h>

using namespace socktale;
using namespace socktale::test;
using reports::build_story;
using reports::Connection;
using reports::Story;
using reports::Transfer;
using reports::Wait;

namespace {

const model::Endpoint server_at{"AF_INET", "127.0.0.1", 80, "", ""};

model::Endpoint at(std::uint16_t port, const std::string& host = "127.0.0.1") {
  return {host.find(':') == std::string::npos ? "AF_INET" : "AF_INET6", host, port, "", ""};
}

// A trace of two processes, 1 the server and 2 the client, written call by call.
class Talk {
 public:
  Talk() {
    trace.program("server", {"s"}).program("client", {"c"});
    trace.born(1, "server").born(2, "client");
  }

  model::Socket socket(std::uint32_t id, const std::string& role, const std::string& origin) {
    model::Socket out;
    out.id = {id};
    out.family = family;
    out.type = type;
    out.role = role;
    out.origin = origin;
    return out;
  }
  Talk& call(int pid, const std::string& name, std::uint32_t id, std::int64_t result,
             std::vector<model::Field> args = {}) {
    args.insert(args.begin(), in("sockfd", fd(static_cast<int>(id))));
    trace.call(pid, name, 0, std::move(args), result, {}).about(id);
    return *this;
  }
  Talk& listens(std::uint32_t id = 1, const model::Endpoint& local = server_at) {
    auto one = socket(id, "listening", "socket");
    one.local = local;
    trace.socket(one);
    return call(1, "listen", id, 0);
  }
  Talk& connects(std::uint32_t id, const model::Endpoint& local,
                 const model::Endpoint& peer = server_at) {
    auto one = socket(id, "connected", "socket");
    one.local = local;
    one.peer = peer;
    trace.socket(one);
    return call(2, "connect", id, 0);
  }
  Talk& accepts(std::uint32_t id, const model::Endpoint& peer,
                const model::Endpoint& local = server_at, std::uint32_t listener = 1) {
    auto one = socket(id, "connected", "accept");
    one.local = local;
    one.peer = peer;
    one.parent = model::SocketId{listener};
    trace.socket(one);
    call(1, "accept4", listener, id);
    trace.touching({id});
    return *this;
  }
  Talk& pair() { return listens().connects(2, at(4000)).accepts(3, at(4000)); }
  Talk& sends(int pid, std::uint32_t id, const std::string& data,
              std::vector<model::Name> set = {}) {
    return call(pid, "sendto", id, static_cast<std::int64_t>(data.size()),
                {in("buf", bytes(data)), in("len", number(static_cast<int>(data.size()))),
                 in("flags", flags(0, std::move(set)))});
  }
  Talk& takes(int pid, std::uint32_t id, const std::string& data,
              std::vector<model::Name> set = {}) {
    return call(
        pid, "recvfrom", id, static_cast<std::int64_t>(data.size()),
        {out("buf", bytes(data)), in("len", number(1024)), in("flags", flags(0, std::move(set)))});
  }
  Talk& ends(int pid, const std::string& name, std::uint32_t id) {
    call(pid, name, id, 0, {in("how", symbol(1, "SHUT_WR"))});
    return *this;
  }
  Talk& closes(int pid, std::uint32_t id, model::Socket last) {
    last.gone_by = "close";
    trace.socket(last);
    return call(pid, "close", id, 0);
  }
  Talk& closes_client(std::uint16_t port = 4000, std::uint32_t id = 2) {
    auto one = socket(id, "connected", "socket");
    one.local = at(port);
    one.peer = server_at;
    return closes(2, id, one);
  }
  Talk& closes_server(std::uint16_t port = 4000, std::uint32_t id = 3) {
    auto one = socket(id, "connected", "accept");
    one.local = server_at;
    one.peer = at(port);
    one.parent = model::SocketId{1};
    return closes(1, id, one);
  }
  Talk& since(std::int64_t ns) { // the last call was entered then
    trace.entered_at(ns);
    return *this;
  }

  TraceBuilder trace;
  std::string family = "AF_INET";
  std::string type = "SOCK_STREAM";
};

std::string told(const Connection& connection) {
  const auto id = [](const auto& end) { return end ? fmt::to_string(end->value) : "-"; };
  return id(connection.ends[0]) + "-" + id(connection.ends[1]);
}

// "7>9:0+5" is: of call 7, call 9 took five bytes from position 0 on.
std::string told(const Transfer& transfer) {
  const auto id = [](const model::Call* call) {
    return call ? fmt::to_string(call->id.value) : "-";
  };
  return fmt::format("{}>{}:{}+{}{}{}{}", id(transfer.send), id(transfer.recv), transfer.offset,
                     transfer.length, transfer.cut ? fmt::format("~{}", transfer.cut) : "",
                     transfer.urgent ? "!" : "", transfer.contradicted ? "?" : "");
}

std::string told(const auto& list) {
  std::string out;
  for (const auto& each : list) out += (out.empty() ? "" : " ") + told(each);
  return out;
}

std::string states(const Story& story, std::uint32_t id) {
  std::string out;
  for (const reports::StateChange& change : story.states.at({id}))
    out += (out.empty() ? "" : " ") + std::string(state_name(change.state)) +
           (change.known == reports::StateChange::Known::passed ? "*" : "");
  return out;
}

} // namespace

TEST_CASE("a connection has the end that connected and the accepted one", "[talk]") {
  const model::Trace trace = Talk().pair().trace.finish();
  const Story story = build_story(trace);
  REQUIRE(told(story.connections) == "2-3");
  const Connection& only = story.connections[0];
  CHECK(only.listener == model::SocketId{1});
  CHECK(only.connect->name == "connect");
  CHECK(only.accept->name == "accept4");
  CHECK(only.established == only.connect->outcome->left);
  CHECK(story.sockets.at({3}).other_end == model::SocketId{2});
}

TEST_CASE("a port that is used again is another connection", "[talk]") {
  Talk talk;
  talk.pair().closes_client().closes_server().connects(4, at(4000)).accepts(5, at(4000));
  const model::Trace trace = talk.trace.finish();
  CHECK(told(build_story(trace).connections) == "2-3 4-5");
}

TEST_CASE("IPv4 inside IPv6 is the same address, and 0.0.0.0 is this machine", "[talk]") {
  const model::Trace mapped =
      Talk()
          .listens(1, at(80, "::"))
          .connects(2, at(4000), at(80, "0.0.0.0"))
          .accepts(3, at(4000, "::ffff:127.0.0.1"), at(80, "::ffff:127.0.0.1"))
          .trace.finish();
  CHECK(told(build_story(mapped).connections) == "2-3");
}

TEST_CASE("unix clients without a name are taken from the queue in order", "[talk]") {
  Talk talk;
  talk.family = "AF_UNIX";
  const model::Endpoint path{"AF_UNIX", "", 0, "/run/x", ""};
  const model::Endpoint unnamed{"AF_UNIX", "", 0, "", ""};
  talk.listens(1, path).connects(2, unnamed, path).connects(3, unnamed, path);
  talk.accepts(4, unnamed, path).accepts(5, unnamed, path);
  const model::Trace trace = talk.trace.finish();
  CHECK(told(build_story(trace).connections) == "2-4 3-5");
}

TEST_CASE("what was sent rules out a pair of unix sockets", "[talk]") {
  Talk talk;
  talk.family = "AF_UNIX";
  const model::Endpoint path{"AF_UNIX", "", 0, "@x", ""};
  const model::Endpoint unnamed{"AF_UNIX", "", 0, "", ""};
  talk.listens(1, path).connects(2, unnamed, path).connects(3, unnamed, path);
  talk.accepts(4, unnamed, path).accepts(5, unnamed, path);
  talk.sends(2, 2, "two").sends(2, 3, "three").takes(1, 4, "three").takes(1, 5, "two");
  const model::Trace trace = talk.trace.finish();
  CHECK(told(build_story(trace).connections) == "2-5 3-4");
}

TEST_CASE("one end alone is told with the other's address", "[talk]") {
  Talk talk;
  talk.connects(2, at(4000)).sends(2, 2, "ab").takes(2, 2, "cde");
  const model::Trace trace = talk.trace.finish();
  const Story story = build_story(trace);
  REQUIRE(told(story.connections) == "2--");
  CHECK(story.connections[0].addresses[1] == server_at);
  CHECK(told(story.transfers) == "2>-:0+2 ->3:0+3");
  CHECK(story.connections[0].sent[0] == 2);
  CHECK(story.connections[0].received[0] == 3);
}

TEST_CASE("one send is taken by several receives, several sends by one", "[talk]") {
  const model::Trace one =
      Talk().pair().sends(2, 2, "abcdef").takes(1, 3, "ab").takes(1, 3, "cdef").trace.finish();
  CHECK(told(build_story(one).transfers) == "4>5:0+2 4>6:2+4");
  const model::Trace many =
      Talk().pair().sends(2, 2, "ab").sends(2, 2, "cdef").takes(1, 3, "abcde").trace.finish();
  CHECK(told(build_story(many).transfers) == "4>6:0+2 5>6:2+3 5>-:5+1");
}

TEST_CASE("looking takes nothing", "[talk]") {
  const model::Trace trace = Talk()
                                 .pair()
                                 .sends(2, 2, "ab")
                                 .takes(1, 3, "ab", {"MSG_PEEK"})
                                 .takes(1, 3, "ab")
                                 .trace.finish();
  CHECK(told(build_story(trace).transfers) == "4>6:0+2");
}

TEST_CASE("the urgent byte goes beside the stream", "[talk]") {
  const model::Trace trace = Talk()
                                 .pair()
                                 .sends(2, 2, "abX", {"MSG_OOB"})
                                 .sends(2, 2, "cd")
                                 .takes(1, 3, "abcd")
                                 .takes(1, 3, "X", {"MSG_OOB"})
                                 .trace.finish();
  CHECK(told(build_story(trace).transfers) == "4>6:0+2 5>6:2+2 4>7:4+1!");
}

TEST_CASE("bytes that are not the same are marked", "[talk]") {
  const model::Trace trace = Talk().pair().sends(2, 2, "ab").takes(1, 3, "xy").trace.finish();
  CHECK(told(build_story(trace).transfers) == "4>5:0+2?");
}

TEST_CASE("a receive does not return before its send was entered", "[talk]") {
  Talk talk;
  talk.pair().takes(1, 3, "ab").sends(2, 2, "ab");
  const model::Trace trace = talk.trace.finish();
  CHECK(told(build_story(trace).transfers) == "->4:0+2 5>-:2+2");
}

TEST_CASE("overlapping sends: the bytes decide", "[talk]") {
  Talk talk;
  talk.pair().sends(2, 2, "ab").since(8'000'000).sends(2, 2, "cd").since(8'000'000);
  talk.takes(1, 3, "cd").takes(1, 3, "ab");
  const model::Trace trace = talk.trace.finish();
  CHECK(told(build_story(trace).transfers) == "5>6:0+2 4>7:2+2");
}

TEST_CASE("a send that did not return carried what was taken of it", "[talk]") {
  Talk talk;
  talk.pair().sends(2, 2, "abcd").trace.unfinished();
  talk.since(8'000'000).takes(1, 3, "ab");
  const model::Trace trace = talk.trace.finish();
  CHECK(told(build_story(trace).transfers) == "4>5:0+2");
}

TEST_CASE("datagrams go by message and are cut, not joined", "[talk]") {
  Talk talk;
  talk.type = "SOCK_DGRAM";
  auto bound = talk.socket(1, "bound", "socket");
  bound.local = server_at;
  talk.trace.socket(bound);
  talk.call(1, "bind", 1, 0, {in("addr", inet("127.0.0.1", 80))});
  talk.trace.socket(talk.socket(2, "fresh", "socket"));
  const auto to = [&](const std::string& data) {
    talk.call(
        2, "sendto", 2, static_cast<std::int64_t>(data.size()),
        {in("buf", bytes(data)), in("len", number(9)), in("dest_addr", inet("127.0.0.1", 80))});
  };
  to("abc"), to("lost"), to("defgh");
  const auto from = [&](const std::string& data, int room) {
    talk.call(1, "recvfrom", 1, static_cast<std::int64_t>(data.size()),
              {out("buf", bytes(data)), in("len", number(room)),
               out("src_addr", inet("127.0.0.1", 999))});
  };
  from("abc", 9), from("def", 3);
  // The answer goes to an address that only the first message told of.
  talk.call(1, "sendto", 1, 2, {in("buf", bytes("ok")), in("dest_addr", inet("127.0.0.1", 999))});
  talk.call(
      2, "recvfrom", 2, 2,
      {out("buf", bytes("ok")), in("len", number(9)), out("src_addr", inet("127.0.0.1", 80))});
  const model::Trace trace = talk.trace.finish();
  const Story story = build_story(trace);
  CHECK(told(story.connections) == "2-1");
  CHECK(story.connections[0].kind == Connection::Kind::datagram);
  CHECK(told(story.transfers) == "2>5:0+3 3>-:3+4 4>6:7+3~2 7>8:0+2");
}

TEST_CASE("both ends of a socketpair", "[talk]") {
  Talk talk;
  auto one = talk.socket(1, "connected", "socketpair");
  auto two = talk.socket(2, "connected", "socketpair");
  one.parent = two.id;
  two.parent = one.id;
  talk.trace.socket(one).socket(two);
  talk.call(1, "socketpair", 1, 0).trace.touching({2});
  talk.sends(1, 1, "a").takes(1, 2, "a");
  const model::Trace trace = talk.trace.finish();
  const Story story = build_story(trace);
  CHECK(told(story.connections) == "1-2");
  CHECK(told(story.transfers) == "2>3:0+1");
}

TEST_CASE("half a close, and who was first", "[talk]") {
  Talk talk;
  talk.pair().ends(2, "shutdown", 2).takes(1, 3, "").sends(1, 3, "late").takes(2, 2, "late");
  talk.closes_server().closes_client();
  const model::Trace trace = talk.trace.finish();
  const Story story = build_story(trace);
  const Connection& only = story.connections.at(0);
  CHECK(only.closed_first == 0);
  CHECK(only.endings[0].how == reports::Ended::shutdown);
  CHECK(only.endings[1].how == reports::Ended::closed);
  CHECK(only.closed_by[0]->name == "close");
  CHECK_FALSE(only.reset);
  CHECK(states(story, 1) == "LISTEN");
  CHECK(states(story, 2) == "SYN_SENT* ESTABLISHED FIN_WAIT1* FIN_WAIT2 TIME_WAIT");
  CHECK(states(story, 3) == "SYN_RECV* ESTABLISHED CLOSE_WAIT LAST_ACK* CLOSED");
}

TEST_CASE("what a sample shows is not inferred away", "[talk]") {
  Talk talk;
  talk.pair().closes_client();
  model::SocketState unacknowledged;
  unacknowledged.socket = model::SocketId{2};
  unacknowledged.state = "FIN_WAIT1";
  talk.trace.sample({unacknowledged});
  const std::int64_t sampled = talk.trace.now();
  talk.takes(1, 3, "").closes_server();
  const model::Trace trace = talk.trace.finish();
  const Story story = build_story(trace);
  CHECK(states(story, 2) == "SYN_SENT* ESTABLISHED FIN_WAIT1* FIN_WAIT2* TIME_WAIT");
  CHECK(story.states.at({2})[3].at.ns >= sampled);
}

TEST_CASE("closing upon unread bytes resets", "[talk]") {
  const model::Trace trace = Talk().pair().sends(2, 2, "ab").closes_server().trace.finish();
  const Story story = build_story(trace);
  CHECK(story.connections.at(0).unread[1] == 2);
  CHECK(story.connections.at(0).reset);
  CHECK(states(story, 2) == "SYN_SENT* ESTABLISHED CLOSED");
}

TEST_CASE("EPIPE after one's own shutdown is no reset", "[talk]") {
  Talk talk;
  talk.pair().ends(2, "shutdown", 2).sends(2, 2, "a").trace.failed(32, "EPIPE");
  const model::Trace own = talk.trace.finish();
  CHECK_FALSE(build_story(own).connections.at(0).reset);
  Talk other;
  other.pair().sends(2, 2, "a").trace.failed(32, "EPIPE");
  const model::Trace peer = other.trace.finish();
  CHECK(build_story(peer).connections.at(0).reset);
}

TEST_CASE("waits name the call that ended them", "[talk]") {
  Talk talk;
  talk.listens().connects(2, at(4000)).accepts(3, at(4000)).since(5'000'000);
  talk.sends(2, 2, "ab").takes(1, 3, "ab").since(8'000'000); // entered before the send
  talk.closes_client().takes(1, 3, "").since(11'000'000);
  const model::Trace trace = talk.trace.finish();
  const Story story = build_story(trace);
  REQUIRE(story.waits.size() == 3);
  CHECK(story.waits[0].until == Wait::For::connection);
  CHECK(story.waits[0].released_by->name == "connect");
  CHECK(story.waits[1].until == Wait::For::bytes);
  CHECK(story.waits[1].released_by->name == "sendto");
  CHECK(story.waits[2].until == Wait::For::ending);
  CHECK(story.waits[2].released_by->name == "close");
}

TEST_CASE("a connect waits for room in a queue that the kernel says is full", "[talk]") {
  const auto waits = [](std::uint32_t length, std::int64_t ms) {
    Talk talk;
    talk.listens().connects(2, at(4000));
    model::SocketState listener;
    listener.socket = model::SocketId{1};
    listener.state = "LISTEN";
    listener.recv_queue = length;
    talk.trace.sample({listener});
    const std::int64_t before = talk.trace.now();
    talk.accepts(3, at(4000));
    for (int i = 0; i < ms; ++i) talk.trace.note({"tick", std::nullopt, {}}); // a millisecond each
    talk.connects(4, at(4001)).trace.entered_at(before);
    talk.accepts(5, at(4001));
    return talk.trace.finish();
  };
  const model::Trace trace = waits(1, 1000);
  const Story story = build_story(trace);
  REQUIRE(story.waits.size() == 1);
  CHECK(story.waits[0].until == Wait::For::queue);
  CHECK(story.waits[0].call->name == "connect");
  CHECK(story.waits[0].released_by->name == "accept4");
  CHECK(story.waits[0].ns >= 1'000'000'000);
  const model::Trace room = waits(0, 1000);
  CHECK(build_story(room).waits.empty());
  const model::Trace soon = waits(1, 500); // the kernel asks again after a second
  CHECK(build_story(soon).waits.empty());
}

TEST_CASE("unnamed clients of a path are told apart by the kernel's inodes", "[talk]") {
  const auto peer_of_first = [](bool sampled) {
    Talk talk;
    talk.family = "AF_UNIX";
    const model::Endpoint path{"AF_UNIX", "", 0, "/run/s", ""};
    const model::Endpoint nobody{"AF_UNIX", "", 0, "", ""};
    talk.listens(1, path);
    for (const std::uint32_t id : {2, 3}) {
      auto one = talk.socket(id, "connected", "socket");
      one.peer = path;
      one.inode = 100 + id;
      talk.trace.socket(one);
      talk.call(2, "connect", id, 0);
    }
    for (const std::uint32_t id : {4, 5}) {
      auto one = talk.socket(id, "connected", "accept");
      one.local = path;
      one.peer = nobody;
      one.parent = model::SocketId{1};
      one.inode = 100 + id;
      talk.trace.socket(one);
      talk.call(1, "accept4", 1, id).trace.touching({id});
    }
    model::SocketState first;
    first.socket = model::SocketId{2};
    first.family = "AF_UNIX";
    first.inode = 102;
    first.peer_inode = 105; // accepted last
    if (sampled) talk.trace.sample({first});
    const model::Trace trace = talk.trace.finish();
    const Story story = build_story(trace);
    return story.sockets.at(model::SocketId{2}).other_end->value;
  };
  CHECK(peer_of_first(false) == 4); // the queue's order is all that is known
  CHECK(peer_of_first(true) == 5);
}

TEST_CASE("bytes that are there already are no wait", "[talk]") {
  const model::Trace trace = Talk().pair().sends(2, 2, "ab").takes(1, 3, "ab").trace.finish();
  CHECK(build_story(trace).waits.empty());
}

TEST_CASE("both in recv and nothing under way is a deadlock", "[talk]") {
  const model::Trace trace = both_waiting();
  const Story story = build_story(trace);
  REQUIRE(story.deadlocks.size() == 1);
  CHECK(story.deadlocks[0].calls[0]->name == "recvfrom");
  CHECK(story.waits.size() == 2);
}

TEST_CASE("something under way is no deadlock", "[talk]") {
  Talk talk;
  talk.pair().sends(2, 2, "a").takes(2, 2, "").trace.unfinished();
  talk.takes(1, 3, "").trace.unfinished();
  const model::Trace trace = talk.trace.finish();
  CHECK(build_story(trace).deadlocks.empty());
}

TEST_CASE("forged traces do no harm", "[talk]") {
  Talk talk;
  auto liar = talk.socket(7, "connected", "socketpair");
  liar.parent = model::SocketId{4294967295U};
  auto self = talk.socket(8, "connected", "socketpair");
  self.parent = self.id;
  talk.pair().trace.socket(liar).socket(self);
  talk.call(1, "socketpair", 7, 0).trace.touching({8, 4294967295U});
  talk.sends(2, 2, "a").trace.entered_at(INT64_MAX);
  talk.call(2, "sendto", 2, INT64_MAX)
      .call(2, "sendto", 2, INT64_MAX)
      .call(2, "sendto", 2, INT64_MAX);
  talk.takes(1, 3, "a").trace.entered_at(INT64_MIN);
  talk.call(1, "recvfrom", 3, INT64_MAX).call(1, "recvmmsg", 3, INT64_MAX).call(1, "splice", 3, -5);
  talk.takes(1, 3, "").trace.unfinished().entered_at(INT64_MIN);
  const model::Trace trace = talk.trace.finish();
  for (const bool one_clock : {true, false}) {
    const Story story = build_story(trace, {.one_clock = one_clock});
    CHECK(told(story.connections).starts_with("2-3"));
  }
}
