// Every trace of tests/traces as every format, byte for byte. scripts/update-goldens rewrites the
// files; the difference is then read, not trusted.
#include "reports/registry.hpp"
#include "tests/support/catch.hpp"
#include "tracer/model/trace_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

using namespace socktale;
namespace fs = std::filesystem;

namespace {

const fs::path traces = SOCKTALE_SOURCE_DIR "/tests/traces";
const fs::path goldens = SOCKTALE_SOURCE_DIR "/tests/golden";

const std::map<std::string, std::string> endings = {
    {"terminal", "txt"}, {"markdown", "md"}, {"json", "json"}, {"strace", "strace"}};

// Exports list the same calls in another form: a few traces show that.
const std::map<std::string, std::string> export_endings = {
    {"perfetto", "perfetto.json"}, {"otlp", "otlp.json"}, {"csv", "csv"}, {"mermaid", "mmd"},
    {"plantuml", "puml"},          {"shiviz", "shiviz"}};
const std::set<std::string> exported_traces = {"python-chat", "both-waiting"};

// Whose consumer looks at them instead: page_test.cpp and tests/web; tests/e2e/test_consumers.py.
const std::set<std::string> looked_at_elsewhere = {"html", "pcapng"};

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What is told in Chinese as well, by trace and format.
const std::string chinese_trace = "python-chat";
const std::map<std::string, std::string> chinese_endings = {{"terminal", "zh_CN.txt"},
                                                            {"markdown", "zh_CN.md"}};

// Where two texts begin to differ, with some of both around it.
std::string first_difference(const std::string& a, const std::string& b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  const std::size_t from = at < 60 ? 0 : at - 60;
  return "at byte " + std::to_string(at) + "\ngolden:   " + a.substr(from, 160) +
         "\nrendered: " + b.substr(from, 160);
}

void compare_with_golden(const reports::Story& story, const std::string& format,
                         const fs::path& golden, const reports::Options& options) {
  INFO(golden.filename());
  REQUIRE(fs::exists(golden));
  const std::string expected = contents(golden);
  const std::string rendered = reports::format(format)->render(story, options);
  if (rendered != expected) FAIL_CHECK(first_difference(expected, rendered));
}

// A report as it is read: without source, code, and results as strace prints them.
std::string without_code(const std::string& text) {
  const std::regex code(
      "```[^`]*```|`[^`]*`|\\bE[A-Z]+\\s+\\([^)]*\\)|\n\\$ [^\n]*|Active [^\n]*\n");
  return std::regex_replace(text, code, "");
}

} // namespace

TEST_CASE("every format has its golden files", "[golden]") {
  for (const reports::Format& format : reports::formats()) {
    const std::string name(format.name);
    CHECK(endings.contains(name) + export_endings.contains(name) +
              looked_at_elsewhere.contains(name) ==
          1);
  }
}

TEST_CASE("reports of the checked-in traces", "[golden]") {
  int compared = 0;
  for (const auto& entry : fs::directory_iterator(traces)) {
    if (entry.path().extension() != ".jsonl") continue;
    const model::Trace trace = model::read_trace(entry.path().string());
    const reports::Story story = reports::build_story(trace);
    const std::string name = entry.path().stem().string();
    for (const auto& [format, ending] : endings) {
      compare_with_golden(story, format, goldens / (name + "." + ending), {});
      ++compared;
    }
    if (exported_traces.contains(name))
      for (const auto& [format, ending] : export_endings)
        compare_with_golden(story, format, goldens / (name + "." + ending), {});
    if (name != chinese_trace) continue;
    reports::Options options;
    options.language = Language::zh_CN;
    for (const auto& [format, ending] : chinese_endings) {
      compare_with_golden(story, format, goldens / (name + "." + ending), options);
      ++compared;
    }
  }
  CHECK(compared >= 20);
}

TEST_CASE("no English sentence is left in a Chinese report", "[golden]") {
  const std::regex english("[A-Za-z]{2,}( [a-z]{2,}){2,}");
  reports::Options options;
  options.language = Language::zh_CN;
  for (const auto& entry : fs::directory_iterator(traces)) {
    if (entry.path().extension() != ".jsonl") continue;
    const model::Trace trace = model::read_trace(entry.path().string());
    const reports::Story story = reports::build_story(trace);
    for (const auto& [format, ending] : chinese_endings) {
      const std::string text = without_code(reports::format(format)->render(story, options));
      INFO(entry.path().filename() << " as " << format);
      for (std::sregex_iterator at(text.begin(), text.end(), english), end; at != end; ++at)
        FAIL_CHECK(at->str());
    }
  }
  // The test sees what it is for.
  CHECK(std::regex_search(std::string("Closed descriptor {fd}: no new client"), english));
}

TEST_CASE("no golden file is of a trace that is gone", "[golden]") {
  for (const auto& entry : fs::directory_iterator(goldens)) {
    INFO(entry.path());
    const std::string file = entry.path().filename().string();
    CHECK(fs::exists(traces / (file.substr(0, file.find('.')) + ".jsonl")));
  }
}

TEST_CASE("golden JSON reports fit their schema", "[golden]") {
  const std::string command =
      "/usr/bin/python3 -B " SOCKTALE_SOURCE_DIR
      "/tests/unit/reports/validate_report.py " SOCKTALE_SOURCE_DIR "/tests/golden";
  CHECK(std::system(command.c_str()) == 0);
}
