#include "reports/compare_values.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace socktale::reports {

void Values::add(std::size_t column, Said value, std::size_t hash) {
  const auto [known, fresh] = by_hash_.try_emplace(hash, held_.size());
  if (fresh) held_.push_back({std::move(value), {}});
  held_[known->second].columns.push_back(column);
}

void Values::add(std::size_t column, Said value) {
  const std::size_t hash = std::hash<std::string>{}(fill_in(value));
  add(column, std::move(value), hash);
}

Said Values::text(const std::vector<std::string>& names) const {
  Said out;
  for (const Held& each : held_) {
    Said next = {tr("{value} in {names}"),
                 {{"value", each.value}, {"names", names_text(names, each.columns)}}};
    out = out.empty()
              ? std::move(next)
              : Said(tr("{first}; {next}"), {{"first", std::move(out)}, {"next", std::move(next)}});
  }
  return out;
}

bool Values::look_alike() const {
  return differ() && std::ranges::all_of(held_, [&](const Held& each) {
           return each.value == held_.front().value;
         });
}

Said names_text(const std::vector<std::string>& columns, std::span<const std::size_t> held_by) {
  if (held_by.size() == columns.size()) return tr("all");
  Said out;
  for (std::size_t i = 0; i < held_by.size(); ++i) {
    Said name = as_it_is(columns[held_by[i]]);
    if (i == 0)
      out = std::move(name);
    else
      out = {i + 1 == held_by.size() ? tr("{first} and {last}") : tr("{first}, {last}"),
             {{"first", std::move(out)}, {"last", std::move(name)}}};
  }
  return out;
}

} // namespace socktale::reports
