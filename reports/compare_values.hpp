// Which columns of a comparison have which value, and how that is said. Knows no calls.
#pragma once

#include "tracer/base/said.hpp"

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace socktale::reports {

using Columns = std::vector<std::size_t>;

// A value, and the columns that have it.
struct Held {
  Said value;
  Columns columns;
};

// Values by column, those that are equal together, in the order of columns.
class Values {
 public:
  // Values of one hash are equal; without it those are that read the same.
  void add(std::size_t column, Said value, std::size_t hash);
  void add(std::size_t column, Said value);
  [[nodiscard]] bool differ() const { return held_.size() > 1; }
  [[nodiscard]] const std::vector<Held>& held() const { return held_; }

  // "10 in Python and C++; 4096 in Go".
  [[nodiscard]] Said text(const std::vector<std::string>& names) const;
  // Different, though what is shown of them is not.
  [[nodiscard]] bool look_alike() const;

 private:
  std::map<std::size_t, std::size_t> by_hash_;
  std::vector<Held> held_;
};

// "A", "A and B", "A, B and C"; "all" for all columns.
[[nodiscard]] Said names_text(const std::vector<std::string>& columns,
                              std::span<const std::size_t> held_by);

} // namespace socktale::reports
