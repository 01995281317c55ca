#include "reports/page.hpp"
#include "reports/page_columns.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

using namespace socktale;
using namespace socktale::test;

namespace {

nlohmann::json data_of(const model::Trace& trace, std::size_t most = reports::most_page_calls) {
  return nlohmann::json::parse(reports::page_data(reports::build_story(trace), {}, most));
}

// Whether the number is that of an element of `list`, or none.
void within(const nlohmann::json& number, const nlohmann::json& list) {
  CHECK(number.get<std::int64_t>() >= -1);
  CHECK(number.get<std::int64_t>() < static_cast<std::int64_t>(list.size()));
}

void check_said(const nlohmann::json& data, const nlohmann::json& said) {
  if (said.is_null()) return;
  REQUIRE(said.is_array());
  REQUIRE(said[0].get<std::size_t>() < data["phrases"].size());
  if (said.size() < 2) return;
  for (const auto& word : said[1])
    if (word.is_array()) check_said(data, word);
}

void check_numbers(const nlohmann::json& data) {
  for (const auto& call : data["calls"]) {
    within(call["side"], data["sides"]);
    within(call["place"], data["places"]);
    within(call["step"], data["steps"]);
    within(call["socket"], data["sockets"]);
    within(call["makes"], data["sockets"]);
    check_said(data, call["says"]);
    CHECK(data["explain"].contains(call["name"]));
  }
  for (const auto& step : data["steps"]) {
    within(step["main"], data["calls"]);
    for (const auto& call : step["calls"]) within(call, data["calls"]);
  }
  for (const auto& place : data["places"]) within(place["file"], data["files"]);
  for (const auto& socket : data["sockets"]) {
    within(socket["other_end"], data["sockets"]);
    within(socket["connection"], data["connections"]);
    check_said(data, socket["closing"]);
  }
  for (const auto& transfer : data["transfers"]) {
    within(transfer["connection"], data["connections"]);
    within(transfer["send"], data["calls"]);
    within(transfer["recv"], data["calls"]);
  }
  for (const auto& wait : data["waits"]) within(wait["by"], data["calls"]);
  std::int64_t before = INT64_MIN;
  for (const auto& moment : data["moments"]) {
    CHECK(moment["at"].get<std::int64_t>() >= before);
    before = moment["at"];
    within(moment["call"], data["calls"]);
    check_said(data, moment["says"]);
  }
}

} // namespace

TEST_CASE("the chat as a page", "[page]") {
  const auto data = data_of(python_chat());
  check_numbers(data);
  CHECK(data["sides"].size() == 2);
  CHECK(data["connections"].size() == 1);
  CHECK(data["calls_left_out"] == 0);
  std::set<std::string> kinds;
  for (const auto& moment : data["moments"]) kinds.insert(moment["kind"]);
  CHECK(kinds.contains("e"));
  CHECK(kinds.contains("r"));
  CHECK(data["explain"]["accept4"]["kernel"][0] == "__sys_accept4");
  CHECK(data["dictionary"]["zh_CN"].size() > 100);
}

TEST_CASE("a page that is cut refers to nothing that it does not hold", "[page]") {
  const auto data = data_of(python_chat(), 5);
  CHECK(data["calls"].size() == 5);
  CHECK(data["calls_left_out"].get<int>() > 0);
  check_numbers(data);
}

TEST_CASE("what did not return, and nothing at all", "[page]") {
  const auto waiting = data_of(both_waiting());
  check_numbers(waiting);
  CHECK(std::ranges::any_of(waiting["calls"], [](const auto& call) { return call["left"] == -1; }));
  const auto empty = data_of(model::Trace{});
  check_numbers(empty);
  CHECK(empty["calls"].empty());
}

TEST_CASE("hostile text cannot leave the page's data", "[page]") {
  const model::Trace trace = hostile();
  const std::string data = reports::page_data(reports::build_story(trace), {});
  CHECK(std::ranges::none_of(
      data, [](unsigned char c) { return c == '<' || (c < 0x20 && c != '\n') || c >= 0x7f; }));
  check_numbers(nlohmann::json::parse(data));
}

TEST_CASE("the page holds its data once, and names nothing outside itself", "[page]") {
  const model::Trace trace = python_chat();
  const std::string page = reports::render_html(reports::build_story(trace), {});
  CHECK(page.find("socktale-page") != std::string::npos);
  CHECK(page.find(reports::page_marker) == std::string::npos);
  CHECK(page.find("src=\"http") == std::string::npos);
  CHECK(page.find("href=\"http") == std::string::npos);
}

TEST_CASE("columns as a browser counts them", "[page]") {
  CHECK(reports::utf16_units("abc", 2) == 2);
  CHECK(reports::utf16_units("\xe4\xbd\xa0\xe5\xa5\xbd(", 6) == 2);
  CHECK(reports::utf16_units("\xf0\x9f\x98\x80x", 5) == 3);
  CHECK(reports::utf16_units("\xff\xff", 2) == 2);
  CHECK(reports::utf16_units("ab", 99) == 2);
  CHECK(reports::lines_of("a\r\nb\n\nc").size() == 4);
  CHECK(reports::lines_of("a\n").size() == 1);
}
