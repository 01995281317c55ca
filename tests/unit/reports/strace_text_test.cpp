// The lines on the right are what strace 6.1 printed for these calls.
#include "reports/strace_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

using namespace socktale;
using namespace socktale::test;
using reports::call_text;
using reports::value_text;

namespace {

// The calls of a trace as text, one a line.
std::vector<std::string> lines_of(const model::Trace& trace) {
  std::vector<std::string> lines;
  for (const model::Event& event : trace.events)
    if (const auto* call = std::get_if<model::Call>(&event.body)) lines.push_back(call_text(*call));
  return lines;
}

model::Call one(TraceBuilder& builder) {
  const model::Trace trace = builder.finish();
  for (const model::Event& event : trace.events)
    if (const auto* call = std::get_if<model::Call>(&event.body)) return *call;
  throw std::logic_error("no call");
}

model::Call read_call(model::Value data, std::int64_t result) {
  TraceBuilder builder;
  builder.call(1, "read", 0,
               {in("fd", fd(3)), out("buf", std::move(data)), in("count", number(99))}, result,
               line("a.py", 1, "f.read(99)", "read"));
  return one(builder);
}

} // namespace

TEST_CASE("the Python chat reads as strace prints it", "[strace_text]") {
  const auto lines = lines_of(python_chat());
  const std::vector<std::string> printed = {
      R"(socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3)",
      R"(bind(3, {sa_family=AF_INET, sin_port=htons(12345), sin_addr=inet_addr("127.0.0.1")}, 16) = 0)",
      R"(listen(3, 10) = 0)",
      R"(socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3)",
      R"(connect(3, {sa_family=AF_INET, sin_port=htons(12345), sin_addr=inet_addr("127.0.0.1")}, 16) = 0)",
      R"(accept4(3, {sa_family=AF_INET, sin_port=htons(42398), sin_addr=inet_addr("127.0.0.1")}, [16], SOCK_CLOEXEC) = 4)",
      R"(getsockname(4, {sa_family=AF_INET, sin_port=htons(12345), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 0)",
      R"(sendto(3, "hello", 5, 0, NULL, 0) = 5)",
      R"(recvfrom(4, "hello", 1024, 0, NULL, NULL) = 5)",
  };
  REQUIRE(lines.size() == 17);
  for (std::size_t i = 0; i < printed.size(); ++i) CHECK(lines[i] == printed[i]);
  CHECK(lines.back() == "close(3) = 0");
}

TEST_CASE("addresses of the other families", "[strace_text]") {
  CHECK(value_text(inet6("::1", 80)) ==
        R"({sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), )"
        R"(inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0})");
  CHECK(value_text(unix_path("/tmp/a\nb")) == R"({sa_family=AF_UNIX, sun_path="/tmp/a\nb"})");
  CHECK(value_text(unix_path("")) == "{sa_family=AF_UNIX}");
  const model::Value abstract{model::Made{"@", {{model::Text{"name"}}}}};
  CHECK(value_text(abstract) == R"(@"name")");
}

TEST_CASE("every kind of value", "[strace_text]") {
  CHECK(value_text({}) == "?");
  CHECK(value_text({std::int64_t{-1}}) == "-1");
  CHECK(value_text({std::uint64_t{18446744073709551615ULL}}) == "18446744073709551615");
  CHECK(value_text(symbol(99, "")) == "0x63");
  CHECK(value_text({model::Symbol{99, "", "AF_???"}}) == "0x63 /* AF_??? */");
  CHECK(value_text({model::Symbol{-1, "", "SHUT_???"}}) == "0xffffffff /* SHUT_??? */");
  CHECK(value_text({model::Flags{16, {}, 16, "SOCK_???"}}) == "0x10 /* SOCK_??? */");
  CHECK(value_text(flags(0, {})) == "0");
  CHECK(value_text({model::Flags{0x4001, {"MSG_OOB"}, 0x4000}}) == "MSG_OOB|0x4000");
  CHECK(value_text({model::Flags{0x4000, {}, 0x4000}}) == "0x4000");
  CHECK(value_text({model::Pointer{0xdead}}) == "0xdead");
  CHECK(value_text({model::Unreadable{0x10, 14}}) == "0x10");
  CHECK(value_text({model::List{{{std::int64_t{1}}, {std::int64_t{2}}}, 2}}) == "[1, 2]");
  CHECK(value_text({model::List{{{std::int64_t{1}}}, 5}}) == "[1, ...]");
  CHECK(value_text({model::List{{}, 0}}) == "[]");
  CHECK(value_text({model::List{{}, 3}}) == "[...]");
}

TEST_CASE("bytes are cut where strace cuts them", "[strace_text]") {
  const std::string long_text(40, 'x');
  CHECK(value_text(bytes(std::string(32, 'x'))) == '"' + std::string(32, 'x') + '"');
  CHECK(value_text(bytes(long_text)) == '"' + std::string(32, 'x') + "\"...");
  CHECK(value_text(bytes(long_text), 40) == '"' + long_text + '"');
  CHECK(value_text({model::Bytes{"abc", 10, false}}) == "\"abc\"...");
  CHECK(value_text({model::Bytes{"", 5, true}}) == "<5 bytes withheld>");
  CHECK(value_text(bytes(std::string("\0\x1b[31m\xff", 7))) == R"("\0\33[31m\377")");
}

TEST_CASE("results", "[strace_text]") {
  model::Call call = read_call(bytes("x"), 1);
  call.outcome->error = 98;
  call.outcome->error_name = "EADDRINUSE";
  CHECK(reports::result_text(call) == "-1 EADDRINUSE (Address already in use)");
  call.outcome->error = 512;
  call.outcome->error_name = "ERESTARTSYS";
  CHECK(reports::result_text(call) == "? ERESTARTSYS (To be restarted if SA_RESTART is set)");
  call.outcome->error = 3999;
  call.outcome->error_name = "";
  CHECK(reports::result_text(call) == "-1 (errno 3999)");
  call.outcome.reset();
  CHECK(call_text(call).ends_with(" <unfinished ...>) = ?"));
}

TEST_CASE("a failed call shows the pointer that nothing was written to", "[strace_text]") {
  TraceBuilder builder;
  model::Field address = out("addr", {});
  builder
      .call(1, "accept4", 288, {in("sockfd", fd(3)), address, in("addrlen", length_at(16))}, 0,
            line("a.py", 1, "s.accept()", "accept4"))
      .failed(11, "EAGAIN");
  CHECK(call_text(one(builder)) ==
        "accept4(3, 0x7ffd0010, [16]) = -1 EAGAIN (Resource temporarily unavailable)");
}

TEST_CASE("poll is asked in its arguments and answers after its result", "[strace_text]") {
  const auto polled = [](const char* member, std::uint64_t bits) {
    return model::Value{
        model::List{{{model::Struct{{in("fd", fd(3)), in(member, flags(bits, {"POLLIN"}))}}}}, 1}};
  };
  TraceBuilder builder;
  builder.call(1, "poll", 7,
               {in_out("fds", polled("events", 1), polled("revents", 1)), in("nfds", number(1)),
                in("timeout", number(1000))},
               1, line("a.py", 1, "p.poll()", "poll"));
  model::Call call = one(builder);
  CHECK(call_text(call) == "poll([{fd=3, events=POLLIN}], 1, 1000) = 1 ([{fd=3, revents=POLLIN}])");
  call.outcome->result = 0;
  CHECK(call_text(call) == "poll([{fd=3, events=POLLIN}], 1, 1000) = 0 (Timeout)");
}

TEST_CASE("names from a hostile trace steer nothing", "[strace_text]") {
  CHECK(value_text(symbol(1, "\x1b]0;x\a")) == R"(\x1b]0;x\x07)");
  model::Call call = read_call(bytes("x"), 1);
  call.name = "re\nad";
  CHECK(call_text(call).starts_with("re\\nad("));
}
