// The exports to other programs: what is in them, and that check_exports.py, which knows the
// published forms, finds nothing wrong with them, whatever the trace says.
#include "reports/csv.hpp"
#include "reports/otlp.hpp"
#include "reports/perfetto.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <nlohmann/json.hpp>

using namespace socktale;
using namespace socktale::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

const std::map<std::string, std::string (*)(const reports::Story&, const reports::Options&)>
    exports = {{".perfetto.json", reports::render_perfetto},
               {".otlp.json", reports::render_otlp},
               {".csv", reports::render_csv}};

Json perfetto(const model::Trace& trace, const reports::StoryOptions& options = {}) {
  return Json::parse(reports::render_perfetto(reports::build_story(trace, options), {}));
}

std::vector<Json> spans(const model::Trace& trace) {
  const Json request = Json::parse(reports::render_otlp(reports::build_story(trace), {}));
  std::vector<Json> out;
  for (const Json& resource : request["resourceSpans"])
    for (const Json& span : resource["scopeSpans"][0]["spans"]) out.push_back(span);
  return out;
}

std::string csv(const model::Trace& trace) {
  return reports::render_csv(reports::build_story(trace), {});
}

std::vector<Json> with_phase(const Json& trace, const std::string& phase) {
  std::vector<Json> out;
  for (const Json& event : trace["traceEvents"])
    if (event["ph"] == phase) out.push_back(event);
  return out;
}

std::vector<Json> of_category(const Json& trace, const std::string& category) {
  std::vector<Json> out;
  for (const Json& event : trace["traceEvents"])
    if (event.value("cat", "").starts_with(category)) out.push_back(event);
  return out;
}

// The value of an attribute, without its type.
Json attribute(const Json& span, const std::string& key) {
  for (const Json& each : span["attributes"])
    if (each["key"] == key) return each["value"].begin().value();
  return nullptr;
}

// Rows of CSV, its first one the columns'.
std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

std::size_t calls_of(const model::Trace& trace) {
  return static_cast<std::size_t>(std::ranges::count_if(trace.events, [](const auto& event) {
    return std::holds_alternative<model::Call>(event.body);
  }));
}

int checked(const std::string& files) {
  const std::string command =
      "/usr/bin/python3 -B " SOCKTALE_SOURCE_DIR "/tests/unit/reports/check_exports.py " + files;
  return std::system(command.c_str());
}

} // namespace

TEST_CASE("golden exports fit the forms that others published", "[exports]") {
  std::string files;
  for (const auto& entry : fs::directory_iterator(SOCKTALE_SOURCE_DIR "/tests/golden"))
    for (const auto& [ending, render] : exports)
      if (entry.path().string().ends_with(ending)) files += entry.path().string() + " ";
  CHECK(checked(files) == 0);
}

TEST_CASE("made traces fit them too, hostile ones as well", "[exports]") {
  const fs::path folder = fs::temp_directory_path() / "socktale-exports-test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::map<std::string, model::Trace> traces = {
      {"hostile", hostile()},     {"python", python_chat()},   {"cpp", cpp_chat("inet6")},
      {"unix", cpp_chat("unix")}, {"waiting", both_waiting()}, {"shim", through_a_shim()},
      {"port", port_in_use()}};
  std::string files;
  for (const auto& [name, trace] : traces) {
    const reports::Story story = reports::build_story(trace);
    for (const auto& [ending, render] : exports) {
      const fs::path file = folder / (name + ending);
      std::ofstream(file, std::ios::binary) << render(story, {});
      files += file.string() + " ";
    }
  }
  CHECK(checked(files) == 0);
  fs::remove_all(folder);
}

TEST_CASE("an empty trace is an export without calls", "[exports]") {
  CHECK(perfetto({})["traceEvents"].empty());
  CHECK(spans({}).empty());
  CHECK(lines(csv({})) == 1);
}

TEST_CASE("every call is in every export", "[exports]") {
  const model::Trace trace = python_chat();
  const std::size_t calls = calls_of(trace);
  REQUIRE(calls > 14);
  CHECK(of_category(perfetto(trace), "kernel").size() == calls);
  CHECK(lines(csv(trace)) == calls + 1);
  const auto all = spans(trace);
  CHECK(static_cast<std::size_t>(std::ranges::count_if(all, [](const Json& span) {
          return attribute(span, "socktale.call").is_string();
        })) == calls);
}

TEST_CASE("arrows go from what sent to what received", "[exports]") {
  const model::Trace trace = python_chat();
  const Json json = perfetto(trace);
  const auto starts = with_phase(json, "s");
  REQUIRE(starts.size() == with_phase(json, "f").size());
  const auto count = [&](const char* category) {
    return std::ranges::count_if(starts, [&](const Json& s) { return s["cat"] == category; });
  };
  CHECK(count("bytes") == 2);
  CHECK(count("connection") == 1);
  // Clocks apart have no times in common.
  CHECK(with_phase(perfetto(trace, {.one_clock = false}), "s").empty());
  CHECK(of_category(perfetto(trace, {.one_clock = false}), "kernel").size() == calls_of(trace));
}

TEST_CASE("what did not return lasts until the trace ends, and says so", "[exports]") {
  const model::Trace trace = both_waiting();
  int unfinished = 0;
  for (const Json& slice : of_category(perfetto(trace), "kernel")) {
    if (slice["args"]["returned"] == true) continue;
    ++unfinished;
    CHECK(slice["ts"].get<double>() + slice["dur"].get<double>() ==
          static_cast<double>(trace.events.back().at.ns) / 1000);
  }
  CHECK(unfinished == 2);
  CHECK(csv(trace).find(",,,\"recv\"") != std::string::npos); // left, and how long
}

TEST_CASE("spans by OpenTelemetry's conventions", "[exports]") {
  const auto all = spans(python_chat());
  const auto named = [&](const std::string& name) {
    const auto found = std::ranges::find_if(all, [&](const Json& span) {
      return span["name"] == name && attribute(span, "socktale.call").is_string();
    });
    REQUIRE(found != all.end());
    return *found;
  };
  const Json accept = named("accept4");
  CHECK(accept["kind"] == 2); // SERVER
  CHECK(attribute(accept, "network.peer.address") == "127.0.0.1");
  CHECK(attribute(accept, "code.line.number") == "29");
  REQUIRE(accept["links"].size() == 1);
  CHECK(accept["links"][0]["spanId"] == named("connect")["spanId"]);
  CHECK(named("connect")["kind"] == 3); // CLIENT
  CHECK(named("bind")["kind"] == 1);
  CHECK(attribute(named("recvfrom"), "network.type") == "ipv4");
  CHECK(spans(python_chat()) == all);
}

TEST_CASE("only what is a mistake is an error", "[exports]") {
  int errors = 0;
  for (const Json& span : spans(port_in_use())) {
    if (!span.contains("status")) continue;
    ++errors;
    CHECK(span["status"]["code"] == 2);
    CHECK(attribute(span, "error.type") == "EADDRINUSE");
  }
  CHECK(errors == 2); // the step and its call
  TraceBuilder trace;
  trace.program("client", {"c"}).born(1, "client");
  trace.call(1, "recvfrom", 45, {in("sockfd", fd(3))}, -11, line("/c.c", 1, "recv(fd)", "recv"))
      .failed(11, "EAGAIN");
  for (const Json& span : spans(trace.finish())) CHECK_FALSE(span.contains("status"));
}

TEST_CASE("payload that was left out says so", "[exports]") {
  TraceBuilder trace;
  trace.program("client", {"c"}).born(1, "client");
  model::Value withheld{model::Bytes{"", 5, true}};
  trace.call(1, "sendto", 44, {in("sockfd", fd(3)), in("buf", withheld)}, 5,
             line("/c.c", 1, "send(fd, text)", "send"));
  const model::Trace all = trace.finish();
  const reports::Story story = reports::build_story(all);
  CHECK(reports::render_csv(story, {}).ends_with(",\"<5 bytes withheld>\"\r\n"));
  for (const auto& [ending, render] : exports)
    CHECK(render(story, {}).find("5 bytes withheld>") != std::string::npos);
}

TEST_CASE("no cell of CSV is a formula, and numbers stay numbers", "[exports]") {
  CHECK(reports::csv_text("=1+1") == "\"'=1+1\"");
  CHECK(reports::csv_text("+1") == "\"'+1\"");
  CHECK(reports::csv_text("-1") == "\"'-1\"");
  CHECK(reports::csv_text("@SUM(A1)") == "\"'@SUM(A1)\"");
  CHECK(reports::csv_text("＝1") == "\"'＝1\"");
  CHECK(reports::csv_text("\t=1") == "\"\\t=1\"");
  CHECK(reports::csv_text("\r=1") == "\"\\r=1\"");
  CHECK(reports::csv_text("a \"b\", c\nd") == "\"a \"\"b\"\", c\\nd\"");
  CHECK(csv(port_in_use()).find(",-1,\"EADDRINUSE\",") != std::string::npos);
}

TEST_CASE("no markup is left in JSON for other programs", "[exports]") {
  const model::Trace trace = hostile();
  const reports::Story story = reports::build_story(trace);
  for (const auto& [ending, render] : exports) {
    if (ending == ".csv") continue;
    const std::string text = render(story, {});
    CHECK(text.find('<') == std::string::npos);
    CHECK(std::ranges::none_of(
        text, [](unsigned char c) { return (c < 0x20 && c != '\n') || c >= 0x7f; }));
  }
}
