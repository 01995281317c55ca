#include "reports/steps.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

using namespace socktale;
using namespace socktale::test;
using reports::callee_of;

namespace {

// Calls of one line, put into steps: "poll,recvfrom* | poll,recvfrom*", the main ones with a star.
class Line {
 public:
  explicit Line(std::string text, bool interpreted = true)
      : place_(line("/a.py", 7, std::move(text), "")), interpreted_(interpreted) {}

  Line& call(const std::string& name, std::int64_t result = 0, int error = 0,
             std::vector<model::Field> args = {}) {
    model::Call call;
    call.id = {++calls_};
    call.pid = {1};
    call.tid = {1};
    call.name = name;
    call.args = std::move(args);
    call.place = place_;
    call.socket = model::SocketId{1};
    call.outcome.emplace();
    call.outcome->result = error != 0 ? -error : result;
    call.outcome->error = error;
    const auto placed = grouper_.add(call, interpreted_);
    if (!told_.empty()) told_ += placed.opened ? " | " : ",";
    told_ += name + (placed.main ? "*" : "");
    return *this;
  }
  Line& at(model::Place place) {
    place_ = std::move(place);
    return *this;
  }
  [[nodiscard]] const std::string& told() const { return told_; }

 private:
  model::Place place_;
  bool interpreted_;
  reports::StepGrouper grouper_;
  std::uint64_t calls_ = 0;
  std::string told_;
};

constexpr int eagain = 11, eintr = 4, einprogress = 115, econnrefused = 111, restart = 512;

std::vector<model::Field> asked(std::int64_t length) { return {in("len", number(length))}; }

} // namespace

TEST_CASE("the function that an expression calls", "[steps]") {
  CHECK(callee_of("serv_sock.bind((host, port))") == "bind");
  CHECK(callee_of("::connect(fd, a, n)") == "connect");
  CHECK(callee_of("asyncio.run(main())") == "run");
  CHECK(callee_of("make(1).connect(address)") == "connect");
  CHECK(callee_of("table[f(1)].send (x)") == "send");
  CHECK(callee_of(R"(sock.send(b")recv(" + x))") == "send");
  CHECK(callee_of("sock") == "");
  CHECK(callee_of("") == "");
  CHECK(callee_of("((((((") == "");
  CHECK(callee_of("send(\"never closed") == "send");
}

TEST_CASE("an expression around the call that was made", "[steps]") {
  CHECK(reports::api_of(line("/a.cpp", 1, "check(bind(fd, a, n), \"bind\")", "bind")) == "bind");
  CHECK(reports::api_of(line("/a.cpp", 1, "rebind(fd)", "bind")) == "rebind");
  CHECK(reports::api_of(line("/a.py", 1, "s.accept()", "accept4")) == "accept");
  CHECK(reports::api_of(line("/a.py", 1, "", "accept4")) == "accept4");
  CHECK(reports::api_of(clean_up("close")).empty());
}

TEST_CASE("what one API call makes is one step", "[steps]") {
  CHECK(Line("s.accept()").call("accept4", 4).call("getsockname").told() == "accept4*,getsockname");
  CHECK(Line("s.accept()")
            .call("poll", 1)
            .call("accept4", 4)
            .call("getsockname")
            .call("ioctl")
            .told() == "poll,accept4*,getsockname,ioctl");
}

TEST_CASE("turns of a loop on one line are steps of their own", "[steps]") {
  CHECK(Line("s.recv(9)").call("recvfrom", 5).call("recvfrom", 0).told() ==
        "recvfrom* | recvfrom*");
  CHECK(Line("s.accept()")
            .call("accept4", 4)
            .call("getsockname")
            .call("accept4", 5)
            .call("getsockname")
            .told() == "accept4*,getsockname | accept4*,getsockname");
  CHECK(Line("s.recv(9)")
            .call("poll", 1)
            .call("recvfrom", 5)
            .call("poll", 1)
            .call("recvfrom", 5)
            .told() == "poll,recvfrom* | poll,recvfrom*");
  // Of a function that no row knows the first call is the main one.
  CHECK(Line("serve(s)").call("poll", 1).call("accept4", 4).call("poll", 1).told() ==
        "poll*,accept4 | poll*");
}

TEST_CASE("a call that has to be made again stays in its step", "[steps]") {
  CHECK(Line("s.recv(9)").call("recvfrom", 0, restart).call("recvfrom", 5).told() ==
        "recvfrom*,recvfrom*");
  CHECK(Line("s.recv(9)").call("recvfrom", 0, eintr).call("recvfrom", 5).told() ==
        "recvfrom*,recvfrom*");
  CHECK(Line("s.recv(9)")
            .call("poll", 1)
            .call("recvfrom", 0, eagain)
            .call("poll", 1)
            .call("recvfrom", 5)
            .told() == "poll,recvfrom*,poll,recvfrom*");
}

TEST_CASE("a native program makes each call itself", "[steps]") {
  CHECK(Line("recv(fd, b, n, 0)", false).call("recvfrom", 0, eintr).call("recvfrom", 5).told() ==
        "recvfrom* | recvfrom*");
  CHECK(Line("recv(fd, b, n, 0)", false).call("recvfrom", 0, restart).call("recvfrom", 5).told() ==
        "recvfrom*,recvfrom*");
}

TEST_CASE("a non-blocking socket that is asked in a loop", "[steps]") {
  CHECK(Line("s.recv(9)").call("recvfrom", 0, eagain).call("recvfrom", 0, eagain).told() ==
        "recvfrom* | recvfrom*");
}

TEST_CASE("a timeout ends the step", "[steps]") {
  CHECK(Line("s.recv(9)").call("poll", 0).call("poll", 1).call("recvfrom", 5).told() ==
        "poll | poll,recvfrom*");
}

TEST_CASE("connect with a timeout", "[steps]") {
  CHECK(Line("s.connect(a)")
            .call("connect", 0, einprogress)
            .call("poll", 1)
            .call("getsockopt", 0, 0, {out("optval", length_at(0))})
            .call("connect")
            .told() == "connect*,poll,getsockopt | connect*");
}

TEST_CASE("create_connection tries one address after the other", "[steps]") {
  CHECK(Line("socket.create_connection(a)")
            .call("socket", 3)
            .call("connect", 0, econnrefused)
            .call("close")
            .call("socket", 3)
            .call("connect")
            .call("socket", 4)
            .told() == "socket,connect*,close,socket,connect* | socket");
  // A name service that answers is not the connection that was asked for.
  CHECK(Line("socket.create_connection(a)")
            .call("socket", 3)
            .call("connect", 0, 0, {in("addr", unix_path("/run/nscd/socket"))})
            .call("socket", 4)
            .call("connect")
            .told() == "socket,connect*,socket,connect*");
}

TEST_CASE("sendall goes on until all is sent", "[steps]") {
  CHECK(Line("s.sendall(b)")
            .call("sendto", 4, 0, asked(9))
            .call("sendto", 5, 0, asked(5))
            .call("sendto", 9, 0, asked(9))
            .told() == "sendto*,sendto* | sendto*");
  CHECK(Line("s.send(b)").call("sendto", 4, 0, asked(9)).call("sendto", 5, 0, asked(5)).told() ==
        "sendto* | sendto*");
}

TEST_CASE("other lines, unknown places and clean-up make steps of their own", "[steps]") {
  Line other("s.accept()");
  other.call("accept4", 4).at(line("/a.py", 8, "s.accept()", "")).call("getsockname");
  CHECK(other.told() == "accept4* | getsockname");
  CHECK(Line("").at({}).call("socket", 3).call("connect").told() == "socket* | connect*");
  CHECK(Line("").at(clean_up("")).call("getsockname").call("getpeername").call("close").told() ==
        "getsockname,getpeername,close*");
}

TEST_CASE("a library that moves on is still in the same call", "[steps]") {
  reports::StepGrouper grouper;
  // As response = client.getresponse() reads: the status line first, then the headers further down.
  const auto stack = [](std::uint32_t id, std::int32_t library_line, bool leaf_first) {
    const auto frame = [](model::Owner owner, const char* file, std::int32_t at) {
      model::Frame made;
      made.owner = owner;
      made.function = "f";
      made.file = file;
      made.span.line = at;
      return made;
    };
    const model::Frame leaf = frame(model::Owner::library, "/io.py", 70);
    const model::Frame library = frame(model::Owner::library, "/h.py", library_line);
    const model::Frame user = frame(model::Owner::user, "/a.py", 7);
    return leaf_first ? model::Stack{id, {leaf, library, user}} : model::Stack{id, {library, user}};
  };
  grouper.learn(stack(1, 30, true));
  grouper.learn(stack(2, 40, true));
  grouper.learn(stack(3, 40, false));
  model::Call call;
  call.name = "recvfrom";
  call.place = line("/a.py", 7, "client.getresponse()", "");
  call.outcome.emplace();
  std::uint64_t calls = 0;
  const auto opened = [&](std::optional<std::uint32_t> id) {
    call.id = {++calls};
    call.stack = id;
    return grouper.add(call, true).opened;
  };
  CHECK(opened(1));
  CHECK_FALSE(opened(2));
  CHECK(opened(1)); // back at its first line: another turn of the user's loop
  CHECK(opened(1)); // the same line again: nothing tells
  CHECK_FALSE(opened(3));
  CHECK(opened(std::nullopt));
  CHECK(opened(99));
  CHECK(opened(1));
  call.place.libc = "gethostbyaddr_r"; // asks the name service twice, from one line of a library
  CHECK_FALSE(opened(1));
}

TEST_CASE("threads do not mix", "[steps]") {
  reports::StepGrouper grouper;
  model::Call call;
  call.name = "accept4";
  call.place = line("/a.py", 7, "s.accept()", "");
  call.outcome.emplace();
  call.id = {1};
  call.tid = {1};
  const auto first = grouper.add(call, true);
  call.id = {2};
  call.tid = {2};
  const auto other = grouper.add(call, true);
  call.id = {3};
  call.tid = {1};
  call.name = "getsockname";
  const auto hidden = grouper.add(call, true);
  CHECK(other.opened);
  CHECK(hidden.step == first.step);
  CHECK_FALSE(hidden.main);
}

TEST_CASE("the same call told again is no new step", "[steps]") {
  reports::StepGrouper grouper;
  model::Call call;
  call.id = {1};
  call.name = "recvfrom";
  call.place = line("/a.py", 7, "s.recv(1)", "");
  const auto waiting = grouper.add(call, true);
  call.outcome.emplace();
  const auto done = grouper.add(call, true);
  CHECK(waiting.opened);
  CHECK_FALSE(done.opened);
  CHECK(done.step == waiting.step);
}
