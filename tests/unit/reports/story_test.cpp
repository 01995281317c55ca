#include "reports/story.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <algorithm>

using namespace socktale;
using namespace socktale::test;
using reports::build_story;
using reports::Closing;
using reports::Step;
using reports::Story;

namespace {

// "accept[accept4,+getsockname]": the API call, its kernel calls, the hidden ones with a plus.
std::string told(const Step& step) {
  std::string out = step.api + "[";
  for (std::size_t i = 0; i < step.calls.size(); ++i)
    out += (i > 0 ? "," : "") + std::string(step.hides(i) ? "+" : "") + step.calls[i]->name.text();
  return out + "]";
}

std::string told(const Story& story, std::size_t side) {
  std::string out;
  for (const reports::Index step : story.sides.at(side).steps)
    out += (out.empty() ? "" : " ") + told(story.steps[step]);
  return out;
}

const reports::SocketStory& socket(const Story& story, std::uint32_t id) {
  return story.sockets.at({id});
}

model::Field sockfd(int number) { return in("sockfd", fd(number)); }

model::Socket connected(std::uint32_t id, std::uint16_t local, std::uint16_t peer) {
  model::Socket socket;
  socket.id = {id};
  socket.family = "AF_INET";
  socket.type = "SOCK_STREAM";
  socket.role = "connected";
  socket.local = model::Endpoint{"AF_INET", "127.0.0.1", local, "", ""};
  socket.peer = model::Endpoint{"AF_INET", "127.0.0.1", peer, "", ""};
  return socket;
}

} // namespace

TEST_CASE("the Python chat's two sides", "[story]") {
  const model::Trace trace = python_chat();
  const Story story = build_story(trace);
  REQUIRE(story.sides.size() == 2);
  CHECK(story.sides[0].role == "server");
  CHECK(told(story, 0) == "socket[socket] bind[bind] listen[listen] accept[accept4,+getsockname] "
                          "recv[recvfrom] send[sendto] recv[recvfrom] close[close] close[close]");
  CHECK(told(story, 1) == "socket[socket] connect[connect] send[sendto] recv[recvfrom] "
                          "[+getsockname,+getpeername,close]");
  CHECK(story.steps[story.sides[0].steps[8]].number == 9);
  CHECK(line_label(story, story.steps[0].place()) == "server.py:21");
  CHECK(story.sides[1].gone->status == 0);
  REQUIRE(story.end != nullptr);
}

TEST_CASE("the chat's sockets and their ends", "[story]") {
  const model::Trace trace = python_chat();
  const Story story = build_story(trace);
  REQUIRE(story.sockets.size() == 3);
  const auto& listener = socket(story, 1);
  const auto& client = socket(story, 2);
  const auto& accepted = socket(story, 3);
  CHECK(listener.closing == Closing::program);
  CHECK(listener.descriptors == std::vector{reports::Descriptor{{812}, 3}});
  CHECK(accepted.descriptors == std::vector{reports::Descriptor{{812}, 4}});
  CHECK(story.steps[*accepted.made_in].api == "accept");
  CHECK(story.steps[*accepted.closed_in].number == 8);
  CHECK(accepted.bytes_in == 5);
  CHECK(accepted.bytes_out == 2);
  CHECK(accepted.other_end == model::SocketId{2});
  CHECK(client.other_end == model::SocketId{3});
  CHECK_FALSE(listener.other_end);
  CHECK(client.closing == Closing::interpreter);
  CHECK(client.never_closed());
  CHECK_FALSE(accepted.never_closed());
  CHECK(client.history.size() == 3);
}

TEST_CASE("the C++ chat closes what it opens", "[story]") {
  const model::Trace trace = cpp_chat("inet6");
  const Story story = build_story(trace);
  CHECK(told(story, 0) ==
        "socket[socket] bind[bind] listen[listen] accept4[accept4] recv[recvfrom] "
        "send[sendto] recv[recvfrom] close[close] close[close]");
  CHECK(std::ranges::none_of(story.sockets, [](const auto& s) { return s.second.never_closed(); }));
  CHECK(socket(story, 2).other_end == model::SocketId{3});
}

TEST_CASE("what closed a socket that the program did not", "[story]") {
  const auto closing_by = [](const std::string& gone_by) {
    TraceBuilder trace;
    trace.born(1, "")
        .call(1, "getsockname", 51, {sockfd(3)}, 0, line("/a.py", 1, "s.x()", ""))
        .about(1);
    model::Socket socket = connected(1, 1, 2);
    socket.gone_by = gone_by;
    const model::Trace whole = trace.socket(socket).finish();
    return build_story(whole).sockets.at({1}).closing;
  };
  CHECK(closing_by("exit") == Closing::exit);
  CHECK(closing_by("exec") == Closing::exec);
  CHECK(closing_by("") == Closing::open);
  CHECK(closing_by("dup2") == Closing::program);
}

TEST_CASE("launchers are folded, and can be unfolded", "[story]") {
  const model::Trace trace = through_a_shim();
  const Story folded = build_story(trace);
  CHECK(told(folded, 0) == "socket[socket] close[close]");
  CHECK(folded.sides[0].folded.calls == 3);
  CHECK(folded.sides[0].folded.processes == 2);
  CHECK(folded.sides[0].runs->runtime == "CPython");
  const Story whole = build_story(trace, {.unfold_launchers = true});
  CHECK(whole.sides[0].steps.size() == 5);
  CHECK(whole.sides[0].folded.calls == 0);
}

TEST_CASE("a shell whose start is told late, with its children, is no launcher", "[story]") {
  TraceBuilder trace;
  trace.program("sh", {"sh"}).born(5, "sh").born(6, "", 5).exec(6, {"curl"});
  trace.call(6, "connect", 42, {sockfd(3)}, 0, model::Place{}).gone(6).exec(5, {"sh"}).gone(5);
  model::Trace whole = trace.finish();
  for (model::Event& event : whole.events)
    if (const auto* exec = std::get_if<model::TaskExec>(&event.body); exec && exec->pid.value == 5)
      event.at = {1'500'000}; // after its own birth, before its child's
  CHECK(told(build_story(whole), 0) == "[connect]");
}

TEST_CASE("a program without debug information is no launcher", "[story]") {
  TraceBuilder trace;
  trace.program("curl", {"curl", "http://127.0.0.1/"}).born(5, "curl").exec(5, {"curl"});
  trace.call(5, "connect", 42, {sockfd(3)}, 0, model::Place{}).gone(5);
  // Its child does something of its own.
  const model::Trace whole = trace.finish();
  const Story story = build_story(whole);
  CHECK(told(story, 0) == "[connect]");
  CHECK(story.sides[0].folded.calls == 0);
}

TEST_CASE("a user's program that execs is not hidden", "[story]") {
  TraceBuilder trace;
  trace.born(5, "x").exec(5, {"a"});
  trace.call(5, "socket", 41, {}, 3, line("/a.c", 1, "socket(2, 1, 0)", "socket"));
  trace.exec(5, {"b"}).call(5, "close", 3, {in("fd", fd(3))}, 0,
                            line("/b.c", 1, "close(3)", "close"));
  const model::Trace whole = trace.finish();
  CHECK(told(build_story(whole), 0) == "socket[socket] close[close]");
}

TEST_CASE("children belong to their parent's side, whatever number comes again", "[story]") {
  TraceBuilder trace;
  trace.program("server", {"s"}).program("client", {"c"});
  trace.born(10, "server").exec(10, {"s"}, "CPython").born(20, "client").exec(20, {"c"});
  const model::Place place = line("/s.py", 1, "c.recv(1)", "recv");
  trace.born(11, "", 10).call(11, "recvfrom", 45, {sockfd(4)}, 1, place).gone(11);
  trace.born(11, "", 20)
      .call(11, "recvfrom", 45, {sockfd(4)}, 1, line("/c.c", 1, "recv(4)", "recv"));
  const model::Trace whole = trace.finish();
  const Story story = build_story(whole);
  CHECK(told(story, 0) == "recv[recvfrom]");
  CHECK(told(story, 1) == "recv[recvfrom]");
  CHECK(story.processes.size() == 4);
}

TEST_CASE("calls are told in the order in which they were entered", "[story]") {
  const model::Trace trace = python_chat();
  const Story story = build_story(trace);
  // accept4 was entered before the client's socket was made, and returned after it had connected.
  const auto accept = std::ranges::find(story.steps, "accept", &Step::api);
  const auto connect = std::ranges::find(story.steps, "connect", &Step::api);
  CHECK(accept->main().outcome->left > connect->main().outcome->left);
}

TEST_CASE("a call that never returned is kept", "[story]") {
  const model::Trace trace = both_waiting();
  const Story story = build_story(trace);
  CHECK(told(story, 1) == "send[sendto] recv[recvfrom]");
  CHECK_FALSE(story.steps[story.sides[0].steps[0]].main().outcome);
  CHECK(story.notes.size() == 2);
}

TEST_CASE("a trace without births or an end still tells what it has", "[story]") {
  model::Trace trace = python_chat();
  std::erase_if(trace.events, [](const model::Event& event) {
    return !std::holds_alternative<model::Call>(event.body);
  });
  trace.header = {};
  trace.cut = true;
  const Story story = build_story(trace);
  REQUIRE(story.sides.size() == 1);
  CHECK(story.sides[0].steps.size() == 14);
  CHECK(story.sockets.empty());
  CHECK(story.end == nullptr);
  const model::Trace none;
  CHECK(build_story(none).sides.empty());
}

TEST_CASE("files of one name are told apart by their folders", "[story]") {
  TraceBuilder trace;
  trace.born(1, "");
  for (const char* file : {"/x/a/main.py", "/x/b/main.py", "/x/b/other.py"})
    trace.call(1, "socket", 41, {}, 3, line(file, 3, "f()", ""));
  const model::Trace whole = trace.finish();
  const Story story = build_story(whole);
  CHECK(line_label(story, story.steps[0].place()) == "a/main.py:3");
  CHECK(line_label(story, story.steps[1].place()) == "b/main.py:3");
  CHECK(line_label(story, story.steps[2].place()) == "other.py:3");
}

TEST_CASE("ends are paired in the order of their making when addresses come again", "[story]") {
  TraceBuilder trace;
  trace.born(1, "");
  for (const std::uint32_t id : {1U, 2U, 3U, 4U}) {
    trace
        .call(1, "getsockname", 51, {sockfd(3)}, 0,
              line("/a.py", static_cast<int>(id), "s.x()", ""))
        .about(id);
    trace.socket(id % 2 == 1 ? connected(id, 80, 5000) : connected(id, 5000, 80));
  }
  const model::Trace whole = trace.finish();
  const Story story = build_story(whole);
  CHECK(socket(story, 1).other_end == model::SocketId{2});
  CHECK(socket(story, 3).other_end == model::SocketId{4});
}

TEST_CASE("peeked bytes are not counted twice", "[story]") {
  TraceBuilder trace;
  trace.born(1, "").socket(connected(1, 80, 5000));
  for (const std::uint64_t bits : {2U, 0U})
    trace
        .call(1, "recvfrom", 45,
              {sockfd(3), out("buf", bytes("abc")),
               in("flags", bits != 0 ? flags(bits, {"MSG_PEEK"}) : flags(0, {}))},
              3, line("/a.py", 1, "s.recv(3)", "recv"))
        .about(1);
  const model::Trace whole = trace.finish();
  const Story story = build_story(whole);
  CHECK(socket(story, 1).bytes_in == 3);
}
