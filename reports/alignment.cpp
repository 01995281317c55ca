#include "reports/alignment.hpp"

#include <algorithm>
#include <cstdint>

namespace socktale::reports {
namespace {

// One step of a path through two sequences: both advance, or only one of them.
enum class Move : std::uint8_t { both, left, right };

using Tokens = std::span<const Token>;

int score(const Token& a, const Token& b) { return a.weight * 4 + (a.detail == b.detail ? 2 : 0); }

bool same(const Token& a, const Token& b) { return a.kind == b.kind && a.detail == b.detail; }

// The best path through two short sequences, by the scores of their ends.
std::vector<Move> best_path(Tokens a, Tokens b) {
  const std::size_t columns = b.size() + 1;
  std::vector<Move> moves((a.size() + 1) * columns, Move::right);
  std::vector<int> below(columns, 0);
  std::vector<int> row(columns, 0);
  for (std::size_t j = 0; j < b.size(); ++j) moves[a.size() * columns + j] = Move::right;
  for (std::size_t i = a.size(); i-- > 0;) {
    row[b.size()] = 0;
    moves[i * columns + b.size()] = Move::left;
    for (std::size_t j = b.size(); j-- > 0;) {
      row[j] = below[j];
      Move move = Move::left;
      if (row[j + 1] > row[j]) {
        row[j] = row[j + 1];
        move = Move::right;
      }
      if (a[i].kind == b[j].kind && below[j + 1] + score(a[i], b[j]) >= row[j]) {
        row[j] = below[j + 1] + score(a[i], b[j]);
        move = Move::both;
      }
      moves[i * columns + j] = move;
    }
    std::swap(row, below);
  }
  std::vector<Move> path;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const Move move = moves[i * columns + j];
    path.push_back(move);
    if (move != Move::right) ++i;
    if (move != Move::left) ++j;
  }
  return path;
}

std::vector<Move> path_through(Tokens a, Tokens b, std::size_t window) {
  std::vector<Move> path;
  const auto advance = [&](Move move) {
    path.push_back(move);
    if (move != Move::right) a = a.subspan(1);
    if (move != Move::left) b = b.subspan(1);
  };
  while (!a.empty() || !b.empty()) {
    if (!a.empty() && !b.empty() && same(a.front(), b.front())) {
      advance(Move::both);
      continue;
    }
    const Tokens some_a = a.first(std::min(window, a.size()));
    const Tokens some_b = b.first(std::min(window, b.size()));
    const std::vector<Move> part = best_path(some_a, some_b);
    const bool last = some_a.size() == a.size() && some_b.size() == b.size();
    // Near the end of a window the path knows too little of what follows.
    const std::size_t sure = last ? part.size() : (part.size() + 1) / 2;
    for (std::size_t i = 0; i < sure; ++i) advance(part[i]);
  }
  return path;
}

} // namespace

std::vector<AlignedRow> align(std::span<const std::vector<Token>> sequences, std::size_t window) {
  std::vector<AlignedRow> rows;
  std::vector<Token> standing; // of each row the first token in it
  for (std::size_t n = 0; n < sequences.size(); ++n) {
    const std::vector<Token>& added = sequences[n];
    std::vector<AlignedRow> next;
    std::vector<Token> next_standing;
    std::size_t i = 0;
    std::size_t j = 0;
    for (const Move move : path_through(standing, added, std::max<std::size_t>(window, 2))) {
      next_standing.push_back(move == Move::right ? added[j] : standing[i]);
      next.push_back(move == Move::right ? AlignedRow(sequences.size()) : std::move(rows[i]));
      if (move != Move::left) next.back()[n] = j++;
      if (move != Move::right) ++i;
    }
    rows = std::move(next);
    standing = std::move(next_standing);
  }
  return rows;
}

} // namespace socktale::reports
