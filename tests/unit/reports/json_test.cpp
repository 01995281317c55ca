#include "reports/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

using namespace socktale;
using namespace socktale::test;

namespace {

nlohmann::json report(const model::Trace& trace) {
  return nlohmann::json::parse(reports::render_json(reports::build_story(trace), {}));
}

} // namespace

TEST_CASE("the chat as JSON", "[json]") {
  const auto json = report(python_chat());
  REQUIRE(json["steps"].size() == 14);
  const auto accept =
      std::ranges::find_if(json["steps"], [](const auto& step) { return step["api"] == "accept"; });
  REQUIRE(accept != json["steps"].end());
  CHECK((*accept)["line"] == "server.py:29");
  CHECK((*accept)["calls"][0]["number"] == 288);
  CHECK((*accept)["calls"][0]["hidden"] == false);
  CHECK((*accept)["calls"][1]["hidden"] == true);
  CHECK(json["sockets"][1]["never_closed"] == true);
  CHECK(json["document"]["holds"] == false);
  CHECK(json["environment"]["complete"] == true);
}

TEST_CASE("what did not return is null", "[json]") {
  const auto json = report(both_waiting());
  CHECK(json["steps"].back()["calls"][0]["outcome"].is_null());
  CHECK(json["steps"].back()["calls"][0]["duration_ns"].is_null());
}

TEST_CASE("hostile text is ASCII without control characters", "[json]") {
  const model::Trace trace = hostile();
  const std::string text = reports::render_json(reports::build_story(trace), {});
  CHECK(std::ranges::none_of(text,
                             [](unsigned char c) { return (c < 0x20 && c != '\n') || c >= 0x7f; }));
  const auto json = nlohmann::json::parse(text);
  CHECK(json["steps"][0]["calls"][0]["name"] == "sendto");
}

TEST_CASE("an empty trace is a report too", "[json]") {
  const auto json = report(model::Trace{});
  CHECK(json["steps"].empty());
  CHECK(json["document"].is_null());
  CHECK(json["environment"]["complete"] == false);
}
