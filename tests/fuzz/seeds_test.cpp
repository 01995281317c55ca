// The fuzz targets under the sanitizers on what they were seeded with: each seed whole, cut at
// every length, and changed, always in the same way. A finding ends the program.
#include "tests/fuzz/targets.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

using namespace socktale;

namespace {

constexpr int changes_each = 300;

std::vector<std::string> seeds_of(std::string_view target) {
  std::vector<std::filesystem::path> files;
  const auto folder = std::filesystem::path(SOCKTALE_SOURCE_DIR) / "tests/fuzz/corpus" / target;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

// One to four of: a byte set, a bit turned, a piece taken out, a piece of another seed put in.
std::string changed(std::string bytes, const std::string& other, std::mt19937& random) {
  const auto below = [&random](std::size_t limit) {
    return random() % std::max<std::size_t>(limit, 1);
  };
  for (auto count = 1 + below(4); count > 0; --count) {
    const std::size_t at = below(bytes.size());
    switch (below(4)) {
    case 0:
      if (!bytes.empty()) bytes[at] = static_cast<char>(random());
      break;
    case 1:
      if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8));
      break;
    case 2: bytes.erase(at, below(9)); break;
    default: bytes.insert(at, other.substr(below(other.size()), below(17))); break;
    }
  }
  return bytes;
}

// A copy without room to spare, so that one byte too many is seen.
void run_on(const fuzz::Target& target, const std::string& bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  target.run({exact.data(), exact.size()});
}

} // namespace

TEST_CASE("the seeds of every reader, whole and cut at every length") {
  for (const fuzz::Target& target : fuzz::targets) {
    INFO(target.name);
    const auto seeds = seeds_of(target.name);
    REQUIRE_FALSE(seeds.empty());
    for (const std::string& seed : seeds) {
      const std::size_t step = seed.size() / 2000 + 1; // long ones in steps
      for (std::size_t size = 0; size < seed.size(); size += step)
        run_on(target, seed.substr(0, size));
      run_on(target, seed);
    }
  }
}

TEST_CASE("the seeds of every reader, changed") {
  std::mt19937 random(20261125);
  for (const fuzz::Target& target : fuzz::targets) {
    INFO(target.name);
    const auto seeds = seeds_of(target.name);
    for (const std::string& seed : seeds)
      for (int i = 0; i < changes_each; ++i)
        run_on(target, changed(seed, seeds[random() % seeds.size()], random));
  }
}
