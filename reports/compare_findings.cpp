#include "reports/compare_findings.hpp"

#include "reports/compare_values.hpp"
#include "reports/wording.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// The names in a value that is a set of flags; nothing when it is none.
std::optional<std::vector<std::string>> flags_in(const model::Field* field) {
  if (field == nullptr) return std::vector<std::string>{};
  const model::Value& value = field->shown();
  if (const auto* flags = value.get<model::Flags>()) {
    std::vector<std::string> names(flags->names.begin(), flags->names.end());
    if (flags->rest != 0) names.push_back(fmt::format("{:#x}", flags->rest));
    return names;
  }
  if (const auto* symbol = value.get<model::Symbol>()) return std::vector{symbol->name.text()};
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
    arguments(mains, {});
    along_with();
    return std::move(found_);
  }

 private:
  void differs(Said text) { found_.differences.push_back(std::move(text)); }
  // `of`: the further kernel call that it is about; empty: the row's own.
  void differs(const Said& of, Said text) {
    differs(of.empty() ? std::move(text)
                       : Said(tr("{of}: {finding}"), {{"of", of}, {"finding", std::move(text)}}));
  }

  // What some of the columns have: "only in A", or "not in B" where that is shorter.
  void only(const Said& of, const Said& subject, const Columns& with, const Columns& among) {
    Columns without;
    std::ranges::set_difference(among, with, std::back_inserter(without));
    if (without.empty()) return;
    const bool few_lack_it = without.size() < with.size();
    const Words words = {{"subject", subject},
                         {"names", names_text(names_, few_lack_it ? without : with)}};
    if (subject.empty())
      differs({few_lack_it ? tr("not in {names}") : tr("only in {names}"), words});
    else
      differs(of, {few_lack_it ? tr("{subject} not in {names}") : tr("{subject} only in {names}"),
                   words});
  }

  void presence() {
    Columns all(acts_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    only({}, {}, here_, all);
  }

  void places() {
    Values lines;
    Values texts;
    for (const std::size_t i : here_) {
      const model::Place& place = acts_[i]->cell.main().place;
      lines.add(i, place.span.line > 0 ? Said(tr("line {line}"), {{"line", place.span.line}})
                                       : Said(tr("no known line")));
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
        values.add(i,
                   {tr("by {note}"), {{"note", expression_of(acts_[i]->cell.main().place).note}}});
      else
        values.add(i, tr("by a call"));
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
      names.add(i, as_it_is(call.name));
      ways.add(i, as_it_is(other ? fmt::format("{} → {}", call.place.libc, call.name)
                                 : call.name.text()));
    }
    if (names.differ() || (view_ == View::runs && ways.differ()))
      differs(ways.text(names_));
    else if (view_ == View::languages && renamed && !ways.differ() && here_.size() == acts_.size())
      found_.alike.push_back(ways.text(names_));
  }

  void loops() {
    Values times;
    for (const std::size_t i : here_) {
      const std::size_t count = acts_[i]->cell.times;
      times.add(i, count == 1 ? Said(tr("once"))
                              : Said(tr("{count} times in a row"), {{"count", count}}));
    }
    if (times.differ()) differs(times.text(names_));
  }

  void arguments(const std::vector<Same>& calls, const Said& of) {
    std::vector<std::string> names;
    for (const Same& each : calls)
      for (const model::Field& field : each.call->args)
        if (std::ranges::find(names, field.name) == names.end()) names.push_back(field.name);
    for (const std::string& name : names) argument(calls, of, name);
    Values results;
    for (const Same& each : calls)
      results.add(each.column, as_it_is(each.named->result.text), each.named->result.hash);
    if (results.differ()) differs(of, {tr("result: {values}"), {{"values", results.text(names_)}}});
  }

  void argument(const std::vector<Same>& calls, const Said& of, const std::string& name) {
    if (flags(calls, of, name)) return;
    Values values;
    for (const Same& each : calls) {
      const RenamedText* text = text_named(*each.named, name);
      if (text == nullptr) return; // another kernel call without it, which is said already
      values.add(each.column, as_it_is(text->text), text->hash);
    }
    if (values.look_alike())
      differs(of, {tr("{name} is not the same after its beginning, {value}"),
                   {{"name", name}, {"value", values.held().front().value}}});
    else if (values.differ())
      differs(of, {tr("{name}: {values}"), {{"name", name}, {"values", values.text(names_)}}});
  }

  // Flags are told one by one. False when the argument is no set of flags.
  bool flags(const std::vector<Same>& calls, const Said& of, const std::string& name) {
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
      only(of, as_it_is(flag.empty() ? name : flag), columns, among);
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
      const std::string call =
          which.second == 0 ? which.first : fmt::format("{} ({})", which.first, which.second + 1);
      Columns with;
      for (const Same& each : calls) with.push_back(each.column);
      only({}, {tr("hidden {call}"), {{"call", call}}}, with, here_);
      if (calls.size() > 1) arguments(calls, as_it_is(call));
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
    found.differences.push_back(
        {tr("end: {values}"), {{"values", values.text(comparison.columns)}}});
}

// Sockets that the program left open, and in which columns.
struct Left {
  Said which, how;
  std::set<std::size_t> who;
};

// What became of the sockets that the program left open.
void never_closed(const Comparison& comparison, const RoleTable& table, Findings& found) {
  std::map<std::pair<std::string, std::string>, Left> left; // by what is said
  for (std::size_t i = 0; i < table.sides.size(); ++i) {
    if (table.sides[i] == nullptr) continue;
    const Story& story = *comparison.traces[i].story;
    for (const auto& [id, socket] : story.sockets) {
      if (&story.sides[socket.side] != table.sides[i] || !socket.never_closed()) continue;
      const Said which = socket.last->role == "listening" ? tr("the listening socket")
                                                          : tr("the connection's socket");
      const Said how = closing_text(story, socket);
      Left& each =
          left.try_emplace({fill_in(which), fill_in(how)}, Left{which, how, {}}).first->second;
      each.who.insert(i);
    }
  }
  const auto sides = std::ranges::count_if(table.sides, [](const Side* s) { return s != nullptr; });
  for (const auto& [said, each] : left) {
    const Columns columns(each.who.begin(), each.who.end());
    const bool all = columns.size() == static_cast<std::size_t>(sides);
    const Words words = {{"which", each.which},
                         {"how", each.how},
                         {"names", names_text(comparison.columns, columns)}};
    if (all)
      found.alike.emplace_back(tr("{which}: {how}: in {names}"), words);
    else
      found.differences.emplace_back(tr("{which}: {how}: only in {names}"), words);
  }
}

} // namespace

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
        {tr("no {role} in {names}"),
         {{"role", role_text(table.role)}, {"names", names_text(comparison.columns, missing)}}});
  ends(comparison, table, found);
  never_closed(comparison, table, found);
  return found;
}

} // namespace socktale::reports
