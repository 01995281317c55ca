#include "tracer/locate/call_text.hpp"

#include "tests/support/catch.hpp"
#include "tracer/locate/code_mask.hpp"

#include <algorithm>
#include <string>

namespace socktale::test {
namespace {

using locate::mask_of;
using locate::SourceText;

// Asks at the character that follows the mark ` in `marked`.
SourceText::Call ask(std::string marked, const std::string& callee = {}) {
  const std::size_t at = marked.find('`');
  marked.erase(at, 1);
  const auto line =
      std::count(marked.begin(), marked.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::size_t begin = at == 0 ? 0 : marked.rfind('\n', at - 1) + 1;
  return SourceText(std::move(marked))
      .call_at(static_cast<std::int32_t>(line + 1), static_cast<std::int32_t>(at - begin + 1),
               callee);
}

std::string text_at(const std::string& marked, const std::string& callee = {}) {
  return ask(marked, callee).text;
}

} // namespace

TEST_CASE("g++ points at the parenthesis of a call", "[locate][call_text]") {
  CHECK(text_at("int fd = socket`(AF_INET, 1, 0);") == "socket(AF_INET, 1, 0)");
  CHECK(text_at("if (connect`(fd, (sockaddr *)&a, sizeof a) < 0)") ==
        "connect(fd, (sockaddr *)&a, sizeof a)");
  CHECK(text_at("x = ::send`(fd, s.data(), s.size(), 0);") == "::send(fd, s.data(), s.size(), 0)");
  CHECK(text_at("return std::net::send`(fd);") == "std::net::send(fd)");
  CHECK(text_at("return ::send`(fd);") == "::send(fd)");
  CHECK(text_at("this->conn_.say`(hello);") == "this->conn_.say(hello)");
  CHECK(text_at("clients[i]->say`(a[1]);") == "clients[i]->say(a[1])");
  CHECK(text_at("get(1).say`(2).say(3);") == "get(1).say(2)");
  CHECK(text_at("get(1).say(2).say`(3);") == "get(1).say(2).say(3)");
  CHECK(text_at("a = send`(1) + send(2);") == "send(1)");
  CHECK(text_at("a = send(1) + send`(2);") == "send(2)");
  CHECK(text_at("put<std::pair<int, char>>`(x);") == "put<std::pair<int, char>>(x)");
  CHECK(text_at("ops.send`(7);") == "ops.send(7)");
  CHECK(text_at("(*fp)`(8);") == "(*fp)(8)");
  CHECK(text_at("n = (int)(*fp)`(8);") == "(*fp)(8)");
  CHECK(text_at("n = (int)(`*fp)(8);") == "(*fp)(8)");
  CHECK(text_at("n = (int)`(*fp)(8);") == "(*fp)(8)");
  CHECK(text_at("n = (ssize_t)send`(8);") == "send(8)");
  CHECK(text_at("send `(fd, buf);") == "send (fd, buf)");
  CHECK(text_at("a < b && c > send`(8);") == "send(8)");
  CHECK(text_at("else send`(8);") == "send(8)");
  CHECK(text_at("auto* p = new Client`(8);") == "new Client(8)");
}

TEST_CASE("in the arguments of another call it is the one that was called", "[locate][call_text]") {
  CHECK(text_at("check`(bind(fd, a, n), \"bind\");", "bind") == "bind(fd, a, n)");
  CHECK(text_at("check`(::bind(fd, a, n), \"bind\");", "bind") == "::bind(fd, a, n)");
  CHECK(text_at("Socket s(check(socket(f, t, 0)))`;", "socket").empty());
  CHECK(text_at("Socket s(check(socket(f, t, 0))`);", "socket") == "socket(f, t, 0)");
  // Twice, or not at all: the outer one is all that is known.
  CHECK(text_at("both`(close(a), close(b));", "close") == "both(close(a), close(b))");
  CHECK(text_at("check`(fd);", "close") == "check(fd)");
  CHECK(text_at("send`(fd, send_buffer(), 1);", "send") == "send(fd, send_buffer(), 1)");
}

TEST_CASE("g++ points at the last bracket of a declaration", "[locate][call_text]") {
  CHECK(text_at("Client c(host, port`);") == "Client c(host, port)");
  CHECK(text_at("net::Client<int> c{host, port`};") == "net::Client<int> c{host, port}");
  CHECK(text_at("C e = C(5, 6`);") == "C(5, 6)");
  CHECK(text_at("C* q = new C(9, 10`);") == "new C(9, 10)");
}

TEST_CASE("clang and Rust point at the callee", "[locate][call_text]") {
  CHECK(text_at("if (`connect(fd, a)) return;") == "connect(fd, a)");
  CHECK(text_at("x = `::send(fd, a);") == "::send(fd, a)");
  CHECK(text_at("conn.`say(1);") == "conn.say(1)");
  CHECK(text_at("get(1)->`say(2);") == "get(1)->say(2)");
  CHECK(text_at("`put<int>(5);") == "put<int>(5)");
  CHECK(text_at("let s = `TcpStream::connect((\"127.0.0.1\", port))?;") ==
        "TcpStream::connect((\"127.0.0.1\", port))");
  CHECK(text_at("`a(1)?.b(2).c(3);", "b") == "a(1)?.b(2)");
  CHECK(text_at("`a(1).b(2).c(3);") == "a(1)");
  CHECK(text_at("Client `c(1, 2);") == "c(1, 2)");
}

TEST_CASE("a call may span lines and hold anything", "[locate][call_text]") {
  const auto call = ask("  x = send`(fd, \"a)\",\n    ')', // )\n    R\"x()\")x\" /* ) */);\n}");
  CHECK(call.text == "send(fd, \"a)\",\n    ')', // )\n    R\"x()\")x\" /* ) */)");
  CHECK(call.span == model::Span{1, 7, 3, 23});
  CHECK(text_at("client // send(this)\n  .say`(1);") == "client // send(this)\n  .say(1)");
  CHECK(text_at("f`(1'000, 'x', \"\\\")\");") == "f(1'000, 'x', \"\\\")\")");
  CHECK(text_at("`put::<'a>(&'a str, '\\'');") == "put::<'a>(&'a str, '\\'')");
  CHECK(text_at("write`(`); // )").empty());
}

TEST_CASE("where no call is written there is no text", "[locate][call_text]") {
  const auto scope = ask("void f() {\n  Client c;\n`}\n");
  CHECK(scope.text.empty());
  CHECK(scope.end_of_scope);
  CHECK(scope.span == model::Span{3, 1, 0, 0});
  CHECK(ask("if (x) { c.say(1); `}").end_of_scope);
  CHECK_FALSE(ask("c `<< 4;").end_of_scope);
  CHECK(text_at("c `<< 4;").empty());
  CHECK(text_at("`DO;").empty());
  CHECK(text_at("`return;").empty());
  CHECK(text_at("x = `(1 + 2);").empty());
  CHECK(text_at("f`(1, 2").empty());
  CHECK(text_at("f`(1, 2];").empty());
}

TEST_CASE("without a column the only call of the function is taken", "[locate][call_text]") {
  const SourceText go("conn, err := net.Dial(\"tcp\", addr)\nx := Dial(1) + Dial(2)\n// Dial(3)\n");
  CHECK(go.call_at(1, 0, "Dial").text == "net.Dial(\"tcp\", addr)");
  CHECK(go.call_at(1, 0, "Dia").text.empty());
  CHECK(go.call_at(1, 0, "").text.empty());
  CHECK(go.call_at(2, 0, "Dial").text.empty());
  CHECK(go.call_at(3, 0, "Dial").text.empty());
}

TEST_CASE("positions that are not in the file are refused", "[locate][call_text]") {
  const SourceText text("f(1);\n");
  for (const std::int32_t line : {-1, 0, 3, 1 << 30}) CHECK(text.call_at(line, 2, {}).text.empty());
  for (const std::int32_t column : {-1, 7, 1 << 30})
    CHECK(text.call_at(1, column, {}).text.empty());
  CHECK(SourceText("").call_at(1, 1, {}).text.empty());
}

TEST_CASE("searches end in texts that have no end", "[locate][call_text]") {
  for (const char* piece :
       {"(", ")", "a.", "a(", "<", ">", "f<", "\"", "'", "::", "{", "a->", "[x]"}) {
    std::string text;
    while (text.size() < 100'000) text += piece;
    const SourceText source(text);
    for (const std::int32_t column : {1, 2, 50'000, 99'999})
      CHECK(source.call_at(1, column, "a").text.size() <= 4096);
  }
}

TEST_CASE("the mask keeps code and lines and nothing else", "[locate][call_text]") {
  CHECK(mask_of("a(\"b)\"); // c)") == "a(\"..\");      ");
  CHECK(mask_of("'(' x '\\'' 1'0") == "'.' x '..' 1'0");
  CHECK(mask_of("/* (\n( */(") == "    \n    (");
  CHECK(mask_of("r#\"a\"b\"# (") == "r#\"...\"# (");
  CHECK(mask_of("`(\n(` (") == "`.\n.` (");
  CHECK(mask_of("fn f<'a>(x: &'a str)") == "fn f<'a>(x: &'a str)");
  CHECK(mask_of("#error don't (\n(") == "#error don't (\n(");
  for (const std::string text : {"\"", "'", "`", "R\"", "R\"x(", "r#\"", "/*", "//", "\\", "'\\"})
    CHECK(mask_of(text).size() == text.size());
}

} // namespace socktale::test
