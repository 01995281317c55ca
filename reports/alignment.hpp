// Puts sequences side by side so that as much as possible of the same kind stands in one row. Knows
// numbers only, no calls.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace socktale::reports {

struct Token {
  std::size_t kind = 0;   // only tokens of one kind may share a row
  int weight = 1;         // what it is worth that they do; 1 and up
  std::size_t detail = 0; // of two that could, the one with the same detail is preferred
};

// A row: for each sequence the index of its token there, or nothing.
using AlignedRow = std::vector<std::optional<std::size_t>>;

// Every token of every sequence is in one row, in its order. Sequences are added one after the
// other to what stands already. Needleman and Wunsch's method (1970) in windows: the best rows
// there are while nothing has moved by more than half a window; time and memory stay linear in the
// length.
[[nodiscard]] std::vector<AlignedRow> align(std::span<const std::vector<Token>> sequences,
                                            std::size_t window = 1024);

} // namespace socktale::reports
