// Which calls of a source are told as such that reached no kernel, and how each is known: sources
// and sightings made by hand.
#include "reports/json.hpp"
#include "reports/markdown.hpp"
#include "reports/terminal.hpp"
#include "reports/uncalled.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

using namespace socktale;
using namespace socktale::test;
using namespace std::string_literals;
using reports::Known;

namespace {

const std::string file = "/home/an/chat/server.py";

// A trace with one source, in which the named expressions of it were seen to call the kernel.
class Run {
 public:
  explicit Run(std::string text) : text_(std::move(text)) {
    trace_.events.push_back({1, {1}, model::SourceFile{file, text_, text_.size(), false, false}});
  }

  model::Span span(const std::string& expression) const {
    const std::size_t at = text_.find(expression);
    REQUIRE(at != std::string::npos);
    const auto position = [&](std::size_t offset) {
      const auto line =
          std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
      const std::size_t start = offset == 0 ? 0 : text_.rfind('\n', offset - 1) + 1;
      return std::pair(static_cast<std::int32_t>(line + 1),
                       static_cast<std::int32_t>(offset - start + 1));
    };
    const auto [line, column] = position(at);
    const auto [end_line, end_column] = position(at + expression.size());
    return {line, column, end_line, end_column};
  }

  Run& saw(const std::string& expression, bool columns = true) {
    model::Call call;
    call.id = {trace_.events.size()};
    call.pid = {7};
    call.tid = {7};
    call.name = "sendto";
    call.place.kind = model::PlaceKind::call;
    call.place.file = file;
    call.place.span = span(expression);
    if (!columns) call.place.span = {call.place.span.line, 0, 0, 0};
    call.place.text = expression;
    trace_.events.push_back({2, {2}, std::move(call)});
    return *this;
  }

  Run& saw_in_stack(const std::string& expression) {
    model::Frame frame;
    frame.language = model::Language::python;
    frame.owner = model::Owner::user;
    frame.file = file;
    frame.span = span(expression);
    trace_.events.push_back({2, {2}, model::Stack{1, {frame}, true}});
    return *this;
  }

  [[nodiscard]] std::vector<std::pair<std::string, Known>> found() const {
    std::vector<std::pair<std::string, Known>> out;
    for (const auto& each : reports::find_uncalled(reports::build_story(trace_)))
      out.emplace_back(each.text, each.known);
    return out;
  }
  model::Trace& trace() { return trace_; }

 private:
  std::string text_;
  model::Trace trace_;
};

using Found = std::vector<std::pair<std::string, Known>>;
constexpr Known in_source = Known::in_source;
constexpr Known ran_within = Known::ran_within;
constexpr Known ran_earlier = Known::ran_earlier;

const std::string head = "import socket\ns = socket.socket()\n";

} // namespace

TEST_CASE("calls that were seen are not told again", "[uncalled]") {
  Run run(head + "s.bind(a)\ns.listen()\n");
  run.saw("socket.socket()").saw("s.listen()");
  CHECK(run.found() == Found{{"s.bind(a)", ran_earlier}});
  CHECK(run.saw("s.bind(a)").found().empty());
}

TEST_CASE("a call in whose stack a kernel call was made reached the kernel", "[uncalled]") {
  Run run(head + "if x:\n  s.makefile()\n");
  CHECK(run.saw("socket.socket()").found() == Found{{"s.makefile()", in_source}});
  CHECK(run.saw_in_stack("s.makefile()").found().empty());
}

TEST_CASE("an argument runs before the call that it is for", "[uncalled]") {
  Run run(head + "if x:\n  s.connect((socket.inet_ntoa(a), [socket.htons(1)]))\n");
  run.saw("s.connect((socket.inet_ntoa(a), [socket.htons(1)]))").saw("socket.socket()");
  CHECK(run.found() == Found{{"socket.inet_ntoa(a)", ran_within}, {"socket.htons(1)", ran_within}});
}

TEST_CASE("the object of a call was made before it", "[uncalled]") {
  Run run(head + "if x:\n  s.makefile().read()\n");
  CHECK(run.saw("s.makefile().read()").saw("socket.socket()").found() ==
        Found{{"s.makefile()", ran_within}});
}

TEST_CASE("an argument that may be passed over did not surely run", "[uncalled]") {
  for (const std::string argument :
       {"socket.htons(1) if x else 2", "x or socket.htons(1)", "x and socket.htons(1)",
        "lambda: socket.htons(1)", "[socket.htons(1) for x in y]",
        "{1: socket.htons(1) for x in y}", "0 < x < socket.htons(1)",
        "(socket.htons(1) for x in y)"}) {
    INFO(argument);
    Run run(head + "s.send(" + argument + ")\n");
    run.saw("socket.socket()").saw("s.send(" + argument + ")");
    CHECK(run.found() == Found{{"socket.htons(1)", in_source}});
    Run block(head + "print(" + argument + ")\nx = " + argument + "\ns.close()\n");
    block.saw("socket.socket()").saw("s.close()");
    CHECK(block.found() == Found{{"socket.htons(1)", in_source}, {"socket.htons(1)", in_source}});
  }
}

TEST_CASE("a block runs from its top", "[uncalled]") {
  Run run("import socket\n"
          "socket.htons(1)\n"
          "def f(s):\n"
          "    socket.htons(2)\n"
          "    if s:\n"
          "        socket.htons(3)\n"
          "    else:\n"
          "        socket.htons(4)\n"
          "        seen()\n"
          "        socket.htons(5)\n"
          "    socket.htons(6)\n"
          "def g():\n"
          "    socket.htons(7)\n"
          "socket.htons(8)\n"
          "f(1)\n");
  CHECK(run.saw_in_stack("seen()").found() == Found{{"socket.htons(1)", ran_earlier},
                                                    {"socket.htons(2)", ran_earlier},
                                                    {"socket.htons(3)", in_source},
                                                    {"socket.htons(4)", ran_earlier},
                                                    {"socket.htons(5)", in_source},
                                                    {"socket.htons(6)", in_source},
                                                    {"socket.htons(7)", in_source},
                                                    {"socket.htons(8)", in_source}});
  run.saw_in_stack("f(1)");
  CHECK(run.found().back() == std::pair("socket.htons(8)"s, ran_earlier));
}

TEST_CASE("what need not run with its block is not said to have run", "[uncalled]") {
  for (const std::string statement :
       {"assert socket.htons(1)", "x: socket.htons(1)", "if x: socket.htons(1)",
        "if x: pass; socket.htons(1)", "while x: socket.htons(1)",
        "@f(socket.htons(1))\ndef g(): pass", "type X = socket.htons(1)",
        "x = lambda: socket.htons(1)", "try:\n  socket.htons(1)\nexcept E: pass",
        "with suppress(E):\n  socket.htons(1)", "for x in y:\n  socket.htons(1)",
        "class A:\n  def f(self): pass\n  if x:\n    socket.htons(1)"}) {
    INFO(statement);
    Run run(head + statement + "\ns.close()\n");
    run.saw("socket.socket()").saw("s.close()");
    CHECK(run.found() == Found{{"socket.htons(1)", in_source}});
  }
  Run run(head + "socket.htons(1); x = y; s.close(); socket.htons(2)\n");
  CHECK(run.saw("socket.socket()").saw("s.close()").found() ==
        Found{{"socket.htons(1)", ran_earlier}, {"socket.htons(2)", in_source}});
}

TEST_CASE("where only lines are known, nothing is told of their calls", "[uncalled]") {
  Run run(
      head +
      "s.send(socket.inet_aton(a))\ns.recv(\n 1); socket.htons(2)\nsocket.htons(1)\ns.close()\n");
  run.saw("socket.socket()")
      .saw("s.send(socket.inet_aton(a))", false)
      .saw("1); ", false)
      .saw("s.close()");
  CHECK(run.found() == Found{{"socket.htons(1)", ran_earlier}});
}

TEST_CASE("what is told of a call", "[uncalled]") {
  Run run(head + "f = s.makefile('w')\nf.write('x',\n\t  1)\nif x:\n  s.shutdown(2)\n");
  run.saw("socket.socket()");
  const auto found = reports::find_uncalled(reports::build_story(run.trace()));
  REQUIRE(found.size() == 3);
  CHECK(found[1].text == "f.write('x', 1)");
  CHECK(found[1].api == "write");
  CHECK(found[1].span == model::Span{4, 1, 5, 6});
  CHECK(found[1].does.one.find("flush()") != std::string::npos);
  CHECK(found[2].does.empty()); // when it runs it asks the kernel
}

TEST_CASE("sources that tell nothing", "[uncalled]") {
  const std::string text = head + "socket.htons(1)\n";
  Run changed(text);
  changed.saw("socket.socket()");
  CHECK(changed.found().size() == 1);
  std::get<model::SourceFile>(changed.trace().events[0].body).changed = true;
  CHECK(changed.found().empty());
  Run unseen(text); // no call of the trace is from it
  CHECK(unseen.found().empty());
  Run other(text);
  other.saw("socket.socket()");
  for (model::Event& event : other.trace().events) {
    if (auto* source = std::get_if<model::SourceFile>(&event.body)) source->file = "/x/server.c";
    if (auto* call = std::get_if<model::Call>(&event.body)) call->place.file = "/x/server.c";
  }
  CHECK(other.found().empty());
  Run twice(text);
  twice.saw("socket.socket()");
  twice.trace().events.push_back(twice.trace().events[0]);
  CHECK(twice.found().size() == 1);
}

TEST_CASE("a long source has an end", "[uncalled]") {
  std::string text = head;
  for (int i = 0; i < 20'000; ++i) text += "socket.htons(1)\n";
  Run run(text);
  CHECK(run.saw("socket.socket()").found().size() == 10'000);
  const auto story = reports::build_story(run.trace());
  CHECK(reports::render_terminal(story, {}).find("9800 further calls") != std::string::npos);
  const std::string markdown = reports::render_markdown(story, {});
  CHECK(markdown.find("9800 further calls") != std::string::npos);
  CHECK(markdown.size() < 200'000);
  std::string wide = head + "socket.htons(";
  for (int i = 0; i < 100; ++i) wide += "'你',";
  Run other(wide + ")\n");
  const auto found = other.saw("socket.socket()").found();
  REQUIRE(found.size() == 1);
  CHECK(found[0].first.size() < 170);
  CHECK(found[0].first.ends_with("..."));
  CHECK(is_utf8(found[0].first)); // not within a character
}

TEST_CASE("in every report", "[uncalled]") {
  Run run(head + "if x:\n\tsocket.htons(1)\n");
  run.saw("socket.socket()");
  const auto story = reports::build_story(run.trace());
  const std::string terminal = reports::render_terminal(story, {});
  CHECK(terminal.find("server.py:4  socket.htons(1)") != std::string::npos);
  CHECK(terminal.find("in the source, no kernel call seen") != std::string::npos);
  const std::string markdown = reports::render_markdown(story, {});
  CHECK(markdown.find(
            "| server.py:4 | `socket.htons(1)` | in the source, no kernel call seen | puts") !=
        std::string::npos);
  CHECK(markdown.find("```text\n  1  import socket\n▸ 2  s = socket.socket()\n  3  if x:\n"
                      "  4          socket.htons(1)\n```\n") != std::string::npos);
  const auto json = nlohmann::json::parse(reports::render_json(story, {}));
  CHECK(json["uncalled"][0]["known"] == "in-source");
  CHECK(json["uncalled"][0]["place"]["column"] == 2);
  CHECK(json["sources"][0]["label"] == "server.py");
  CHECK(json["sources"][0]["size"] == json["sources"][0]["text"].get<std::string>().size());
}

TEST_CASE("a source cannot leave its listing", "[uncalled]") {
  Run run(head + "````\n```\n\x1b[2J\xe2\x80\xae</pre>\r## no heading\nx = '\xff'\n");
  run.saw("socket.socket()");
  const std::string markdown = reports::render_markdown(reports::build_story(run.trace()), {});
  const std::size_t begin = markdown.find("`````text\n");
  REQUIRE(begin != std::string::npos);
  const std::size_t end = markdown.find("\n`````\n", begin);
  REQUIRE(end != std::string::npos);
  CHECK(markdown.find("## no heading") < end);
  CHECK(markdown.find("\n## no heading") == std::string::npos);
  CHECK(std::ranges::none_of(markdown,
                             [](char c) { return c == '\x1b' || c == '\r' || c == '\xff'; }));
}

TEST_CASE("of a long file the lines about calls are listed", "[uncalled]") {
  std::string text = head;
  for (int i = 3; i <= 1000; ++i)
    text += i == 500 ? "s.listen()\n" : "# " + std::to_string(i) + "\n";
  Run run(text);
  run.saw("socket.socket()").saw("s.listen()");
  const std::string markdown = reports::render_markdown(reports::build_story(run.trace()), {});
  CHECK(markdown.find("▸  500  s.listen()\n") != std::string::npos);
  CHECK(markdown.find("   508  # 508\n     ...\n```") != std::string::npos);
  CHECK(markdown.find("# 509") == std::string::npos);
  CHECK(markdown.find("   10  # 10\n     ...\n") != std::string::npos);
}

TEST_CASE("no text of a source: the reports say why", "[uncalled]") {
  Run run(head);
  run.trace().events[0].body = model::SourceFile{file, "", 900, false, true};
  run.trace().header.source_withheld = true;
  const auto story = reports::build_story(run.trace());
  const std::string markdown = reports::render_markdown(story, {});
  CHECK(markdown.find("was changed after") != std::string::npos);
  CHECK(markdown.find("left out when recording") != std::string::npos);
}
