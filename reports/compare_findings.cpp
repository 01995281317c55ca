#include "reports/compare_findings.hpp"

#include "reports/wording.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

using Columns = std::vector<std::size_t>;

// A value, and the columns that have it.
struct Held {
  std::string value;
  Columns columns;
};

// Values by column, those that are equal together, in the order of columns.
class Values {
 public:
  void add(std::size_t column, std::string value, std::size_t hash) {
    const auto [known, fresh] = by_hash_.try_emplace(hash, held_.size());
    if (fresh) held_.push_back({std::move(value), {}});
    held_[known->second].columns.push_back(column);
  }
  void add(std::size_t column, std::string value) {
    const std::size_t hash = std::hash<std::string>{}(value);
    add(column, std::move(value), hash);
  }
  [[nodiscard]] bool differ() const { return held_.size() > 1; }
  [[nodiscard]] const std::vector<Held>& held() const { return held_; }

  // "10 in Python and C++; 4096 in Go".
  [[nodiscard]] std::string text(const std::vector<std::string>& names) const {
    std::string out;
    for (const Held& each : held_) {
      if (!out.empty()) out += "; ";
      out += fmt::format("{} in {}", each.value, names_text(names, each.columns));
    }
    return out;
  }
  // Different, though what is shown of them is not.
  [[nodiscard]] bool look_alike() const {
    return differ() && std::ranges::all_of(held_, [&](const Held& each) {
             return each.value == held_.front().value;
           });
  }

 private:
  std::map<std::size_t, std::size_t> by_hash_;
  std::vector<Held> held_;
};

// The names in a value that is a set of flags; nothing when it is none.
std::optional<std::vector<std::string>> flags_in(const model::Field* field) {
  if (field == nullptr) return std::vector<std::string>{};
  const model::Value& value = field->shown();
  if (const auto* flags = value.get<model::Flags>()) {
    std::vector<std::string> names = flags->names;
    if (flags->rest != 0) names.push_back(fmt::format("{:#x}", flags->rest));
    return names;
  }
  if (const auto* symbol = value.get<model::Symbol>()) return std::vector{symbol->name};
  return std::nullopt;
}

const model::Field* field_named(const model::Call& call, std::string_view name) {
  const auto found = std::ranges::find(call.args, name, &model::Field::name);
  return found != call.args.end() ? &*found : nullptr;
}

const RenamedText* text_named(const RenamedCall& call, std::string_view name) {
  const auto found = std::ranges::find(call.args, name, [](const auto& arg) { return arg.first; });
  return found != call.args.end() ? &found->second : nullptr;
}

// One kernel call in several columns.
struct Same {
  std::size_t column;
  const model::Call* call;
  const RenamedCall* named;
};

class RowFinder {
 public:
  RowFinder(const Comparison& comparison, std::span<const Act* const> acts)
      : names_(comparison.columns), view_(comparison.view), acts_(acts) {
    for (std::size_t i = 0; i < acts.size(); ++i)
      if (acts[i] != nullptr) here_.push_back(i);
  }

  Findings run() {
    presence();
    if (here_.size() < 2) return std::move(found_);
    if (view_ == View::runs)
      places();
    else
      ways();
    kernel_names();
    loops();
    std::vector<Same> mains;
    for (const std::size_t i : here_)
      mains.push_back({i, &acts_[i]->cell.main(), &acts_[i]->named[acts_[i]->cell.main_call]});
    arguments(mains, "");
    along_with();
    return std::move(found_);
  }

 private:
  void differs(std::string text) { found_.differences.push_back(std::move(text)); }

  // What some of the columns have: "only in A", or "not in B" where that is shorter.
  void only(const std::string& subject, const Columns& with, const Columns& among) {
    Columns without;
    std::ranges::set_difference(among, with, std::back_inserter(without));
    if (without.empty()) return;
    const std::string sep = subject.empty() ? "" : " ";
    if (without.size() < with.size())
      differs(fmt::format("{}{}not in {}", subject, sep, names_text(names_, without)));
    else
      differs(fmt::format("{}{}only in {}", subject, sep, names_text(names_, with)));
  }

  void presence() {
    Columns all(acts_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    only("", here_, all);
  }

  void places() {
    Values lines;
    Values texts;
    for (const std::size_t i : here_) {
      const model::Place& place = acts_[i]->cell.main().place;
      lines.add(i, place.span.line > 0 ? fmt::format("line {}", place.span.line) : "no known line");
      texts.add(i, to_text(expression_of(place)));
    }
    if (lines.differ()) differs(lines.text(names_));
    if (texts.differ()) differs(texts.text(names_));
  }

  // Whether the program asked for it, or something else saw to it.
  void ways() {
    Values values;
    for (const std::size_t i : here_) {
      const model::PlaceKind kind = acts_[i]->cell.main().place.kind;
      if (kind == model::PlaceKind::leaving || kind == model::PlaceKind::finalizing)
        values.add(i, "by " + expression_of(acts_[i]->cell.main().place).note);
      else
        values.add(i, "by a call");
    }
    if (values.differ()) differs(values.text(names_));
  }

  void kernel_names() {
    Values names;
    Values ways;
    bool renamed = true; // the C library's function has another name, everywhere
    for (const std::size_t i : here_) {
      const model::Call& call = acts_[i]->cell.main();
      const bool other = !call.place.libc.empty() && call.place.libc != call.name;
      renamed = renamed && other;
      names.add(i, call.name);
      ways.add(i, other ? fmt::format("{} → {}", call.place.libc, call.name) : call.name);
    }
    if (names.differ())
      differs(ways.text(names_));
    else if (view_ == View::languages && renamed && !ways.differ() && here_.size() == acts_.size())
      found_.alike.push_back(ways.text(names_));
    else if (view_ == View::runs && ways.differ())
      differs(ways.text(names_));
  }

  void loops() {
    Values times;
    for (const std::size_t i : here_) {
      const std::size_t count = acts_[i]->cell.times;
      times.add(i, count == 1 ? "once" : fmt::format("{} times in a row", count));
    }
    if (times.differ()) differs(times.text(names_));
  }

  void arguments(const std::vector<Same>& calls, const std::string& of) {
    std::vector<std::string> names;
    for (const Same& each : calls)
      for (const model::Field& field : each.call->args)
        if (std::ranges::find(names, field.name) == names.end()) names.push_back(field.name);
    for (const std::string& name : names) argument(calls, of, name);
    Values results;
    for (const Same& each : calls)
      results.add(each.column, each.named->result.text, each.named->result.hash);
    if (results.differ()) differs(fmt::format("{}result: {}", of, results.text(names_)));
  }

  void argument(const std::vector<Same>& calls, const std::string& of, const std::string& name) {
    if (flags(calls, of, name)) return;
    Values values;
    for (const Same& each : calls) {
      const RenamedText* text = text_named(*each.named, name);
      if (text == nullptr) return; // another kernel call without it, which is said already
      values.add(each.column, text->text, text->hash);
    }
    if (values.look_alike())
      differs(fmt::format("{}{} is not the same after its beginning, {}", of, name,
                          values.held().front().value));
    else if (values.differ())
      differs(fmt::format("{}{}: {}", of, name, values.text(names_)));
  }

  // Flags are told one by one. False when the argument is no set of flags.
  bool flags(const std::vector<Same>& calls, const std::string& of, const std::string& name) {
    Columns among;
    std::map<std::string, Columns> with;
    bool any = false;
    for (const Same& each : calls) {
      const model::Field* field = field_named(*each.call, name);
      const auto set = flags_in(field);
      if (!set) return false;
      any = any || (field != nullptr && field->shown().get<model::Flags>() != nullptr);
      among.push_back(each.column);
      for (const std::string& flag : *set) with[flag].push_back(each.column);
    }
    if (!any) return false;
    for (const auto& [flag, columns] : with)
      only((of.empty() ? "" : of) + (flag.empty() ? name : flag), columns, among);
    return true;
  }

  // The kernel calls that the same API call makes besides.
  void along_with() {
    std::map<std::pair<std::string, std::size_t>, std::vector<Same>> others;
    for (const std::size_t i : here_) {
      std::map<std::string, std::size_t> seen;
      const Cell& cell = acts_[i]->cell;
      for (std::size_t c = 0; c < cell.calls.size(); ++c)
        if (c != cell.main_call) {
          const std::string& name = cell.calls[c]->name;
          others[{name, seen[name]++}].push_back({i, cell.calls[c], &acts_[i]->named[c]});
        }
    }
    for (const auto& [which, calls] : others) {
      const std::string nth = which.second == 0 ? "" : fmt::format(" ({})", which.second + 1);
      Columns with;
      for (const Same& each : calls) with.push_back(each.column);
      only(fmt::format("hidden {}{}", which.first, nth), with, here_);
      if (calls.size() > 1) arguments(calls, fmt::format("{}{}: ", which.first, nth));
    }
  }

  const std::vector<std::string>& names_;
  View view_;
  std::span<const Act* const> acts_;
  Columns here_;
  Findings found_;
};

void ends(const Comparison& comparison, const RoleTable& table, Findings& found) {
  Values values;
  for (std::size_t i = 0; i < table.sides.size(); ++i)
    if (table.sides[i] != nullptr) values.add(i, end_text(*table.sides[i]));
  if (values.differ())
    found.differences.push_back(fmt::format("end: {}", values.text(comparison.columns)));
}

// What became of the sockets that the program left open.
void never_closed(const Comparison& comparison, const RoleTable& table, Findings& found) {
  std::map<std::string, std::map<std::string, std::set<std::size_t>>> left; // socket, how, who
  for (std::size_t i = 0; i < table.sides.size(); ++i) {
    if (table.sides[i] == nullptr) continue;
    const Story& story = *comparison.traces[i].story;
    for (const auto& [id, socket] : story.sockets)
      if (&story.sides[socket.side] == table.sides[i] && socket.never_closed())
        left[socket.last->role == "listening" ? "the listening socket" : "the connection's socket"]
            [closing_text(story, socket)]
                .insert(i);
  }
  const auto sides = std::ranges::count_if(table.sides, [](const Side* s) { return s != nullptr; });
  for (const auto& [which, ways] : left)
    for (const auto& [how, who] : ways) {
      const Columns columns(who.begin(), who.end());
      const bool all = columns.size() == static_cast<std::size_t>(sides);
      (all ? found.alike : found.differences)
          .push_back(fmt::format("{}: {}: {}{}", which, how, all ? "in " : "only in ",
                                 names_text(comparison.columns, columns)));
    }
}

} // namespace

std::string names_text(const std::vector<std::string>& columns,
                       std::span<const std::size_t> held_by) {
  if (held_by.size() == columns.size()) return "all";
  std::string out;
  for (std::size_t i = 0; i < held_by.size(); ++i) {
    if (i > 0) out += i + 1 == held_by.size() ? " and " : ", ";
    out += columns[held_by[i]];
  }
  return out;
}

Findings row_findings(const Comparison& comparison, std::span<const Act* const> acts) {
  return RowFinder(comparison, acts).run();
}

Findings role_findings(const Comparison& comparison, const RoleTable& table) {
  Findings found;
  Columns missing;
  for (std::size_t i = 0; i < table.sides.size(); ++i)
    if (table.sides[i] == nullptr) missing.push_back(i);
  if (!missing.empty())
    found.differences.push_back(
        fmt::format("no {} in {}", table.role, names_text(comparison.columns, missing)));
  ends(comparison, table, found);
  never_closed(comparison, table, found);
  return found;
}

} // namespace socktale::reports
