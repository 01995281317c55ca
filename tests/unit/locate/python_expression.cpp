#include "tests/support/catch.hpp"
#include "tracer/locate/python/expression.hpp"
#include "tracer/locate/python/lexer.hpp"

#include <random>
#include <string>

namespace socktale::locate::python {

namespace {

using model::Span;

// The span of `part`, which occurs once in `text`.
Span span_of(const Source& source, std::string_view part) {
  const std::size_t at = source.text().find(part);
  REQUIRE(at != std::string_view::npos);
  const auto [line, column] = source.position(at);
  const auto [end_line, end_column] = source.position(at + part.size());
  return {line, column, end_line, end_column};
}

std::string receiver_text(std::string_view text, std::string_view part) {
  const Source source(text);
  return text_of(source, with_receiver(source, span_of(source, part)));
}

std::string headed_text(std::string_view text, std::string_view part) {
  const Source source(text);
  return text_of(source, without_body(source, span_of(source, part)));
}

std::string part_text(std::string_view line) {
  const Source source(line);
  return text_of(source, only_part(source, 1));
}

} // namespace

TEST_CASE("the text of a span is what is written there", "[python][expression]") {
  const Source source("x = 1\r\nprint(sock.recv(9),\r\n      \"\xe4\xbd\xa0\")\rlast");
  CHECK(source.line(2) == "print(sock.recv(9),");
  CHECK(source.line(4) == "last");
  CHECK(source.line(5).empty());
  CHECK(source.line(0).empty());
  CHECK(source.line(-7).empty());
  CHECK(text_of(source, {2, 7, 2, 19}) == "sock.recv(9)");
  CHECK(text_of(source, {2, 1, 3, 13}) == "print(sock.recv(9),\n      \"\xe4\xbd\xa0\")");
  CHECK(text_of(source, {2, 0, 2, 0}).empty());
  CHECK(text_of(source, {2, 7, 2, 7}).empty());
  CHECK(text_of(source, {2, 7, 2, 900}).empty());
  CHECK(text_of(source, {3, 9, 3, 13}).empty()); // begins inside a character
  CHECK(text_of(source, {3, 7, 3, 9}).empty());  // ends inside one
  CHECK(text_of(source, {3, 1, 2, 1}).empty());  // ends before it begins
  CHECK(text_of(source, {90, 1, 91, 1}).empty());
  const Source wide("f(" + std::string(5000, 'x') + ")");
  CHECK(text_of(wide, {1, 1, 1, 5004}).size() == 4096 + 4);
}

TEST_CASE("columns are not believed in a file of another encoding", "[python][expression]") {
  const Source latin("# coding: latin-1\nname = '\xe9'; send(name)\nsend(b'x')\n");
  CHECK(text_of(latin, {2, 13, 2, 23}).empty());
  CHECK(text_of(latin, {3, 1, 3, 11}) == "send(b'x')");
  const Source declared("#!/bin/sh\n# -*- coding: GBK -*-\n'\xe4\xbd\xa0'; send()\n");
  CHECK(text_of(declared, {3, 8, 3, 14}).empty());
  const Source utf8("# vim: set fileencoding=UTF_8 :\n'\xe4\xbd\xa0'; send()\n");
  CHECK(text_of(utf8, {2, 8, 2, 14}) == "send()");
  const Source marked("\xef\xbb\xbfsend()");
  CHECK(text_of(marked, {1, 1, 1, 7}) == "send()");
}

TEST_CASE("a chained call is shown with its receiver", "[python][expression]") {
  CHECK(receiver_text("x = (t\n  .connect(a))", "connect(a)") == "t\n  .connect(a)");
  CHECK(receiver_text("(t.\n  connect(a))", "connect(a)") == "t.\n  connect(a)");
  CHECK(receiver_text("y = make(1)[0] \\\n  .send(b'x')", "send(b'x')") ==
        "make(1)[0] \\\n  .send(b'x')");
  CHECK(receiver_text("f(a, peers['x (']\n  .sock  # why (\n  .send(b''))", "send(b'')") ==
        "peers['x (']\n  .sock  # why (\n  .send(b'')");
  CHECK(receiver_text("x = [i for i in (a\n .recv(1))]", "recv(1)") == "a\n .recv(1)");
  CHECK(receiver_text("await (t\n.go())", "go()") == "t\n.go()");
  CHECK(receiver_text("return \"a.b\" .\\\n encode()", "encode()") == "\"a.b\" .\\\n encode()");
  CHECK(receiver_text("t = recv(1)", "recv(1)") == "recv(1)");
  CHECK(receiver_text("from . import x", "import x") == "import x"); // a dot without an operand
  CHECK(receiver_text("'''q'''; ) .go()", "go()") == "go()");        // brackets that do not match
}

TEST_CASE("of a compound statement the part that acts is shown", "[python][expression]") {
  CHECK(headed_text("for a, b in zip(x, y): pass\n", "for a, b in zip(x, y): pass") == "zip(x, y)");
  CHECK(headed_text("async for x in it[1:]:\n  pass", "async for x in it[1:]:\n  pass") ==
        "it[1:]");
  CHECK(headed_text("with a, open(b) as c:\n  go()", "with a, open(b) as c:\n  go()") ==
        "with a, open(b) as c");
  CHECK(headed_text("x = fortune()", "fortune()") == "fortune()");
  CHECK(headed_text("for x", "for x") == "for x");
  CHECK(headed_text("for ) in (:", "for ) in (:") == "for ) in (:");
}

TEST_CASE("without columns a line tells what it can only mean", "[python][expression]") {
  CHECK(part_text("    data = sock.recv(10)  # ten") == "sock.recv(10)");
  CHECK(part_text("sock.sendall(b'(x)', 1)") == "sock.sendall(b'(x)', 1)");
  CHECK(part_text("a, self.b = pair()") == "pair()");
  CHECK(part_text("return await loop.go(x)") == "await loop.go(x)");
  CHECK(part_text("del sock") == "del sock");
  CHECK(part_text("sock = None") == "sock = None");
  for (const auto* const line :
       {"print(sock.recv(10))", "a.send(b'x'); b.send(b'y')", "x = a.recv(1) + b.recv(1)",
        "if sock.send(b'x'):", "f(x)[0]", "f(x).y", ".recv(100)", "baz(1))", "print(",
        "for x in f(y):", "(lambda: f())", "not f(x)", "sock", "", ")",
        "with f(x):", "x = y = f(z) or g"}) {
    INFO(line);
    CHECK(part_text(line).empty());
  }
}

TEST_CASE("text says whether it is a call", "[python][expression]") {
  CHECK(written_as("sock.recv(10)") == Written::call);
  CHECK(written_as("await sock.recv(10)") == Written::call);
  CHECK(written_as("(lambda x: x)(1)") == Written::call);
  CHECK(written_as("import antigravity") == Written::call);
  CHECK(written_as("with a as b") == Written::with);
  CHECK(written_as("async with a as b") == Written::with);
  CHECK(written_as("return f(x)") == Written::statement);
  CHECK(written_as("del t") == Written::statement);
  CHECK(written_as("t = None") == Written::statement);
  CHECK(written_as("t") == Written::target);
  CHECK(written_as("self.peers[0].sock") == Written::target);
  CHECK(written_as("f\"{sock!r}\"") == Written::other);
  CHECK(written_as("a + b") == Written::other);
  CHECK(written_as("") == Written::other);
}

TEST_CASE("any text is lexed to its end", "[python][expression]") {
  std::mt19937 random(7);
  constexpr std::string_view alphabet = "ab.(){}[]'\"\\\n#=:, with for in\xe4\xbd\r";
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 40, ' ');
    for (char& byte : text) byte = alphabet[random() % alphabet.size()];
    std::size_t end = 0;
    for (const Token& token : tokens_of(text)) {
      const auto at = static_cast<std::size_t>(token.text.data() - text.data());
      const bool in_order = at >= end && !token.text.empty();
      REQUIRE(in_order);
      end = at + token.text.size();
    }
    REQUIRE(end <= text.size());
    const Source source(text);
    static_cast<void>(written_as(text));
    static_cast<void>(only_part(source, 1));
    const auto some = [&] { return static_cast<std::int32_t>(random() % 12); };
    const Span span{some() % 3, some(), some() % 3, some()};
    static_cast<void>(text_of(source, without_body(source, with_receiver(source, span))));
  }
}

} // namespace socktale::locate::python
