// The spelling of the record: everything comes back as it was, and looks as documented.
#include "sample.hpp"
#include "tests/support/catch.hpp"
#include "tracer/base/text.hpp"
#include "tracer/model/json.hpp"

#include <set>

#include <nlohmann/json.hpp>

using namespace socktale;
using namespace socktale::model;
using namespace std::string_literals;

namespace {

// `value` as an argument of a call, written and read.
Value there_and_back(const Value& value) {
  Event event;
  Call call;
  call.args = {{"x", value, {}}};
  event.body = call;
  const auto back = event_from_line(to_line(event));
  if (!back) FAIL(back.error().text());
  return std::get<Call>((*back)->body).args.at(0).before;
}

std::string spelled(const Value& value) { return to_json(value).dump(); }

} // namespace

TEST_CASE("the sample misses no kind of event and no form of value", "[json]") {
  std::set<std::size_t> bodies;
  for (const Event& event : test::sample_events()) bodies.insert(event.body.index());
  CHECK(bodies.size() == std::variant_size_v<Body>);
  std::set<std::size_t> forms;
  for (const Value& value : test::sample_values()) forms.insert(value.is.index());
  CHECK(forms.size() == std::variant_size_v<decltype(Value::is)>);
}

TEST_CASE("every event comes back equal", "[json]") {
  for (const Event& event : test::sample_events()) {
    const std::string line = to_line(event);
    INFO(line);
    const auto back = event_from_line(line);
    REQUIRE(back);
    REQUIRE(*back);
    CHECK(**back == event);
    CHECK(to_line(**back) == line);
  }
}

TEST_CASE("a header comes back equal", "[json]") {
  const Header header = test::sample_header();
  const auto back = header_from_line(to_line(header));
  REQUIRE(back);
  CHECK(*back == header);
  const auto bare = header_from_line(to_line(Header{}));
  REQUIRE(bare);
  CHECK(*bare == Header{});
}

TEST_CASE("lines are one line of UTF-8 that is safe to show", "[json]") {
  std::vector<std::string> lines{to_line(test::sample_header())};
  for (const Event& event : test::sample_events()) lines.push_back(to_line(event));
  for (const std::string& line : lines) {
    INFO(line);
    CHECK(is_utf8(line));
    CHECK(printable(line) == line);
  }
}

TEST_CASE("characters of all languages stay readable in the file", "[json]") {
  Event event;
  event.body = Note{"x", std::nullopt, {{"text", "你好 é 😀"}}};
  CHECK(to_line(event).find("你好 é 😀") != std::string::npos);
  event.body = Note{"x", std::nullopt, {{"text", "\xf3\xa0\xbf\xbf\xc2\x9b"}}};
  CHECK(to_line(event).find(R"("\udb43\udfff\u009b")") != std::string::npos);
  event.body = Note{"x", std::nullopt, {{"text", "\x7f"}}}; // nothing but ASCII on the line
  CHECK(to_line(event).find(R"("\u007f")") != std::string::npos);
}

TEST_CASE("what JSON, a terminal or a reader would take for something else is escaped", "[json]") {
  CHECK(spelled({Text{"\"\\/\b\f\n\r\t\x1b\x01"}}) == R"("\"\\/\b\f\n\r\t\u001b\u0001")");
  std::string ascii;
  for (char c = 0; c >= 0 && c < 0x7f; ++c) ascii += c;
  CHECK(there_and_back({Text{ascii}}) == Value{Text{ascii}});
  // Names are texts, too; one that is no UTF-8 is never made, and harms nothing.
  Event event;
  event.body = Note{"x", std::nullopt, {{"a\"\n\xc2\x9b", "1"}, {"\xff", "2"}}};
  CHECK(to_line(event).ends_with(R"("about":{"a\"\n\u009b":"1","�":"2"}})"));
}

TEST_CASE("values are spelled as documented", "[json]") {
  CHECK(spelled({}) == "null");
  CHECK(spelled({std::int64_t{-5}}) == "-5");
  CHECK(spelled({std::numeric_limits<std::uint64_t>::max()}) == "18446744073709551615");
  CHECK(spelled({Symbol{2, "AF_INET"}}) == R"({"name":"AF_INET","number":2})");
  CHECK(spelled({Symbol{77, ""}}) == R"({"number":77})");
  CHECK(spelled({Flags{0x801, {"SOCK_STREAM"}, 0x800}}) ==
        R"({"flags":["SOCK_STREAM"],"number":2049,"rest":2048})");
  CHECK(spelled({Flags{}}) == R"({"flags":[],"number":0})");
  CHECK(spelled({Fd{3}}) == R"({"fd":3})");
  CHECK(spelled({Pointer{}}) == R"({"pointer":"0x0"})");
  CHECK(spelled({Pointer{0x7fff0010}}) == R"({"pointer":"0x7fff0010"})");
  CHECK(spelled({Text{"a/b"}}) == R"("a/b")");
  CHECK(spelled({Text{"\xff"}}) == R"({"base64":"/w=="})");
  CHECK(spelled({Bytes{"hello", 9, false}}) == R"({"text":"hello","length":9})");
  CHECK(spelled({Bytes{"\xff", 1, false}}) == R"({"base64":"/w==","length":1})");
  CHECK(spelled({Bytes{"", 5, true}}) == R"({"withheld":true,"length":5})");
  CHECK(spelled({Unreadable{0x10, 14}}) == R"({"unreadable":"0x10","error":14})");
  CHECK(spelled({Made{"htons", {{std::int64_t{12345}}}}}) == R"({"made":"htons","of":[12345]})");
  CHECK(spelled({List{{{Fd{1}}}, 1}}) == R"([{"fd":1}])");
  CHECK(spelled({List{{{Fd{1}}}, 2}}) == R"({"items":[{"fd":1}],"length":2})");
  CHECK(spelled({Struct{{{"a", {std::int64_t{1}}, {}},
                         {"b", {}, {std::int64_t{2}}},
                         {"c", {std::int64_t{3}}, {std::int64_t{4}}}}}}) ==
        R"({"struct":{"a":1,"b":{"out":2},"c":{"in":3,"out":4}}})");
}

TEST_CASE("endpoints are spelled as documented", "[json]") {
  CHECK(to_json(Endpoint{"AF_INET", "127.0.0.1", 12345, "", ""}).dump() ==
        R"({"family":"AF_INET","host":"127.0.0.1","port":12345})");
  CHECK(to_json(Endpoint{"AF_INET", "0.0.0.0", 0, "", ""}).dump() ==
        R"({"family":"AF_INET","host":"0.0.0.0","port":0})");
  CHECK(to_json(Endpoint{"AF_UNIX", "", 0, "/run/x", ""}).dump() ==
        R"({"family":"AF_UNIX","path":"/run/x"})");
  CHECK(to_json(Endpoint{"AF_UNIX", "", 0, "", ""}).dump() == R"({"family":"AF_UNIX"})");
}

TEST_CASE("what is empty or unknown is left out of an event", "[json]") {
  Call call = test::bare_call("close", 3);
  call.entered = {900};
  Event event{3, {1000}, call};
  CHECK(to_line(event) ==
        R"({"seq":3,"t":1000,"type":"call","id":9,"pid":1,"tid":1,"name":"close","nr":3,)"
        R"("raw":["0x0","0x0","0x0","0x0","0x0","0x0"],"entered":900})");
  Socket socket = test::bare_socket(4);
  socket.type = "SOCK_STREAM";
  event.body = socket;
  CHECK(to_line(event) == R"({"seq":3,"t":1000,"type":"socket","id":4,"socktype":"SOCK_STREAM"})");
  event.body = TaskGone{{2}, {3}, true, 0, std::nullopt};
  CHECK(to_line(event) ==
        R"({"seq":3,"t":1000,"type":"gone","pid":2,"tid":3,"last":true,"status":0})");
}

TEST_CASE("unsigned numbers that fit int64 come back as int64", "[json]") {
  CHECK(there_and_back({std::uint64_t{5}}) == Value{std::int64_t{5}});
  CHECK(there_and_back({std::uint64_t{1} << 63}) == Value{std::uint64_t{1} << 63});
}

TEST_CASE("what was withheld is not written, not even by mistake", "[json]") {
  CHECK(spelled({Bytes{"secret", 6, true}}).find("secret") == std::string::npos);
}

TEST_CASE("more kept than the length says is written with the length that it has", "[json]") {
  CHECK(there_and_back({Bytes{"hello", 2, false}}) == Value{Bytes{"hello", 5, false}});
  CHECK(there_and_back({List{{{Fd{1}}}, 0}}) == Value{List{{{Fd{1}}}, 1}});
}

TEST_CASE("members of the same name are kept apart", "[json]") {
  const Value twice{Struct{
      {{"a", {std::int64_t{1}}, {}}, {"a", {std::int64_t{2}}, {}}, {"a~", {std::int64_t{3}}, {}}}}};
  const Value apart{Struct{{{"a", {std::int64_t{1}}, {}},
                            {"a~", {std::int64_t{2}}, {}},
                            {"a~~", {std::int64_t{3}}, {}}}}};
  CHECK(there_and_back(twice) == apart);
}

TEST_CASE("a name of a language or owner that is not known reads as unknown", "[json]") {
  const auto event = event_from_line(
      R"({"seq":1,"t":0,"type":"stack","id":1,"complete":true,"frames":[{"language":"cobol","owner":"aliens","line":3}]})");
  REQUIRE(event);
  Frame frame;
  frame.span.line = 3;
  CHECK(std::get<Stack>((*event)->body).frames == std::vector{frame});
}

TEST_CASE("what a later version adds is passed over", "[json]") {
  const auto event = event_from_line(
      R"({"seq":1,"t":2,"type":"end","calls":3,"new":{"a":[1.5,null,true]},"stops":4})");
  REQUIRE(event);
  CHECK(**event == Event{1, {2}, End{3, 4}});
  const auto unknown = event_from_line(R"({"seq":1,"t":2,"type":"eclipse","calls":"many"})");
  REQUIRE(unknown);
  CHECK_FALSE(*unknown);
}

TEST_CASE("a header of a newer schema tells its number and tool", "[json]") {
  const auto header =
      header_from_line(R"({"socktale":2,"tool":"socktale 9.0","host":"elsewhere"})");
  REQUIRE(header);
  CHECK(header->schema == 2);
  CHECK(header->tool == "socktale 9.0");
}
