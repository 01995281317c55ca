// A set of system calls of several ABIs, which is asked at every stop. Knows no names.
#pragma once

#include "tracer/tables/numbers.hpp"

#include <bitset>
#include <cstddef>
#include <set>
#include <utility>

namespace socktale::engine {

class CallSet {
 public:
  void add(tables::Abi abi, long number) {
    if (is_usual(abi, number))
      usual_.set(static_cast<std::size_t>(number));
    else
      others_.emplace(abi, number);
  }
  [[nodiscard]] bool contains(tables::Abi abi, long number) const {
    return is_usual(abi, number) ? usual_.test(static_cast<std::size_t>(number))
                                 : others_.contains({abi, number});
  }

 private:
  static constexpr long most_usual = 512; // x86-64 has some more than 460 calls
  static bool is_usual(tables::Abi abi, long number) {
    return abi == tables::Abi::x86_64 && number >= 0 && number < most_usual;
  }
  std::bitset<most_usual> usual_;
  std::set<std::pair<tables::Abi, long>> others_;
};

} // namespace socktale::engine
