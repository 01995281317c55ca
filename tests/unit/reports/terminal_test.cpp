#include "reports/terminal.hpp"
#include "reports/terminal_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>

using namespace socktale;
using namespace socktale::test;
using reports::Options;

namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string rendered(const model::Trace& trace, const Options& options) {
  return reports::render_terminal(reports::build_story(trace), options);
}

// What the live terminal writes, event by event.
std::string live(const model::Trace& trace, const Options& options) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&text, &size);
  {
    reports::LiveTerminal terminal(file, options);
    terminal.begin(trace.header);
    for (const model::Event& event : trace.events) terminal.on(event);
  }
  std::fclose(file);
  std::string out(text, size);
  std::free(text);
  return out;
}

Options wide(std::size_t width, bool colour = false) {
  Options options;
  options.width = width;
  options.colour = colour;
  return options;
}

void check_lines(const std::string& text, std::size_t width) {
  for (const std::string& line : lines(text)) {
    INFO(line);
    CHECK(display_width(line) <= width);
    CHECK(std::none_of(line.begin(), line.end(),
                       [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
    CHECK_FALSE(line.ends_with(' '));
  }
}

model::Trace in_chinese() {
  TraceBuilder trace;
  trace.program("服务器", {"python3", "聊天.py"}).born(1, "服务器");
  std::string text = "sock.send(\"";
  for (int i = 0; i < 60; ++i) text += "你好世界";
  trace.call(1, "sendto", 44, {in("sockfd", fd(3)), in("buf", bytes("你好"))}, 6,
             line("/home/聊天.py", 3, text + "\")", "send"));
  return trace.finish();
}

std::string without_colours(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      out += text[i];
  }
  return out;
}

} // namespace

TEST_CASE("no line is wider than the terminal", "[terminal]") {
  for (const std::size_t width : {40U, 61U, 80U, 110U})
    for (const model::Trace& trace :
         {python_chat(), cpp_chat("inet6"), in_chinese(), hostile(), both_waiting()}) {
      check_lines(rendered(trace, wide(width)), width);
      check_lines(live(trace, wide(width)), width);
    }
}

TEST_CASE("a terminal that says it has no columns", "[terminal]") {
  check_lines(rendered(python_chat(), wide(0)), 40);
}

TEST_CASE("colours change nothing but colours", "[terminal]") {
  const std::string plain = rendered(python_chat(), wide(90));
  const std::string coloured = rendered(python_chat(), wide(90, true));
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(coloured.find("\x1b[36m") != std::string::npos);
  CHECK(without_colours(coloured) == plain);
  // No style reaches into the next line.
  for (const std::string& line : lines(coloured)) {
    const std::size_t last = line.rfind('\x1b');
    if (last != std::string::npos) CHECK(line.substr(last, 4) == "\x1b[0m");
  }
}

TEST_CASE("the live lines of the chat", "[terminal]") {
  const auto all = lines(live(python_chat(), wide(120)));
  const auto at = [&](const std::string& line) {
    const auto found = std::ranges::find(all, line);
    INFO(line);
    REQUIRE(found != all.end());
    return found - all.begin();
  };
  const auto bind = at("▣ server  server.py:23  serv_sock.bind((host, port))");
  CHECK(all[static_cast<std::size_t>(bind) + 1] ==
        "▣     bind() → bind(3, {sa_family=AF_INET, sin_port=htons(12345), "
        "sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0  [49]");
  const auto connect = at("● client  client.py:29  sock.connect((host, port))");
  const auto accept = at("▣ server  server.py:29  serv_sock.accept()");
  // In the order in which they returned.
  CHECK(bind < connect);
  CHECK(connect < accept);
  CHECK(std::ranges::any_of(
      all, [](const std::string& l) { return l.starts_with("▣     ↳ getsockname(4"); }));
}

TEST_CASE("a hidden call that comes after another side's line names its step again", "[terminal]") {
  TraceBuilder trace;
  trace.program("server", {"s"}).program("client", {"c"}).born(1, "server").born(2, "client");
  const model::Place accept = line("/s.py", 1, "s.accept()", "accept4");
  trace.call(1, "accept4", 288, {in("sockfd", fd(3))}, 4, accept).kind("fd");
  trace.call(2, "close", 3, {in("fd", fd(3))}, 0, line("/c.py", 1, "c.close()", "close"));
  trace.call(1, "getsockname", 51, {in("sockfd", fd(4))}, 0, accept);
  const auto all = lines(live(trace.finish(), wide(100)));
  CHECK(std::ranges::find(all, "▣ server  s.py:1  s.accept()  (continued)") != all.end());
}

TEST_CASE("what is long is listed up to a limit, and the rest is counted", "[terminal]") {
  Options options = wide(90);
  options.step_limit = 4;
  const std::string text = rendered(python_chat(), options);
  CHECK(text.find("5 further steps are not listed") != std::string::npos);
}

TEST_CASE("columns are filled and cut by display width", "[terminal]") {
  CHECK(reports::column("ab", 4) == "ab  ");
  CHECK(reports::column("你好世", 5) == "你好…");
  CHECK(reports::column("abcdef", 4) == "abc…");
}

TEST_CASE("a socket that is gone is still known when its close is told", "[terminal]") {
  // As recorded: the book's last word on a socket comes before the call that closed it.
  TraceBuilder trace;
  model::Socket socket;
  socket.id = {1};
  socket.role = "listening";
  socket.gone_by = "close";
  trace.program("server", {"s"}).born(1, "server").socket(socket);
  trace.call(1, "close", 3, {in("fd", fd(3))}, 0, line("/s.py", 9, "s.close()", "close")).about(1);
  CHECK(live(trace.finish(), wide(100)).find("Closed the listening socket, descriptor 3") !=
        std::string::npos);
}

TEST_CASE("what a shell does without a known line is not told live", "[terminal]") {
  const auto from = [](const std::string& exe) {
    TraceBuilder trace;
    trace.program("server", {exe}).born(1, "server").exec(1, {exe});
    trace.call(1, "connect", 42, {in("sockfd", fd(3))}, 0, model::Place{});
    trace.call(1, "close", 3, {in("fd", fd(3))}, 0, line("/s.c", 9, "close(fd)", "close"));
    return live(trace.finish(), wide(100));
  };
  CHECK(from("bash").find("connect(3)") == std::string::npos);
  CHECK(from("bash").find("close(3)") != std::string::npos);
  CHECK(from("curl").find("connect(3)") != std::string::npos);
}

TEST_CASE("Chinese is broken between characters, not before what closes", "[terminal]") {
  const std::string text =
      "取走已到达的 5 字节：“hello”。对端关闭了它那一端，不会再有数据到来（半关闭）。";
  for (std::size_t width = 40; width < 60; ++width) {
    reports::TerminalText out(wide(width));
    out.paragraph({{"  1  "}}, {{text}});
    const auto rows = lines(out.take());
    CHECK(rows.size() > 1);
    std::string joined;
    for (const std::string& row : rows) {
      INFO(row);
      CHECK(display_width(row) <= width);
      const std::string start = row.substr(5);
      for (const char* mark : {"，", "。", "：", "）", "”"}) CHECK_FALSE(start.starts_with(mark));
      CHECK_FALSE(row.ends_with("（"));
      joined += start;
    }
    std::erase(joined, ' ');
    std::string whole = text;
    std::erase(whole, ' ');
    CHECK(joined == whole);
  }
}

TEST_CASE("labels in Chinese and English take the same columns", "[terminal]") {
  CHECK(display_width(reports::column("套接字", 10)) == 10);
  CHECK(display_width(reports::column("socket", 10)) == 10);
  CHECK(display_width(reports::column("服务端和客户端", 9)) == 9);  // cut within a wide character
  CHECK(display_width(reports::column("e\u0301te\u0301", 6)) == 6); // combining marks take none
  CHECK(display_width(reports::column("🎉 party", 10)) == 10);
}

TEST_CASE("a report in Chinese stays within the width", "[terminal]") {
  TraceBuilder trace;
  trace.born(1, "server")
      .call(1, "recvfrom", 45,
            {in("sockfd", fd(3)), out("buf", bytes("你好 🎉🎉🎉 e\u0301 " + std::string(60, 'x')))},
            70, line("/a.py", 1, "s.recv(100)", ""));
  for (const std::size_t width : {40, 57, 80}) {
    Options options = wide(width);
    options.language = Language::zh_CN;
    options.string_limit = 100;
    check_lines(rendered(python_chat(), options), width);
    check_lines(live(python_chat(), options), width);
  }
  Options options = wide(60);
  options.language = Language::zh_CN;
  check_lines(rendered(trace.finish(), options), 60);
  CHECK(live(python_chat(), options).find("监听套接字") != std::string::npos);
}
