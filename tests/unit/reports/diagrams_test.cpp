// PlantUML and ShiViz: texts of a program's stay texts, and clocks are sound.
#include "reports/plantuml.hpp"
#include "reports/shiviz.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

using namespace socktale;
using namespace socktale::test;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("PlantUML's own signs", "[plantuml]") {
  CHECK(reports::plantuml_text("server.py:20 s.bind((h, p))") == "server.py:20 s.bind((h, p))");
  CHECK(reports::plantuml_text("//i// __u__ a_b") ==
        "<U+002F><U+002F>i<U+002F><U+002F> <U+005F><U+005F>u<U+005F><U+005F> a_b");
  CHECK(reports::plantuml_text("@enduml !include") == "<U+0040>enduml <U+0021>include");
  CHECK(reports::plantuml_text("<img:x> [[y]] ~ \\n") ==
        "<U+003C>img:x<U+003E> <U+005B><U+005B>y<U+005D><U+005D> <U+007E> <U+005C>n");
  CHECK(reports::plantuml_text("你好\n%x $y") == "你好<U+005C>n<U+0025>x <U+0024>y");
}

TEST_CASE("a chat as PlantUML", "[plantuml]") {
  const model::Trace trace = python_chat();
  const std::string text = reports::render_plantuml(reports::build_story(trace), {});
  for (const char* part :
       {"@startuml\n", "participant \"▣ server\" as P0", "P0 -> K : server.py",
        "P1 -[#royalblue]>> P0 : 5 bytes, client.py", "note over P0 : The server"})
    CHECK(holds(text, part));
  CHECK(text.ends_with("@enduml\n"));
}

TEST_CASE("a hostile trace draws only what it did", "[plantuml]") {
  const model::Trace trace = hostile();
  const std::vector<std::string> lines =
      lines_of(reports::render_plantuml(reports::build_story(trace), {}));
  for (const std::string& line : lines) {
    INFO(line);
    const bool known = line == "@startuml" || line == "@enduml" || line.starts_with("P") ||
                       line.starts_with("K --> P") || line.starts_with("participant \"") ||
                       line.starts_with("note over ");
    CHECK(known);
    CHECK_FALSE(holds(line, "<img"));
    CHECK_FALSE(holds(line, "\x1b"));
    CHECK_FALSE(holds(line, "[["));
  }
  CHECK(std::ranges::count(lines, "@enduml") == 1);
}

TEST_CASE("vector clocks", "[shiviz]") {
  for (const model::Trace& trace : {python_chat(), cpp_chat("unix"), hostile()}) {
    const std::vector<std::string> lines =
        lines_of(reports::render_shiviz(reports::build_story(trace), {}));
    REQUIRE(lines.size() % 2 == 0);
    std::map<std::string, nlohmann::json> last;
    for (std::size_t i = 0; i < lines.size(); i += 2) {
      INFO(lines[i] << "\n" << lines[i + 1]);
      const std::size_t blank = lines[i].find(' ');
      const std::string host = lines[i].substr(0, blank);
      const nlohmann::json clock = nlohmann::json::parse(lines[i].substr(blank + 1));
      if (last[host].is_null()) last[host] = nlohmann::json::object();
      CHECK(clock.at(host) == last[host].value(host, 0) + 1);
      for (const auto& [known, count] : last[host].items()) CHECK(clock.at(known) >= count);
      // Nothing is known of events that were not yet told.
      for (const auto& [known, count] : clock.items())
        if (known != host) CHECK(last.at(known).at(known) >= count);
      last[host] = clock;
    }
  }
}

TEST_CASE("what took bytes knows of what sent them", "[shiviz]") {
  const model::Trace trace = python_chat();
  const std::vector<std::string> lines =
      lines_of(reports::render_shiviz(reports::build_story(trace), {}));
  const auto received = std::ranges::find_if(
      lines, [](const auto& line) { return line.starts_with("recvfrom = 5"); });
  REQUIRE(received != lines.end());
  CHECK(holds(*std::prev(received), "\"client\":"));
}
