#include "reports/expect.hpp"
#include "reports/judge.hpp"
#include "reports/verdict_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"
#include "tracer/base/result.hpp"

#include <algorithm>

using namespace socktale;
using namespace socktale::test;
using reports::Part;
using Is = reports::RowVerdict::Is;

namespace {

std::string with_rows(const std::string& rows) {
  return R"({"expects": 1, "rows": [)" + rows + "]}";
}

// The verdicts of a table on a trace: "same", "differs: name result", "missing".
std::vector<std::string> verdicts(const std::string& json, const model::Trace& trace) {
  const reports::Expectation expectation = reports::parse_expectation(json, "table");
  const reports::Story story = reports::build_story(trace);
  std::vector<std::string> out;
  for (const reports::RowVerdict& row : reports::judge(expectation, story).rows) {
    std::string text = row.is == Is::same ? "same" : row.is == Is::differs ? "differs:" : "missing";
    for (const Part& part : row.parts)
      if (part.kind != Part::Kind::spelling && part.kind != Part::Kind::wording)
        text += " " + part.where;
    out.push_back(text);
  }
  return out;
}

std::string complaint(const std::string& json) {
  try {
    (void)reports::parse_expectation(json, "t.json");
  } catch (const UserError& error) {
    CHECK(error.code() == Exit::bad_data);
    CHECK_FALSE(error.hint().empty());
    return error.what();
  }
  return "";
}

using Verdicts = std::vector<std::string>;

} // namespace

TEST_CASE("the document's four claims", "[judge]") {
  const model::Trace trace = python_chat();
  const reports::Story story = reports::build_story(trace);
  const auto verdict = reports::judge_document(story);
  REQUIRE(verdict);
  REQUIRE(verdict->rows.size() == 4);
  CHECK(verdict->rows[0].is == Is::same);
  REQUIRE(verdict->rows[0].parts.size() == 1);
  CHECK(verdict->rows[0].parts[0].kind == Part::Kind::spelling);
  CHECK(verdict->rows[0].parts[0].claimed == "PF_INET");

  const auto& bind = verdict->rows[1];
  CHECK(bind.is == Is::differs);
  REQUIRE(bind.parts.size() == 1);
  CHECK(bind.parts[0].where == "addr.sin_addr");
  CHECK(bind.parts[0].claimed == "0.0.0.0");
  CHECK(bind.parts[0].observed == "127.0.0.1");

  const auto& accept = verdict->rows[2];
  CHECK(accept.call->name == "accept4");
  REQUIRE(accept.parts.size() == 2);
  CHECK(accept.parts[0].where == "name");
  CHECK(accept.parts[1].observed == "42398");

  const auto& connect = verdict->rows[3];
  REQUIRE(connect.parts.size() == 2);
  CHECK(connect.parts[0].kind == Part::Kind::form);
  CHECK(connect.parts[1].where == "result");
  CHECK(connect.parts[1].claimed == "4");
  CHECK(connect.parts[1].observed == "0");
  CHECK_FALSE(verdict->holds());
}

TEST_CASE("what the document leaves out", "[judge]") {
  const model::Trace trace = python_chat();
  const reports::Story story = reports::build_story(trace);
  const auto verdict = reports::judge_document(story);
  REQUIRE(verdict);
  const auto has = [&](std::size_t side, const std::string& kernel, bool hidden,
                       std::size_t count) {
    return std::ranges::any_of(verdict->left_out, [&](const reports::LeftOut& each) {
      return each.side == side && each.kernel == kernel && each.hidden == hidden &&
             each.count == count;
    });
  };
  CHECK(has(0, "listen", false, 1));
  CHECK(has(0, "recvfrom", false, 2));
  CHECK(has(0, "close", false, 2));
  CHECK(has(0, "getsockname", true, 1));
  CHECK(has(1, "sendto", false, 1));
  CHECK(has(1, "close", false, 1));
  // The client's socket() is what the first row speaks of, too.
  CHECK_FALSE(has(1, "socket", false, 1));
  CHECK_FALSE(has(0, "bind", false, 1));
}

TEST_CASE("the document is judged only where the trace is of its chat", "[judge]") {
  model::Trace other = python_chat();
  other.header.document.clear();
  const reports::Story untold = reports::build_story(other);
  CHECK_FALSE(reports::judge_document(untold));
  CHECK(reports::judge(reports::hello_hi(), untold).rows[0].is == Is::same);
  const model::Trace cpp = cpp_chat();
  const reports::Story story = reports::build_story(cpp);
  const auto verdict = reports::judge_document(story);
  REQUIRE(verdict);
  CHECK(verdict->rows[2].call->name == "accept4");
  CHECK(verdict->rows[2].parts[0].kind == Part::Kind::wording);
}

TEST_CASE("a teacher's table, row by row", "[judge]") {
  const std::string table = with_rows(R"J(
    {"role": "server", "api": "listen", "kernel": {"args": {"backlog": 10}}},
    {"role": "server", "api": "*.recv(*)", "kernel": {"name": "recvfrom", "args": {"buf": "hello"}, "result": 5}},
    {"role": "server", "kernel": {"name": "sendto", "args": {"buf": "hi"}}},
    {"role": "server", "api": "recv", "kernel": {"result": 0}},
    {"role": "server", "kernel": {"name": "getsockname"}},
    {"role": "client", "api": "shutdown"})J");
  // getsockname came before, with accept.
  CHECK(verdicts(table, python_chat()) ==
        Verdicts{"same", "same", "same", "same", "missing", "missing"});
}

TEST_CASE("order matters unless the table says otherwise", "[judge]") {
  const std::string rows =
      R"({"role": "server", "api": "listen"}, {"role": "server", "api": "bind"})";
  CHECK(verdicts(with_rows(rows), python_chat()) == Verdicts{"same", "missing"});
  CHECK(verdicts(R"({"expects": 1, "in_order": false, "rows": [)" + rows + "]}", python_chat()) ==
        Verdicts{"same", "same"});
}

TEST_CASE("each observed step answers one row", "[judge]") {
  const std::string close = R"({"role": "server", "api": "close"})";
  CHECK(verdicts(with_rows(close + "," + close), python_chat()) == Verdicts{"same", "same"});
  CHECK(verdicts(with_rows(close + "," + close + "," + close), python_chat()) ==
        Verdicts{"same", "same", "missing"});
  const std::string in_any_order = R"({"expects": 1, "in_order": false, "rows": [)";
  CHECK(verdicts(in_any_order + close + "," + close + "," + close + "]}", python_chat()) ==
        Verdicts{"same", "same", "missing"});
}

TEST_CASE("of several steps the best one is taken", "[judge]") {
  const std::string table = R"({"expects": 1, "in_order": false, "rows": [
    {"role": "server", "api": "recv", "kernel": {"result": 0}}]})";
  CHECK(verdicts(table, python_chat()) == Verdicts{"same"});
}

TEST_CASE("every form of an expected value", "[judge]") {
  const auto socket_with = [](const std::string& args) {
    return verdicts(with_rows(R"({"api": "socket", "kernel": {"args": {)" + args + "}}}"),
                    python_chat());
  };
  CHECK(socket_with(R"("type": "SOCK_CLOEXEC|SOCK_STREAM")") == Verdicts{"same"});
  CHECK(socket_with(R"("type": "SOCK_STREAM")") == Verdicts{"differs: type"});
  CHECK(socket_with(R"("domain": 2, "protocol": 0)") == Verdicts{"same"});
  CHECK(socket_with(R"("domain": "PF_UNIX")") == Verdicts{"differs: domain"});
  CHECK(socket_with(R"("colour": 1)") == Verdicts{"differs: colour"});
  const auto bind_with = [](const std::string& args) {
    return verdicts(with_rows(R"({"api": "bind", "kernel": {"args": {)" + args + "}}}"),
                    python_chat());
  };
  CHECK(bind_with(R"("addr": {"sin_port": 12345, "sin_addr": "127.0.0.1"})") == Verdicts{"same"});
  CHECK(bind_with(R"J("addr": {"sin_port": "htons(12345)"})J") == Verdicts{"same"});
  CHECK(bind_with(R"("addr": {"sin_zero": 0})") == Verdicts{"differs: addr.sin_zero"});
  CHECK(bind_with(R"("addr": 7)") == Verdicts{"differs: addr"});
  CHECK(bind_with(R"("addrlen": {"x": 1})") == Verdicts{"differs: addrlen"});
  CHECK(verdicts(with_rows(R"({"api": "accept", "kernel": {"args": {"addrlen": [16]}}})"),
                 python_chat()) == Verdicts{"same"});
}

TEST_CASE("failures can be expected", "[judge]") {
  const auto bind = [](const std::string& kernel) {
    return verdicts(with_rows(R"({"api": "bind", "kernel": )" + kernel + "}"), port_in_use());
  };
  CHECK(bind(R"({"error": "EADDRINUSE", "result": -1})") == Verdicts{"same"});
  CHECK(bind(R"({"result": 0})") == Verdicts{"differs: result"});
  CHECK(bind(R"({"error": "EACCES"})") == Verdicts{"differs: error"});
}

TEST_CASE("a broken table is refused with its place", "[judge]") {
  CHECK(complaint("{") == "t.json: not JSON, at byte 2");
  CHECK(complaint("[]") == "t.json: the file must be a JSON object");
  CHECK(complaint("{}") == "t.json: the file has no \"expects\"");
  CHECK(complaint(R"({"expects": 2, "rows": []})") == "t.json: expects is 2, but only 1 is known");
  CHECK(complaint(R"({"expects": 1, "rows": []})") ==
        "t.json: rows must be an array with at least one row");
  CHECK(complaint(with_rows("7")) == "t.json: rows[0] must be an object");
  CHECK(complaint(with_rows("{}")) ==
        "t.json: rows[0] needs an api or a kernel name to be found by");
  CHECK(complaint(with_rows(R"({"api": "a", "kernle": 1})")) ==
        "t.json: rows[0] has \"kernle\", which means nothing here");
  CHECK(complaint(with_rows(R"({"api": "a", "kernel": {"args": {"x": {"y": 1.5}}}})")) ==
        "t.json: rows[0].kernel.args.x.y must be a whole number, a text, an array or an object");
  CHECK(complaint(with_rows(R"({"api": "a", "kernel": {"result": "4"}})")) ==
        "t.json: rows[0].kernel.result must be a whole number");
  std::string deep = "1";
  for (int i = 0; i < 40; ++i) deep = "[" + deep + "]";
  CHECK(complaint(with_rows(R"({"api": "a", "kernel": {"args": {"x": )" + deep + "}}}"))
            .find("too deeply") != std::string::npos);
}

TEST_CASE("a table that is not there", "[judge]") {
  try {
    (void)reports::read_expectation("/nonexistent/t.json");
    FAIL("was read");
  } catch (const UserError& error) {
    CHECK(error.code() == Exit::no_input);
    CHECK(std::string(error.what()) ==
          "cannot open /nonexistent/t.json: No such file or directory");
  }
}

TEST_CASE("the built-in table is the one in the tree", "[judge]") {
  const auto file =
      reports::read_expectation(SOCKTALE_SOURCE_DIR "/reports/reference/hello-hi.json");
  REQUIRE(file.rows.size() == reports::hello_hi().rows.size());
  for (std::size_t i = 0; i < file.rows.size(); ++i)
    CHECK(file.rows[i].claim == reports::hello_hi().rows[i].claim);
}

TEST_CASE("what check prints", "[judge]") {
  const model::Trace trace = python_chat();
  const reports::Story story = reports::build_story(trace);
  const auto table = reports::parse_expectation(
      with_rows(
          R"J({"role": "client", "api": "sock.close()", "kernel": {"name": "close", "result": 0}})J"),
      "t");
  const std::string text = reports::verdict_text(reports::judge(table, story), story);
  CHECK(text.find("✗ sock.close()  (client)  missing") != std::string::npos);
}
