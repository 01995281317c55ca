#include "reports/alignment.hpp"
#include "reports/compare.hpp"
#include "reports/compare_text.hpp"
#include "reports/renaming.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <algorithm>
#include <deque>

using namespace socktale;
using namespace socktale::test;
using reports::Comparison;
using reports::Token;
using reports::View;

namespace {

// Traces with their stories. What a comparison points at lives as long as they do.
class Traces {
 public:
  Traces& add(model::Trace trace, std::string file) {
    traces_.push_back(std::move(trace));
    stories_.push_back(reports::build_story(traces_.back()));
    compared_.push_back({&stories_.back(), std::move(file)});
    return *this;
  }
  [[nodiscard]] View view() const { return reports::view_of(compared_); }
  [[nodiscard]] Comparison compared() const { return compared(view()); }
  [[nodiscard]] Comparison compared(View view) const { return reports::compare(compared_, view); }

 private:
  std::deque<model::Trace> traces_;
  std::deque<reports::Story> stories_;
  std::vector<reports::Compared> compared_;
};

bool has(const std::vector<Said>& texts, const std::string& text) {
  return std::ranges::any_of(texts, [&](const Said& each) { return fill_in(each) == text; });
}

std::vector<Token> tokens(const std::string& letters) {
  std::vector<Token> out;
  for (const char c : letters) out.push_back({static_cast<std::size_t>(c), 1, 0});
  return out;
}

// "ab-" of each sequence: what stands in the rows.
std::vector<std::string> aligned(const std::vector<std::string>& texts, std::size_t window = 1024) {
  std::vector<std::vector<Token>> sequences;
  for (const std::string& text : texts) sequences.push_back(tokens(text));
  std::vector<std::string> out(texts.size());
  for (const reports::AlignedRow& row : reports::align(sequences, window))
    for (std::size_t i = 0; i < texts.size(); ++i) out[i] += row[i] ? texts[i][*row[i]] : '-';
  return out;
}

// A server that takes a connection and bytes; whatever the kernel or a user may choose is a
// parameter.
struct Chosen {
  int pid = 10, port = 5000, listener = 3, connection = 4, line = 1;
  std::string host = "127.0.0.1";
  std::string data = "hello";
  int exchanges = 1;
};

model::Trace small_server(const Chosen& chosen) {
  TraceBuilder trace;
  trace.program("server", {"serve"}).born(chosen.pid, "server").exec(chosen.pid, {"serve"});
  trace
      .call(chosen.pid, "bind", 49,
            {in("sockfd", fd(chosen.listener)), in("addr", inet(chosen.host, chosen.port)),
             in("addrlen", number(16))},
            0, line("/s.c", chosen.line, "bind(s, a, n)", "bind"))
      .about(1);
  trace
      .call(chosen.pid, "accept", 43,
            {in("sockfd", fd(chosen.listener)), out("addr", inet("127.0.0.1", chosen.port + 77))},
            chosen.connection, line("/s.c", 2, "accept(s, a, n)", "accept"))
      .about(1)
      .touching({2})
      .kind("fd");
  for (int i = 0; i < chosen.exchanges; ++i)
    trace
        .call(chosen.pid, "read", 0,
              {in("fd", fd(chosen.connection)), out("buf", bytes(chosen.data)),
               in("count", number(99))},
              static_cast<std::int64_t>(chosen.data.size()),
              line("/s.c", 3, "read(c, b, 99)", "read"))
        .about(2)
        .kind("count");
  trace.gone(chosen.pid);
  return trace.finish();
}

Comparison runs(const Chosen& a, const Chosen& b) {
  return Traces().add(small_server(a), "a.jsonl").add(small_server(b), "b.jsonl").compared();
}

} // namespace

TEST_CASE("sequences are aligned by what is common to them", "[compare]") {
  CHECK(aligned({"abc", "abc"}) == std::vector<std::string>{"abc", "abc"});
  CHECK(aligned({"abd", "acd"}) == std::vector<std::string>{"ab-d", "a-cd"});
  CHECK(aligned({"", "ab"}) == std::vector<std::string>{"--", "ab"});
  CHECK(aligned({"", ""}) == std::vector<std::string>{"", ""});
  CHECK(aligned({"sblar", "sboloar", "sblaxr"}) ==
        std::vector<std::string>{"sb-l-a-r", "sboloa-r", "sb-l-axr"});
}

TEST_CASE("weight decides what is put together, detail between equals", "[compare]") {
  // Either x or y can be matched, not both.
  std::vector<std::vector<Token>> crossed = {{{1, 1, 0}, {2, 5, 0}}, {{2, 5, 0}, {1, 1, 0}}};
  auto rows = reports::align(crossed);
  CHECK(std::ranges::count_if(rows, [](const auto& row) { return row[0] == 1U && row[1] == 0U; }) ==
        1);
  std::vector<std::vector<Token>> twice = {{{1, 1, 7}}, {{1, 1, 8}, {1, 1, 7}}};
  rows = reports::align(twice);
  REQUIRE(rows.size() == 2);
  CHECK_FALSE(rows[0][0]);
  CHECK(rows[1][0] == 0U);
}

TEST_CASE("windows lose no token and keep the order", "[compare]") {
  std::string a;
  std::string b;
  for (int i = 0; i < 500; ++i) {
    a += static_cast<char>('a' + i * i % 23);
    if (i % 7 != 0) b += static_cast<char>('a' + i * i % 23);
    if (i % 11 == 0) b += 'z';
  }
  const auto whole = aligned({a, b});
  for (const std::size_t window : {1U, 2U, 16U, 100U}) {
    auto rows = aligned({a, b}, window);
    std::erase(rows[0], '-');
    std::erase(rows[1], '-');
    CHECK(rows[0] == a);
    CHECK(rows[1] == b);
  }
  CHECK(aligned({a, b}, 100)[0].size() <= whole[0].size() + 10);
}

TEST_CASE("long traces are aligned in time", "[compare]") {
  std::string a(200'000, 'a');
  std::string b(100'000, 'b');
  CHECK(aligned({a, b})[0].size() == 300'000);
  CHECK(aligned({a, a + "b"})[0].size() == 200'001);
}

TEST_CASE("two runs are the same under consistent names", "[compare]") {
  const Comparison result =
      runs({}, {.pid = 99, .port = 6000, .listener = 7, .connection = 9, .line = 1});
  CHECK(result.view == View::runs);
  CHECK(result.same);
  CHECK(result.columns == std::vector<std::string>{"a", "b"});
}

TEST_CASE("what two runs differ in is told", "[compare]") {
  const auto findings = [](const Chosen& b) {
    const Comparison result = runs({}, b);
    CHECK_FALSE(result.same);
    return result.roles.at(0).findings;
  };
  CHECK(has(findings({.data = "hallo"}), R"(receive: buf: "hello" in a; "hallo" in b)"));
  CHECK(has(findings({.line = 5}), "give it an address: line 1 in a; line 5 in b"));
  CHECK(has(findings({.exchanges = 2}), "receive: only in b"));
  CHECK_FALSE(findings({.host = "0.0.0.0"}).empty());
  CHECK_FALSE(findings({.port = 80}).empty());
  // The connection has another descriptor, which is the listening one's.
  CHECK_FALSE(runs({}, {.data = "hello" + std::string(100, 'x')}).same);
}

TEST_CASE("payload counts beyond what is shown of it", "[compare]") {
  const std::string start(100, 'x');
  const Comparison result = runs({.data = start + "a"}, {.data = start + "b"});
  CHECK_FALSE(result.same);
  REQUIRE(result.roles.at(0).findings.size() == 1);
  CHECK(fill_in(result.roles[0].findings[0]).find("not the same after its beginning") !=
        std::string::npos);
}

TEST_CASE("payload that one trace left out is not compared", "[compare]") {
  model::Trace without = small_server({.data = "world"});
  without.header.payload_withheld = true;
  const Comparison result =
      Traces().add(small_server({}), "a.jsonl").add(std::move(without), "b.jsonl").compared();
  CHECK(result.same);
  CHECK(result.remarks.size() == 1);
}

TEST_CASE("hosts that are not this machine are renamed", "[compare]") {
  CHECK(runs({.host = "10.0.0.1"}, {.host = "10.0.0.2"}).same);
  CHECK_FALSE(runs({.host = "10.0.0.1"}, {.host = "127.0.0.1"}).same);
}

TEST_CASE("the chat in two languages", "[compare]") {
  Traces all;
  all.add(python_chat(), "p.jsonl").add(cpp_chat(), "c.jsonl");
  const Comparison result = all.compared();
  CHECK(result.view == View::languages);
  CHECK(result.columns == std::vector<std::string>{"Python", "C++"});
  CHECK_FALSE(result.same);
  REQUIRE(result.roles.size() == 2);
  const reports::RoleTable& server = result.roles[0];
  CHECK(server.role == "server");
  CHECK(has(server.findings, "send: MSG_NOSIGNAL only in C++"));
  CHECK(has(server.findings, "accept: hidden getsockname only in Python"));
  CHECK(has(server.alike, "send: send → sendto in all"));
  CHECK(std::ranges::all_of(server.rows, [](const reports::Row& row) {
    return std::ranges::all_of(row.cells, [](const auto& cell) { return cell.has_value(); });
  }));
  const reports::RoleTable& client = result.roles[1];
  CHECK(std::ranges::any_of(client.findings, [](const Said& said) {
    const std::string text = fill_in(said);
    return text.find("never closed by the program") != std::string::npos &&
           text.ends_with("only in Python");
  }));
  CHECK(all.compared(View::runs).view == View::runs);
}

TEST_CASE("a comparison in Chinese", "[compare]") {
  Traces all;
  all.add(python_chat(), "p.jsonl").add(cpp_chat(), "c.jsonl");
  const Comparison result = all.compared();
  reports::Options chinese;
  chinese.language = Language::zh_CN;
  const std::string text = reports::comparison_terminal(result, chinese);
  CHECK(text.find("发送：MSG_NOSIGNAL：只有 C++ 有") != std::string::npos);
  CHECK(text.find("接受连接：隐藏的 getsockname：只有 Python 有") != std::string::npos);
  CHECK(text.find(" only in ") == std::string::npos);
  CHECK(reports::comparison_json(result, chinese).find("\"lang\": \"zh_CN\"") != std::string::npos);
}

TEST_CASE("more than two, and a role that one has not", "[compare]") {
  const Comparison result = Traces()
                                .add(python_chat(), "p.jsonl")
                                .add(small_server({}), "s.jsonl")
                                .add(python_chat(), "q.jsonl")
                                .compared();
  CHECK(result.columns == std::vector<std::string>{"Python (p)", "C", "Python (q)"});
  REQUIRE(result.roles.size() == 2);
  CHECK(has(result.roles[1].findings, "no client in C"));
}

TEST_CASE("loops are folded when languages are compared", "[compare]") {
  Traces all;
  all.add(small_server({.exchanges = 50}), "a.jsonl").add(small_server({}), "b.jsonl");
  const Comparison result = all.compared(View::languages);
  CHECK(result.roles.at(0).rows.size() == 3);
  CHECK(has(result.roles[0].findings, "receive: 50 times in a row in C (a); once in C (b)"));
  CHECK(all.compared(View::runs).roles.at(0).rows.size() == 52);
}

TEST_CASE("nothing of a trace steers what shows it", "[compare]") {
  Traces all;
  all.add(hostile(), "\x1b[31m|<b>.jsonl").add(python_chat(), "p.jsonl");
  for (const View view : {View::runs, View::languages}) {
    const Comparison result = all.compared(view);
    for (const std::size_t width : {40U, 90U, 140U}) {
      reports::Options options;
      options.width = width;
      const std::string text = reports::comparison_terminal(result, options);
      CHECK(std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n') || byte == 0x7f;
      }));
    }
    const std::string markdown = reports::comparison_markdown(result, {});
    CHECK(markdown.find('\x1b') == std::string::npos);
    CHECK(markdown.find("<b>") == std::string::npos);
    const std::string json = reports::comparison_json(result, {});
    CHECK(std::ranges::all_of(json, [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
  }
}

TEST_CASE("every row of a Markdown table has all cells", "[compare]") {
  Traces all;
  const Comparison result =
      all.add(hostile(), "h.jsonl").add(cpp_chat(), "c.jsonl").compared(View::languages);
  const std::string text = reports::comparison_markdown(result, {});
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string row = text.substr(at, end - at);
    at = end + 1;
    if (!row.starts_with("| ")) continue;
    int bars = 0;
    for (std::size_t i = 0; i < row.size(); ++i)
      if (row[i] == '|' && (i == 0 || row[i - 1] != '\\')) ++bars;
    INFO(row);
    CHECK(bars == 5);
  }
}
