// The calls that are found in Python sources of many shapes, with their spans; and that no text,
// however broken, does harm.
#include "reports/python_calls.hpp"
#include "reports/python_names.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace socktale;
using namespace socktale::reports;

namespace {

std::string text_of(const PySource& source, const PyCall& call) {
  return std::string(source.text().substr(call.begin, call.end - call.begin));
}

// All calls as written, in the order of their ends.
std::vector<std::string> calls_in(const std::string& text) {
  const PySource source(text);
  std::vector<std::string> out;
  const PyProgram program = parse_python(source);
  for (const PyCall& call : program.calls) out.push_back(text_of(source, call));
  return out;
}

// The calls on the socket module, on sockets and on their files: "module.htons".
std::vector<std::string> on_sockets(const std::string& text) {
  const PySource source(text);
  const PyProgram program = parse_python(source);
  const PyNames names(source, program);
  std::vector<std::string> out;
  for (const PyCall& call : program.calls) {
    const PyCallee callee = names.callee(call);
    if (callee.on == PyMeaning::module) out.push_back("module." + callee.name);
    if (callee.on == PyMeaning::socket) out.push_back("socket." + callee.name);
    if (callee.on == PyMeaning::file) out.push_back("file." + callee.name);
  }
  return out;
}

using Texts = std::vector<std::string>;

// Everything that the rooms do with a text.
std::size_t work_through(const std::string& text) {
  const PySource source(text);
  const PyProgram program = parse_python(source);
  const PyNames names(source, program);
  std::size_t found = 0;
  for (const PyCall& call : program.calls) {
    REQUIRE(call.begin < call.end);
    REQUIRE(call.end <= source.text().size());
    REQUIRE(source.text()[call.end - 1] == ')');
    REQUIRE(call.statement < program.statements.size());
    REQUIRE(call.bracket < program.brackets.size());
    const model::Span span = source.span(call.begin, call.end);
    REQUIRE(span.line >= 1);
    REQUIRE(span.end_column >= 1);
    found += names.callee(call).on != PyMeaning::other;
  }
  return found;
}

const std::string every_shape = R"py(#!/usr/bin/env python3
"""A docstring with a call() in it."""
import socket, sys
from socket import create_server as serve

class Server:
    def __init__(self, port: int = socket.htons(1)):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.bind(("", port)); self.sock.listen()

    async def run(self, *args, **kwargs):
        while True:
            conn, addr = self.sock.accept()
            with conn, conn.makefile("rw") as f:
                for line in f.readlines():
                    f.write(f"{line!r:>{len(line)}} {conn.fileno()}" + 'it\'s')
                    print(rb"\x00", '''three
lines()''', 0xfor_ if 0 else 1_000.5e-3j)
            if (n := len(addr)) > 1 and not n == 2: break
        else:
            pass
        return [x for x in (1, 2) if x] or {**kwargs, "k": lambda s: s.close()}

@decorated(socket.inet_aton("1.2.3.4"))
def main() -> None:
    try:
        Server(5) \
            .run()
    except OSError as error:
        match error.errno:
            case socket.timeout(): pass
            case _: print("你好", error)
    finally:
        serve(("", 0)).close()

main()
)py";

} // namespace

TEST_CASE("calls with their exact texts", "[python]") {
  CHECK(calls_in("f()\n") == Texts{"f()"});
  CHECK(calls_in("f()") == Texts{"f()"});
  CHECK(calls_in("x = a.b . c(1, (2, 3))\n") == Texts{"a.b . c(1, (2, 3))"});
  CHECK(calls_in("print(s.recv(9).decode())\n") ==
        Texts{"s.recv(9)", "s.recv(9).decode()", "print(s.recv(9).decode())"});
  CHECK(calls_in("f(\n  1, # a ) comment\n  ')')\n") == Texts{"f(\n  1, # a ) comment\n  ')')"});
  CHECK(calls_in("(s\n .close())\n") == Texts{"s\n .close()"});
  CHECK(calls_in("(a or b).close()\n") == Texts{"(a or b).close()"});
  CHECK(calls_in("a[0](1)[2].f(3)\n") == Texts{"a[0](1)", "a[0](1)[2].f(3)"});
  CHECK(calls_in("await x.read()\n") == Texts{"x.read()"});
  CHECK(calls_in("'a' 'b'.join(c)\n") == Texts{"'a' 'b'.join(c)"});
  CHECK(calls_in("f(x)(y)\n") == Texts{"f(x)", "f(x)(y)"});
  CHECK(calls_in("return not f()\n") == Texts{"f()"});
  CHECK(calls_in("x = y \\\n  .f()\n") == Texts{"y \\\n  .f()"});
  CHECK(calls_in("\xef\xbb\xbf"
                 "f()\r\ng()\rh()\n") == Texts{"f()", "g()", "h()"});
}

TEST_CASE("what only looks like a call is none", "[python]") {
  CHECK(calls_in("'f()'\n\"g()\"\n'''h()\n'''\n# i()\n").empty());
  CHECK(calls_in("def f(a, b): pass\nclass C(B): pass\nasync def g(): pass\n").empty());
  CHECK(calls_in("def f[T](a: T): pass\n").empty());
  CHECK(calls_in("if (x): pass\nreturn (1)\nfor x in (1, 2): pass\n").empty());
  CHECK(calls_in("f'{g()}'\n").empty()); // of these the positions differ between versions
  CHECK(calls_in("r'\\' + f(rb'\\'', u'x')\n").empty()); // a raw string's quote is escaped too
}

TEST_CASE("strings end where Python ends them", "[python]") {
  CHECK(calls_in("f('\\'', \"'\", '\\\\')\n").size() == 1);
  CHECK(calls_in("f(f'{x!r:>{w}}', f\"{d[\"k\"]}\", f'{{)')\n").size() == 1);
  CHECK(calls_in("f(f'{x:')'}', rf'\\{a}')\n").size() <= 1);
  CHECK(calls_in("f('''a'b''c\n)''')\n").size() == 1);
  CHECK(calls_in("f(f'\\N{BULLET}', '\\\n')\n").size() == 1);
}

TEST_CASE("lines from 1, columns from 1 in bytes", "[python]") {
  const std::string text = "if 1:\n\tprint('你', s.close())\n";
  const PySource source(text);
  const PyProgram program = parse_python(source);
  REQUIRE(program.calls.size() == 2);
  const model::Span close = source.span(program.calls[0].begin, program.calls[0].end);
  CHECK(close == model::Span{2, 15, 2, 24});
}

TEST_CASE("what cannot be told gives nothing", "[python]") {
  CHECK(calls_in("f(]\ng()\n").empty());               // no Python
  CHECK(calls_in("f(\ndef g(): pass\nh()\n").empty()); // a bracket that was never closed
  CHECK(calls_in("if x:\n    f()\n  g()\n").empty());  // dedents to nowhere
  CHECK(calls_in("f()\n    g()\n").empty());           // indented under no header
  CHECK(calls_in("# coding: latin-1\nf()\n").empty()); // columns of another encoding
  CHECK(calls_in("f('\xe9')\n").empty());              // no UTF-8
  CHECK(calls_in("f()\ng('never ended\nh()\n") == Texts{"f()"});
  CHECK(calls_in("f()\ng(1,\n") == Texts{"f()"}); // the text may have been cut
}

TEST_CASE("what names mean", "[python]") {
  CHECK(on_sockets("import socket\nsocket.htons(1)\n") == Texts{"module.htons"});
  CHECK(on_sockets("import socket as s\ns.htons(1)\nsocket.htons(1)\n") == Texts{"module.htons"});
  CHECK(on_sockets("from socket import htons as h, socket\nh(1)\ns = socket()\ns.close()\n") ==
        Texts{"module.htons", "module.socket", "socket.close"});
  CHECK(on_sockets("from socket import *\nhtons(1)\n") == Texts{"module.htons"});
  CHECK(on_sockets("socket.htons(1)\n").empty()); // no import
  CHECK(on_sockets("import socket\na, b = socket.socketpair()\nb.close()\n") ==
        Texts{"module.socketpair", "socket.close"});
  CHECK(on_sockets("import socket\ns = socket.create_server(a)\nc, (h, p) = s.accept()\nc.recv(1)\n"
                   "h.recv(1)\n") == Texts{"module.create_server", "socket.accept", "socket.recv"});
  CHECK(on_sockets("import socket\nwith socket.create_connection(a) as s, s.makefile() as f:\n"
                   "  f.write(x)\n") ==
        Texts{"module.create_connection", "socket.makefile", "file.write"});
  CHECK(on_sockets("import socket\nsocket.socket().makefile().write(1)\n") ==
        Texts{"module.socket", "socket.makefile"});
  CHECK(on_sockets("import socket\ns = t = socket.fromfd(1)\nu: X = t.dup()\nu.close()\n") ==
        Texts{"module.fromfd", "socket.dup", "socket.close"});
  CHECK(on_sockets("import socket\nclass A:\n  def f(self):\n    self.s = socket.socket()\n"
                   "  def g(self):\n    self.s.close()\n") ==
        Texts{"module.socket", "socket.close"});
  CHECK(on_sockets("import socket\ns = None\ndef f():\n  global s\n  s = socket.socket()\n"
                   "def g():\n  s.close()\n") == Texts{"module.socket", "socket.close"});
  CHECK(on_sockets("def f():\n  s.close()\nimport socket\ns = socket.socket()\nf()\n") ==
        Texts{"socket.close", "module.socket"});
}

TEST_CASE("a name that may be something else means nothing", "[python]") {
  const std::string made = "import socket\ns = socket.socket()\n";
  for (const std::string other :
       {"s = 'x'\n", "s += 1\n", "for s in x: pass\n", "with x as s: pass\n", "s, t = x\n",
        "import s\n", "from x import s\n", "def s(): pass\n", "class s: pass\n", "(s := 1)\n",
        "if x: s = open(y)\n", "[0 for s in x]\n", "lambda s: 0\n", "s = a if b else c\n",
        "try: pass\nexcept E as s: pass\n", "s <<= 1\n", "*s, t = x\n", "s = open(x)\nt = s\n"}) {
    INFO(other);
    CHECK(on_sockets(made + other + "s.close()\n") == Texts{"module.socket"});
  }
  CHECK(on_sockets(made + "def f(s):\n  s.close()\n") == Texts{"module.socket"});
  CHECK(on_sockets(made + "def f(a, *, s=1):\n  s.close()\n") == Texts{"module.socket"});
  CHECK(on_sockets(made + "def f(): s.close()\n") == Texts{"module.socket"});
  CHECK(on_sockets("import socket\nsocket = socket.socket()\nsocket.close()\n").empty());
  CHECK(on_sockets("import socket\ndef f():\n  s = socket.socket()\ns.close()\n") ==
        Texts{"module.socket"}); // another scope's
  CHECK(on_sockets("import socket\nmatch x:\n  case socket.timeout(): pass\n").empty());
}

TEST_CASE("a source of every shape", "[python]") {
  CHECK(on_sockets(every_shape) == Texts{"module.socket", "socket.bind", "socket.listen",
                                         "socket.accept", "socket.makefile", "file.readlines",
                                         "file.write", "module.inet_aton", "module.create_server",
                                         "socket.close"});
}

TEST_CASE("no cut does harm", "[python]") {
  std::size_t most = 0;
  for (std::size_t size = 0; size <= every_shape.size(); ++size)
    most = std::max(most, work_through(every_shape.substr(0, size)));
  CHECK(most >= 10);
}

TEST_CASE("no change does harm", "[python]") {
  std::mt19937 random(20260131);
  const std::string bytes = "()[]{}'\"\\\n\r\t :;=,.#@*<>!f0e_\x80\xff" + std::string(1, '\0');
  for (int round = 0; round < 4000; ++round) {
    std::string text = every_shape;
    for (unsigned changes = 1 + random() % 4; changes-- > 0;) {
      const std::size_t at = random() % text.size();
      const char byte = bytes[random() % bytes.size()];
      switch (random() % 3) {
      case 0: text[at] = byte; break;
      case 1: text.insert(at, 1, byte); break;
      default: text.erase(at, 1 + random() % 9);
      }
    }
    work_through(text);
  }
  SUCCEED();
}

TEST_CASE("long and deep texts take no time", "[python]") {
  const auto times = [](const std::string& part, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += part;
    return out;
  };
  work_through("x" + times("()", 100'000) + "\n");
  work_through("x" + times(".f()", 100'000) + "\n");
  work_through(times("f(", 150) + times(")", 150) + "\n");
  CHECK(work_through(times("(", 100'000)) == 0);
  work_through("x = " + times("a = ", 100'000) + "1\n");
  work_through("with " + times("a as b, ", 50'000) + "c as d: pass\n");
  work_through("f'" + times("{", 100'001));
  work_through(times("f'{f\"{", 10'000));
  work_through(times("if x:\n", 1) + times(" ", 100'000) + "f()\n");
  work_through("import socket\n" + times("a = socket.socket(); b, c = a.accept()\n", 10'000));
}
