// Lines that no socktale wrote: each is refused with a reason, or read; none does harm.
#include "sample.hpp"
#include "tests/support/catch.hpp"
#include "tracer/base/text.hpp"
#include "tracer/model/json.hpp"

#include <random>
#include <utility>

using namespace socktale;
using namespace socktale::model;
using namespace std::string_literals;

namespace {

std::string error_of(std::string_view line) {
  const auto event = event_from_line(line);
  return event ? "" : event.error().text();
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// A call whose only argument is `value`, with no more than it needs.
std::string call_with(std::string_view value) {
  return R"({"seq":1,"t":2,"type":"call","id":1,"pid":1,"tid":1,"name":"x","nr":1,"raw":["0x0","0x0","0x0","0x0","0x0","0x0"],"entered":0,"args":{"a":{"in":)" +
         std::string(value) + "}}}";
}

// A short line for each kind of event and form of value.
std::vector<std::string> seeds() {
  std::vector<std::string> lines;
  for (const Event& event : test::sample_events()) {
    const auto* call = std::get_if<Call>(&event.body);
    if (call == nullptr || call->name != "setsockopt") lines.push_back(to_line(event));
  }
  for (Value& value : test::sample_values()) {
    Call call = test::bare_call("x", 1);
    call.args.push_back({"a", std::move(value), {}});
    lines.push_back(to_line(Event{1, {1}, std::move(call)}));
  }
  return lines;
}

// Reads a line that may be anything. What is accepted must be writable and read back the same.
void survive(const std::string& line) {
  if (const auto event = event_from_line(line)) {
    if (!*event) return;
    const auto again = event_from_line(to_line(**event));
    INFO(c_escape(line));
    REQUIRE(again);
    REQUIRE(**again == **event);
  } else {
    REQUIRE_FALSE(event.error().op.empty());
    REQUIRE(is_utf8(event.error().op));
    REQUIRE(printable(event.error().op) == event.error().op);
  }
  if (const auto header = header_from_line(line)) REQUIRE(header->schema >= 1);
}

} // namespace

TEST_CASE("a misfit is named with the way to it", "[hostile]") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "not JSON at byte 1"},
      {"hello", "not JSON at byte 1"},
      {"{\"seq\":1", "not JSON at byte 9"},
      {"[]", "seq is missing"},
      {"{}", "seq is missing"},
      {R"({"seq":-1,"t":0,"type":"end"})", "seq is out of range"},
      {R"({"seq":1.5,"t":0,"type":"end"})", "seq is not a whole number"},
      {R"({"seq":18446744073709551616,"t":0,"type":"end"})", "a number is out of range"},
      {R"({"seq":1e3,"t":0,"type":"end"})", "seq is not a whole number"},
      {R"({"seq":"1","t":0,"type":"end"})", "seq is not a whole number"},
      {R"({"seq":1,"t":-1,"type":"end"})", "t is out of range"},
      {R"({"seq":1,"t":9223372036854775807,"type":"end"})", "t is out of range"},
      {R"({"seq":1,"t":0,"type":7})", "type is not text"},
      {R"({"seq":1,"t":0,"type":"end","calls":1})", "stops is missing"},
      {R"({"seq":1,"t":0,"type":"end","calls":1,"calls":2,"stops":1})",
       "the member calls is there twice"},
      {R"({"seq":1,"t":0,"type":"gone","pid":-1,"tid":1,"last":true})", "pid is out of range"},
      {R"({"seq":1,"t":0,"type":"gone","pid":2147483648,"tid":1,"last":true})",
       "pid is out of range"},
      {R"({"seq":1,"t":0,"type":"gone","pid":1,"tid":1,"last":1})",
       "last is neither true nor false"},
      {R"({"seq":1,"t":0,"type":"stack","id":4294967296,"frames":[],"complete":true})",
       "id is out of range"},
      {R"({"seq":1,"t":0,"type":"stack","id":1,"frames":{},"complete":true})",
       "frames is not an array"},
      {R"({"seq":1,"t":0,"type":"stack","id":1,"frames":[{},{"line":-1}],"complete":true})",
       "frames[1].line is out of range"},
      {R"({"seq":1,"t":0,"type":"socket","id":1,"local":{"host":"::1"}})", "local.port is missing"},
      {R"({"seq":1,"t":0,"type":"socket","id":1,"local":{"host":"::1","port":65536}})",
       "local.port is out of range"},
      {R"({"seq":1,"t":0,"type":"note","code":"x","about":{"a":null}})", "about.a is not text"},
      {R"({"seq":1,"t":0,"type":"note","code":"x","about":[]})", "about is not an object"},
      {call_with("true"), "args.a.in is not a whole number"},
      {call_with("{}"), "args.a.in is no known form of a value"},
      {call_with(R"({"name":"AF_INET"})"), "args.a.in is no known form of a value"},
      {call_with(R"({"name":"AF_INET","number":"2"})"), "args.a.in.number is not a whole number"},
      {call_with(R"({"flags":["A",5],"number":1})"), "args.a.in.flags[1] is not text"},
      {call_with(R"({"pointer":"7f"})"), "args.a.in.pointer is not an address"},
      {call_with(R"({"pointer":"0x"})"), "args.a.in.pointer is not an address"},
      {call_with(R"({"pointer":"0x1g"})"), "args.a.in.pointer is not an address"},
      {R"({"seq":1,"t":2,"type":"call","id":1,"pid":1,"tid":1,"name":"x","nr":1,"entered":0,"raw":["0x0","0x0","0x0","0x0","0x0","0x0","0x0"]})",
       "raw has the wrong number of elements"},
      {call_with(R"({"pointer":"0x-1"})"), "args.a.in.pointer is not an address"},
      {call_with(R"({"pointer":"0x10000000000000000"})"), "args.a.in.pointer is not an address"},
      {call_with(R"({"base64":"Zh=="})"), "args.a.in.base64 is not base64"},
      {call_with(R"({"base64":5})"), "args.a.in.base64 is not base64"},
      {call_with(R"({"length":5})"), "args.a.in is not text"},
      {call_with(R"({"text":"hello","length":4})"), "args.a.in keeps more than its length"},
      {call_with(R"({"items":[1,2],"length":1})"), "args.a.in keeps more than its length"},
      {call_with(R"({"items":[1,2],"length":-1})"), "args.a.in.length is out of range"},
      {call_with(R"({"struct":[]})"), "args.a.in.struct is not an object"},
      {call_with(R"({"struct":{"b":{"in":{"of":[]}}}})"),
       "args.a.in.struct.b.in is no known form of a value"},
      {call_with(R"({"made":"x","of":[[{"fd":99999999999}]]})"),
       "args.a.in.of[0][0].fd is out of range"},
  };
  for (const auto& [line, reason] : cases) {
    INFO(line);
    CHECK(error_of(line) == reason);
  }
  CHECK(error_of(call_with(R"({"fd":3})")).empty());
}

TEST_CASE("names from a hostile file do not reach a terminal raw", "[hostile]") {
  const std::string line = R"({"seq":1,"t":0,"type":"note","code":"x","about":{"\u001b[2J)" +
                           repeated("x", 5000) + R"(":1}})";
  const std::string error = error_of(line);
  CHECK(error.starts_with(R"(about.\x1b[2Jxxx)"));
  CHECK(error.size() < 200);
}

TEST_CASE("headers are refused with a reason", "[hostile]") {
  const auto error = [](std::string_view line) {
    const auto header = header_from_line(line);
    return header ? "" : header.error().text();
  };
  CHECK(error("") == "not a socktale trace (not JSON at byte 1)");
  CHECK(error("\x7f"
              "ELF") == "not a socktale trace (not JSON at byte 1)");
  CHECK(error("[1]") == "not a socktale trace (it has no header)");
  CHECK(error(R"({"seq":1})") == "not a socktale trace (it has no header)");
  CHECK(error(R"({"socktale":"1"})") == "socktale is not a whole number");
  CHECK(error(R"({"socktale":0})") == "socktale is out of range");
  CHECK(error(R"({"socktale":99999999999})") == "socktale is out of range");
  CHECK(error(R"({"socktale":1})") == "tool is missing");
  CHECK(error(R"({"socktale":1,"tool":"x","began_at_ns":1,"host":5})") == "host is not an object");
  CHECK(error(R"({"socktale":1,"tool":"x","began_at_ns":1,"host":{"kernel":5}})") ==
        "host.kernel is not text");
  CHECK(
      error(
          R"({"socktale":1,"tool":"x","began_at_ns":-1,"host":{},"payload":{"limit":1,"withheld":false},"programs":[]})") ==
      "began_at_ns is out of range");
  CHECK(
      error(
          R"({"socktale":1,"tool":"x","began_at_ns":1,"host":{},"payload":{"limit":1,"withheld":false},"programs":[{"role":"a"}]})") ==
      "programs[0].argv is missing");
}

TEST_CASE("depth, width and count are bounded", "[hostile]") {
  constexpr std::size_t many = 200'000;
  CHECK(error_of(repeated("[", many) + repeated("]", many)) == "nested too deeply");
  CHECK(error_of(repeated(R"({"a":)", many) + "0" + repeated("}", many)) == "nested too deeply");
  CHECK(error_of(repeated("[", many)) == "not JSON at byte 200001");
  CHECK(error_of(repeated("[", 2'000'000)) == "too many values"); // seen before it is parsed
  CHECK(error_of(repeated(R"({"a":)", many)) == "not JSON at byte 1000001");
  CHECK(error_of(call_with(repeated("[", 65) + repeated("]", 65))) == "nested too deeply");
  CHECK(error_of(call_with(repeated("[", 40) + repeated("]", 40))).empty());
  CHECK(error_of(call_with("[" + repeated("0,", 1'000'000) + "0]")) == "too many values");
  CHECK(error_of(call_with("[" + repeated("0,", 100'000) + "0]")).empty());
  std::string members;
  for (int i = 0; i < 300; ++i) members += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
  CHECK(error_of(call_with(R"({"struct":{)" + members + "}}")) == "an object has too many members");
}

TEST_CASE("a deep value that was accepted is also taken apart safely", "[hostile]") {
  for (std::size_t depth = 1; depth < 40; ++depth) {
    survive(call_with(repeated(R"({"struct":{"a":)", depth) + "1" + repeated("}}", depth)));
    survive(call_with(repeated(R"({"made":"f","of":[)", depth) + "1" + repeated("]}", depth)));
  }
}

TEST_CASE("every truncation of a line is refused", "[hostile]") {
  for (const std::string& line : seeds()) {
    for (std::size_t size = 0; size < line.size(); ++size) {
      if (event_from_line(std::string_view(line).substr(0, size))) FAIL(line.substr(0, size));
    }
  }
}

TEST_CASE("changed bytes do no harm", "[hostile]") {
  std::mt19937 random(20260131);
  const auto lines = seeds();
  for (int round = 0; round < 10'000; ++round) {
    std::string line = lines[random() % lines.size()];
    for (auto changes = 1 + random() % 3; changes > 0; --changes)
      line[random() % line.size()] = static_cast<char>(random());
    survive(line);
  }
}

TEST_CASE("parts of lines put together do no harm", "[hostile]") {
  std::mt19937 random(7);
  const std::vector<std::string> parts{"{",           "}",
                                       "[",           "]",
                                       ":",           ",",
                                       "\"in\"",      "\"out\"",
                                       "\"struct\"",  "\"items\"",
                                       "\"length\"",  "\"flags\"",
                                       "\"number\"",  "\"fd\"",
                                       "\"pointer\"", "\"0x1\"",
                                       "\"text\"",    "\"base64\"",
                                       "\"Zg==\"",    "\"made\"",
                                       "\"of\"",      "\"unreadable\"",
                                       "\"error\"",   "\"withheld\"",
                                       "null",        "true",
                                       "-1",          "18446744073709551615",
                                       "1e999",       "\"\\ud800\""};
  for (int round = 0; round < 10'000; ++round) {
    std::string value;
    for (auto count = 1 + random() % 12; count > 0; --count)
      value += parts[random() % parts.size()];
    survive(call_with(value));
  }
}

TEST_CASE("values of every wrong type are refused, in every place", "[hostile]") {
  // Each scalar of each line, in turn, becomes each of these; what is accepted must come back.
  const std::vector<std::string> instead{
      "null", "true",        "-1", "1.5", "1e400", "99999999999999999999",
      "\"\"", "\"\\u0000\"", "[]", "{}",  "[[]]",  R"({"base64":"!"})"};
  for (const std::string& line : seeds()) {
    for (std::size_t at = line.find(':'); at != std::string::npos; at = line.find(':', at + 1)) {
      std::size_t end = line.find_first_of(",}]", at);
      if (line[at - 1] != '"' || end == std::string::npos) continue;
      for (const std::string& value : instead)
        survive(line.substr(0, at + 1) + value + line.substr(end));
    }
  }
}
