// Whole lines as strace 6.1 prints them: where they are broken off, and what stands before them.
// tests/strace compares whole programs with the installed strace.
#include "reports/strace.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

using namespace socktale;
using namespace socktale::test;

namespace {

constexpr std::int64_t ms = 1'000'000;

std::string rendered(const model::Trace& trace, const reports::StraceLook& look = {}) {
  const reports::Story story = reports::build_story(trace);
  reports::Options options;
  options.strace = look;
  return reports::render_strace(story, options);
}

// Two threads: 2 waits in accept while 1 makes a whole call.
model::Trace overlapping() {
  TraceBuilder builder;
  builder.born(1, "server").thread(1, 2);
  builder.call(1, "listen", 50, {in("sockfd", fd(3)), in("backlog", number(1))}, 0,
               line("a.c", 2, "listen(3, 1)", "listen"));
  builder.on_thread(2)
      .call(1, "accept", 43, {in("sockfd", fd(3)), in("addr", null()), in("addrlen", null())}, 4,
            line("a.c", 1, "accept(3, NULL, NULL)", "accept"))
      .entered_at(0);
  builder.gone(1, 3);
  return builder.finish();
}

model::Event at(std::int64_t time, model::Body body) { return {0, {time}, std::move(body)}; }

} // namespace

TEST_CASE("results stand below each other", "[strace]") {
  const std::string text = rendered(python_chat());
  CHECK(text.find("listen(3, 10)                     = 0\n") != std::string::npos);
  CHECK(text.find("connect(3, {sa_family=AF_INET, sin_port=htons(12345), "
                  "sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0\n") != std::string::npos);
}

TEST_CASE("a call is broken off where another thread's comes in between", "[strace]") {
  const std::string text = rendered(overlapping());
  CHECK(text.starts_with("2     accept(3,  <unfinished ...>\n"
                         "1     listen(3, 1)                      = 0\n"
                         "2     <... accept resumed>NULL, NULL)   = 4\n"));
}

TEST_CASE("what strace calls %net", "[strace]") {
  reports::StraceLook look;
  look.net_only = true;
  const std::string text = rendered(python_chat(), look);
  CHECK(text.find("sendto(") != std::string::npos);
  CHECK(text.find("close(") == std::string::npos);
}

TEST_CASE("threads as a prefix, only while there are several", "[strace]") {
  reports::StraceLook look;
  look.pids = reports::StraceLook::Pids::prefix;
  reports::Options options;
  options.strace = look;
  reports::StraceLines lines(options);
  lines.on(at(0, model::TaskBorn{{1}, {1}, {}, ""}));
  lines.on(at(1, model::TaskGone{{1}, {1}, true, 0, {}}));
  CHECK(lines.take() == "+++ exited with 0 +++\n");
  lines.on(at(2, model::TaskBorn{{1}, {1}, {}, ""}));
  lines.on(at(3, model::TaskBorn{{1}, {2}, {1}, ""}));
  lines.on(at(4, model::TaskGone{{1}, {2}, false, {}, 9}));
  CHECK(lines.take() == "[pid     2] +++ killed by SIGKILL +++\n");
}

TEST_CASE("times as strace writes them", "[strace]") {
  using Times = reports::StraceLook::Times;
  model::Header header;
  header.began_at = 1'700'000'000'000'000'000; // 22:13:20 UTC
  const auto exit_line = [&](Times times, std::int64_t utc_offset) {
    reports::Options options;
    options.strace.times = times;
    options.strace.utc_offset = utc_offset;
    options.strace.pids = reports::StraceLook::Pids::none;
    reports::StraceLines lines(options);
    lines.begin(header);
    lines.on(at(1500 * ms, model::Signal{{1}, {1}, 2, "SIGINT", {}}));
    lines.on(at(4501 * ms, model::TaskGone{{1}, {1}, true, 0, {}}));
    return lines.take();
  };
  CHECK(exit_line(Times::seconds, 0) ==
        "22:13:21 --- SIGINT ---\n22:13:24 +++ exited with 0 +++\n");
  CHECK(exit_line(Times::fractions, 10800) ==
        "01:13:21.500000 --- SIGINT ---\n01:13:24.501000 +++ exited with 0 +++\n");
  CHECK(exit_line(Times::epoch, 3600) ==
        "1700000001.500000 --- SIGINT ---\n1700000004.501000 +++ exited with 0 +++\n");
  CHECK(exit_line(Times::relative, 0) ==
        "     0.000000 --- SIGINT ---\n     3.001000 +++ exited with 0 +++\n");
}

TEST_CASE("a thread that ends inside a call", "[strace]") {
  TraceBuilder builder;
  builder.born(1, "client");
  builder.call(1, "read", 0, {in("fd", fd(3)), out("buf", {}), in("count", number(9))}, 0,
               line("a.c", 1, "read(3, b, 9)", "read"));
  builder.unfinished();
  CHECK(rendered(builder.finish()).ends_with("read(3,  <unfinished ...>)        = ?\n"));
}

TEST_CASE("a hostile trace stays on its lines", "[strace]") {
  const std::string text = rendered(hostile(), {});
  CHECK(text.find('\x1b') == std::string::npos);
  for (const char c : text) CHECK((c == '\n' || (c >= ' ' && c != '\x7f') || (c & 0x80) != 0));
}
