#include "python_installed.hpp"
#include "tests/support/catch.hpp"
#include "tracer/locate/python/linetable.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <stdexcept>
#include <string>

namespace socktale::locate::python {

namespace {

using model::Span;
using namespace std::string_literals;

Span at(const std::string& table, std::int32_t index, std::int32_t first_line = 10) {
  return position_of(LineFormat::positions, table, first_line, index);
}

// Takes numbers and bytes off the front of what positions.py wrote.
class Dump {
 public:
  explicit Dump(std::string_view left) : left_(left) {}
  [[nodiscard]] bool empty() const { return left_.empty(); }
  std::int32_t number() {
    std::int32_t value = 0;
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string_view take(std::size_t size) {
    if (size > left_.size()) throw std::runtime_error("the dump is cut");
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

 private:
  std::string_view left_;
};

struct Tally {
  std::size_t instructions = 0, wrong = 0;
};

Tally compare(const std::string& dump, LineFormat format) {
  Tally tally;
  for (Dump rest(dump); !rest.empty();) {
    const std::int32_t first_line = rest.number();
    const auto table_size = static_cast<std::size_t>(rest.number());
    const std::int32_t count = rest.number();
    const std::string_view table = rest.take(table_size);
    for (std::int32_t index = 0; index < count; ++index, ++tally.instructions) {
      const std::int32_t line = rest.number(), end_line = rest.number();
      const std::int32_t column = rest.number(), end_column = rest.number();
      // A module's first instruction is said to be on line 0, which is no line.
      const Span wanted =
          line < 1 ? Span{} : Span{line, column + 1, std::max(end_line, 0), end_column + 1};
      if (position_of(format, table, first_line, index) != wanted) ++tally.wrong;
    }
  }
  return tally;
}

} // namespace

TEST_CASE("each form of a PEP 657 entry gives its position", "[python][linetable]") {
  // Short: code 2 holds the column's high bits; two units long.
  const std::string table =
      "\x91\x35"             // units 0-1: line +0, columns 19-24
      "\xd8\x04\x09"         // unit 2: code 11: line +1, columns 4-9
      "\xe8\x05"             // unit 3: code 13: line -2, no columns
      "\xf0\x04\x02\x01\x0b" // unit 4: code 14: line +2, 2 lines, columns 0-10
      "\xf9"s;               // units 5-6: nothing known
  CHECK(at(table, 0) == Span{10, 20, 10, 25});
  CHECK(at(table, 1) == Span{10, 20, 10, 25});
  CHECK(at(table, 2) == Span{11, 5, 11, 10});
  CHECK(at(table, 3) == Span{9, 0, 9, 0});
  CHECK(at(table, 4) == Span{11, 1, 13, 11});
  CHECK(at(table, 5) == Span{});
  CHECK(at(table, 7) == Span{});
  CHECK(at(table, -1) == Span{10, 0, 0, 0});
}

TEST_CASE("lnotab and the table of 3.10 give lines", "[python][linetable]") {
  const std::string lnotab = "\x04\x01\x06\x02\x02\xff"s; // bytes 4: +1, 10: +2, 12: -1
  CHECK(position_of(LineFormat::lnotab, lnotab, 5, 0).line == 5);
  CHECK(position_of(LineFormat::lnotab, lnotab, 5, 2).line == 6);
  CHECK(position_of(LineFormat::lnotab, lnotab, 5, 5).line == 8);
  CHECK(position_of(LineFormat::lnotab, lnotab, 5, 600).line == 7);
  const std::string ranges = "\x04\x01\x06\x80\x02\x02"s; // to byte 4: +1, to 10: none, to 12: +2
  CHECK(position_of(LineFormat::ranges, ranges, 5, 1).line == 6);
  CHECK(position_of(LineFormat::ranges, ranges, 5, 4).line == 0);
  CHECK(position_of(LineFormat::ranges, ranges, 5, 5).line == 8);
  CHECK(position_of(LineFormat::ranges, ranges, 5, 6).line == 0);
}

TEST_CASE("any bytes as a line table give an answer", "[python][linetable]") {
  std::mt19937 random(657);
  std::string table;
  for (int round = 0; round < 20'000; ++round) {
    table.resize(random() % 64);
    for (char& byte : table) byte = static_cast<char>(random());
    for (const auto format : {LineFormat::lnotab, LineFormat::ranges, LineFormat::positions}) {
      const auto index = static_cast<std::int32_t>(random() % 256);
      const Span span = position_of(format, table, static_cast<std::int32_t>(random()), index);
      CHECK((span.line >= 0 && span.end_line >= 0 && span.column >= 0 && span.end_column >= 0));
    }
  }
  // Truncated inside an entry: what the entry would say is not known.
  CHECK(at("\xf0\x04\x02", 0) == Span{});
  CHECK(at("\x80", 0) == Span{});
  CHECK(at(std::string(100'000, '\xff'), 1 << 30) == Span{});
}

TEST_CASE("decoded positions are those that the interpreter gives", "[python][linetable]") {
  const std::string script = SOCKTALE_SOURCE_DIR "/tests/programs/python/positions.py";
  for (const test::Python& python : test::installed_pythons()) {
    INFO(python.path);
    const auto format = python.minor < 10    ? LineFormat::lnotab
                        : python.minor == 10 ? LineFormat::ranges
                                             : LineFormat::positions;
    const std::string dump = test::output_of("'" + python.path + "' '" + script + "' 150000");
    const Tally tally = compare(dump, format);
    CHECK(tally.instructions >= 150'000);
    CHECK(tally.wrong == 0);
  }
}

} // namespace socktale::locate::python
