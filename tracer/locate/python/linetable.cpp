#include "tracer/locate/python/linetable.hpp"

#include <cstddef>
#include <limits>
#include <optional>

namespace socktale::locate::python {

namespace {

// Sums of forged numbers stay numbers; anything that is no line or column becomes 0, unknown.
std::int32_t small(std::int64_t value) {
  return value > 0 && value < std::numeric_limits<std::int32_t>::max() / 2
             ? static_cast<std::int32_t>(value)
             : 0;
}

// Takes bytes off the front of a PEP 657 table; past the end it gives zeros and says so.
class Bytes {
 public:
  explicit Bytes(std::string_view left) : left_(left) {}
  [[nodiscard]] bool empty() const { return left_.empty(); }
  [[nodiscard]] bool short_of() const { return short_of_; }

  std::uint8_t next() {
    if (left_.empty()) {
      short_of_ = true;
      return 0;
    }
    const auto byte = static_cast<std::uint8_t>(left_.front());
    left_.remove_prefix(1);
    return byte;
  }
  // Six bits a byte, least first; bit 6 says that more follow.
  std::uint32_t number() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 32; shift += 6) {
      const std::uint8_t byte = next();
      value |= (byte & 63U) << shift;
      if ((byte & 64U) == 0) break;
    }
    return value;
  }
  // The sign is the lowest bit.
  std::int64_t signed_number() {
    const std::uint32_t value = number();
    const auto magnitude = static_cast<std::int64_t>(value >> 1U);
    return (value & 1U) != 0 ? -magnitude : magnitude;
  }

 private:
  std::string_view left_;
  bool short_of_ = false;
};

model::Span from_positions(std::string_view table, std::int64_t line, std::int64_t index) {
  Bytes bytes(table);
  std::int64_t at = 0;
  while (!bytes.empty()) {
    const unsigned head = bytes.next();
    const unsigned code = head >> 3U & 15U;
    at += (head & 7U) + 1;
    std::int64_t end_line_delta = 0, column = -1, end_column = -1;
    bool has_line = true;
    if (code < 10) { // short form: same line, both columns in one byte and the code
      const unsigned byte = bytes.next();
      column = code * 8 + (byte >> 4U & 7U);
      end_column = column + (byte & 15U);
    } else if (code < 13) { // one line, each column a byte
      line += code - 10;
      column = bytes.next();
      end_column = bytes.next();
    } else if (code == 13) { // a line, no columns
      line += bytes.signed_number();
    } else if (code == 14) { // everything, columns one up so that 0 is none
      line += bytes.signed_number();
      end_line_delta = bytes.number();
      column = static_cast<std::int64_t>(bytes.number()) - 1;
      end_column = static_cast<std::int64_t>(bytes.number()) - 1;
    } else {
      has_line = false;
    }
    if (at <= index) continue;
    if (!has_line || bytes.short_of() || small(line) == 0) return {};
    model::Span span{small(line), 0, small(line + end_line_delta), 0};
    if (column >= 0 && end_column >= 0) {
      span.column = small(column + 1);
      span.end_column = small(end_column + 1);
    }
    return span;
  }
  return {};
}

// Pairs of an unsigned address step and a signed line step. In lnotab a step leads to the next
// line's first instruction; in 3.10's table it spans the instructions that the line is of.
model::Span from_lnotab(std::string_view table, std::int64_t line, std::int64_t byte_index) {
  std::int64_t at = 0;
  for (std::size_t i = 0; i + 1 < table.size(); i += 2) {
    at += static_cast<std::uint8_t>(table[i]);
    if (at > byte_index) break;
    line += static_cast<std::int8_t>(table[i + 1]);
  }
  return {small(line), 0, 0, 0};
}

model::Span from_ranges(std::string_view table, std::int64_t line, std::int64_t byte_index) {
  constexpr std::int8_t no_line = -128;
  std::int64_t at = 0;
  for (std::size_t i = 0; i + 1 < table.size(); i += 2) {
    at += static_cast<std::uint8_t>(table[i]);
    const auto step = static_cast<std::int8_t>(table[i + 1]);
    if (step != no_line) line += step;
    if (at > byte_index) return step == no_line ? model::Span{} : model::Span{small(line), 0, 0, 0};
  }
  return {};
}

} // namespace

model::Span position_of(LineFormat format, std::string_view table, std::int32_t first_line,
                        std::int32_t index) {
  if (index < 0) return {small(first_line), 0, 0, 0};
  const std::int64_t byte_index = std::int64_t{index} * 2;
  switch (format) {
  case LineFormat::lnotab: return from_lnotab(table, first_line, byte_index);
  case LineFormat::ranges: return from_ranges(table, first_line, byte_index);
  case LineFormat::positions: return from_positions(table, first_line, index);
  }
  return {};
}

} // namespace socktale::locate::python
