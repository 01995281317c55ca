// Sorting that keeps equal things in the order in which they were. Owns no order of its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace socktale::reports {

// By what `key` says of each. std::stable_sort is built on what C++20 took out of the library, and
// moves whole elements more often than once.
template <class T, class Key> void put_in_order(std::vector<T>& items, Key key) {
  using Place = std::pair<std::decay_t<std::invoke_result_t<Key&, const T&>>, std::size_t>;
  std::vector<Place> places;
  places.reserve(items.size());
  for (const T& item : items) places.emplace_back(std::invoke(key, item), places.size());
  if (std::ranges::is_sorted(places)) return;
  std::ranges::sort(places);
  std::vector<T> sorted;
  sorted.reserve(items.size());
  for (const Place& place : places) sorted.push_back(std::move(items[place.second]));
  items = std::move(sorted);
}

} // namespace socktale::reports
