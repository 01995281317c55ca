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

using namespace socktale;
namespace fs = std::filesystem;

namespace {

const fs::path traces = SOCKTALE_SOURCE_DIR "/tests/traces";
const fs::path goldens = SOCKTALE_SOURCE_DIR "/tests/golden";

const std::map<std::string, std::string> endings = {
    {"terminal", "txt"}, {"markdown", "md"}, {"json", "json"}};

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Where two texts begin to differ, with some of both around it.
std::string first_difference(const std::string& a, const std::string& b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  const std::size_t from = at < 60 ? 0 : at - 60;
  return "at byte " + std::to_string(at) + "\ngolden:   " + a.substr(from, 160) +
         "\nrendered: " + b.substr(from, 160);
}

} // namespace

TEST_CASE("every format has its golden files", "[golden]") {
  for (const reports::Format& format : reports::formats())
    CHECK(endings.contains(std::string(format.name)));
}

TEST_CASE("reports of the checked-in traces", "[golden]") {
  int compared = 0;
  for (const auto& entry : fs::directory_iterator(traces)) {
    if (entry.path().extension() != ".jsonl") continue;
    const model::Trace trace = model::read_trace(entry.path().string());
    const reports::Story story = reports::build_story(trace);
    for (const auto& [name, ending] : endings) {
      const fs::path golden = goldens / (entry.path().stem().string() + "." + ending);
      INFO(golden.filename());
      REQUIRE(fs::exists(golden));
      const std::string expected = contents(golden);
      const std::string rendered = reports::format(name)->render(story, {});
      if (rendered != expected) FAIL_CHECK(first_difference(expected, rendered));
      ++compared;
    }
  }
  CHECK(compared >= 18);
}

TEST_CASE("no golden file is of a trace that is gone", "[golden]") {
  for (const auto& entry : fs::directory_iterator(goldens)) {
    INFO(entry.path());
    CHECK(fs::exists(traces / (entry.path().stem().string() + ".jsonl")));
  }
}

TEST_CASE("golden JSON reports fit their schema", "[golden]") {
  const std::string command =
      "/usr/bin/python3 -B " SOCKTALE_SOURCE_DIR
      "/tests/unit/reports/validate_report.py " SOCKTALE_SOURCE_DIR "/tests/golden";
  CHECK(std::system(command.c_str()) == 0);
}
