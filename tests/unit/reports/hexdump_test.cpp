// Bytes for people who read JSON: every byte in hex, and nothing but printable ASCII.
#include "reports/hexdump.hpp"
#include "tests/support/catch.hpp"
#include "tracer/base/text.hpp"
#include "tracer/model/json.hpp"

#include <nlohmann/json.hpp>

using namespace socktale;
using namespace socktale::reports;

TEST_CASE("a hexdump has sixteen bytes a line, printable ones beside") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const auto lines = hexdump(bytes);
  REQUIRE(lines.size() == 16);
  CHECK(lines[6] ==
        "00000060  60 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f  |`abcdefghijklmno|");
  CHECK(lines[15].ends_with("|................|"));
  for (const std::string& line : lines) {
    CHECK(line.size() == lines[0].size());
    CHECK(printable(line) == line);
  }
  CHECK(hexdump("hi") ==
        std::vector<std::string>{"00000000  68 69" + std::string(44, ' ') + "|hi|"});
  CHECK(hexdump("").empty());
}

TEST_CASE("only bytes that are no text get a hexdump in JSON") {
  const auto shown = [](const std::string& bytes) {
    auto json = model::to_json(model::Value{model::List{{{model::Bytes{bytes, bytes.size()}}}, 1}});
    add_hexdumps(json);
    return json;
  };
  CHECK_FALSE(shown("text").at(0).contains("hexdump"));
  CHECK(shown("\xff\x1b")
            .at(0)
            .at("hexdump")
            .at(0)
            .get<std::string>()
            .starts_with("00000000  ff 1b"));
}
