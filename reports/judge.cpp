#include "reports/judge.hpp"

#include "reports/facts.hpp"
#include "reports/steps.hpp"
#include "reports/strace_text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

std::string without_spaces(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
  return out;
}

// '*' stands for any text, also none. Linear: the first place where a piece fits is good enough.
bool matches_pattern(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  text.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  for (std::size_t next = pattern.find('*'); next != std::string_view::npos;
       next = pattern.find('*')) {
    const std::size_t found = text.find(pattern.substr(0, next));
    if (found == std::string_view::npos) return false;
    text.remove_prefix(found + next);
    pattern.remove_prefix(next + 1);
  }
  return text.ends_with(pattern);
}

std::set<std::string> flag_set(std::string_view text) {
  std::set<std::string> out;
  while (!text.empty()) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    out.insert(without_spaces(text.substr(0, bar)));
    text.remove_prefix(std::min(bar + 1, text.size()));
  }
  return out;
}

// PF_* and AF_* are the same numbers, see socket(2).
bool same_family(std::string_view claimed, std::string_view observed) {
  return claimed.starts_with("PF_") && observed.starts_with("AF_") &&
         claimed.substr(3) == observed.substr(3);
}

// What a row says of one value, compared with it.
class ValueJudge {
 public:
  explicit ValueJudge(std::vector<Part>& parts) : parts_(parts) {}

  void field(const std::string& where, const Expected& claimed, const model::Field& observed) {
    std::visit([&](const auto& is) { compare(where, is, claimed, observed.shown()); }, claimed.is);
  }

 private:
  void compare(const std::string& where, std::int64_t number, const Expected& claimed,
               const model::Value& observed) {
    if (number_of(observed) != number) add(Part::Kind::differs, where, claimed, observed);
  }

  void compare(const std::string& where, const std::string& text, const Expected& claimed,
               const model::Value& observed) {
    if (same_text(text, observed)) return;
    const auto* symbol = observed.get<model::Symbol>();
    const bool spelling = symbol && same_family(text, symbol->name);
    add(spelling ? Part::Kind::spelling : Part::Kind::differs, where, claimed, observed);
  }

  void compare(const std::string& where, const Expected::Items& items, const Expected& claimed,
               const model::Value& observed) {
    const auto* list = observed.get<model::List>();
    if (!list) {
      const auto* only = items.size() == 1 ? std::get_if<std::int64_t>(&items[0].is) : nullptr;
      const bool same_number = only && number_of(observed) == *only;
      return add(same_number ? Part::Kind::form : Part::Kind::differs, where, claimed, observed);
    }
    if (list->length != items.size() || list->items.size() != items.size())
      return add(Part::Kind::differs, where, claimed, observed);
    for (std::size_t i = 0; i < items.size(); ++i)
      field(items.size() == 1 ? where : fmt::format("{}[{}]", where, i), items[i],
            {"", list->items[i], {}});
  }

  void compare(const std::string& where, const Expected::Members& members, const Expected& claimed,
               const model::Value& observed) {
    if (!observed.get<model::Struct>()) return add(Part::Kind::differs, where, claimed, observed);
    for (const auto& [name, value] : members) {
      const std::string inner = fmt::format("{}.{}", where, name);
      if (const model::Field* found = member(observed, name))
        field(inner, value, *found);
      else
        parts_.push_back({Part::Kind::absent, inner, to_text(value), ""});
    }
  }

  static bool same_text(const std::string& text, const model::Value& observed) {
    if (const auto* flags = observed.get<model::Flags>(); flags && flags->rest == 0)
      return flag_set(text) == std::set<std::string>(flags->names.begin(), flags->names.end());
    if (const auto* name = observed.get<model::Text>()) return name->text == text;
    if (const auto* bytes = observed.get<model::Bytes>())
      return bytes->data == text && bytes->length == text.size();
    if (const auto* made = observed.get<model::Made>(); made && !made->of.empty())
      if (same_text(text, made->of.back())) return true;
    return without_spaces(value_text(observed)) == without_spaces(text);
  }

  void add(Part::Kind kind, const std::string& where, const Expected& claimed,
           const model::Value& observed) {
    parts_.push_back({kind, where, to_text(claimed), plain_text(observed)});
  }

  // 42398 for htons(42398), 127.0.0.1 for inet_addr("127.0.0.1"): as claims are written.
  static std::string plain_text(const model::Value& value) {
    const auto* made = value.get<model::Made>();
    if (!made || made->of.empty()) return value_text(value);
    const auto* text = made->of.back().get<model::Text>();
    return text ? text->text : value_text(made->of.back());
  }

  std::vector<Part>& parts_;
};

bool is_pattern(const std::string& api) { return api.find('*') != std::string::npos; }
bool is_expression(const std::string& api) { return api.find('(') != std::string::npos; }

// Which steps a row speaks of; worked out once a row.
class RowMatcher {
 public:
  explicit RowMatcher(const ExpectedRow& row)
      : row_(row),
        is_pattern_(is_pattern(row.api)),
        api_(is_pattern_              ? without_spaces(row.api)
             : is_expression(row.api) ? callee_of(row.api)
                                      : row.api),
        known_(api_row(api_)) {}

  [[nodiscard]] bool speaks_of(const Story& story, const Step& step) const {
    if (!row_.role.empty() && story.sides[step.side].role != row_.role) return false;
    if (is_pattern_) return matches_pattern(api_, without_spaces(step.place().text));
    if (row_.api.empty())
      return std::ranges::any_of(step.calls,
                                 [&](const auto* call) { return call->name == row_.name; });
    if (step.api == api_) return true;
    // The same call of another language: accept() and accept4() both are what accept is.
    return known_ && is_user_code(step.place()) && lists(known_->kernel, step.main().name);
  }

 private:
  const ExpectedRow& row_;
  bool is_pattern_;
  std::string api_;
  const ApiRow* known_;
};

const model::Call& call_meant(const ExpectedRow& row, const Step& step) {
  const auto named =
      std::ranges::find_if(step.calls, [&](const auto* call) { return call->name == row.name; });
  return named != step.calls.end() ? **named : step.main();
}

// The text of the row's expression need only be the end of what was written: a receiver may be left
// out. Where it differs, the call is still the same one.
void compare_expression(const ExpectedRow& row, const Step& step, std::vector<Part>& parts) {
  if (!is_expression(row.api) || is_pattern(row.api)) return;
  const std::string& text = step.place().text;
  if (!text.empty() && !without_spaces(text).ends_with(without_spaces(row.api)))
    parts.push_back({Part::Kind::wording, "api", row.api, text});
}

std::vector<Part> compare_row(const ExpectedRow& row, const Step& step) {
  std::vector<Part> parts;
  compare_expression(row, step, parts);
  const model::Call& call = call_meant(row, step);
  if (!row.name.empty() && row.name != call.name)
    parts.push_back({Part::Kind::differs, "name", row.name, call.name});
  ValueJudge values(parts);
  for (const auto& [name, value] : row.args) {
    if (const model::Field* field = argument(call, name))
      values.field(name, value, *field);
    else
      parts.push_back({Part::Kind::absent, name, to_text(value), ""});
  }
  const bool result_differs =
      row.result &&
      (!call.outcome || (call.outcome->error != 0 ? -1 : call.outcome->result) != *row.result);
  if (result_differs)
    parts.push_back(
        {Part::Kind::differs, "result", fmt::to_string(*row.result), result_text(call)});
  if (!row.error.empty() && (!call.outcome || call.outcome->error_name != row.error))
    parts.push_back({Part::Kind::differs, "error", row.error, result_text(call)});
  return parts;
}

std::size_t differences(const std::vector<Part>& parts) {
  return static_cast<std::size_t>(std::ranges::count_if(parts, [](const Part& part) {
    return part.kind != Part::Kind::spelling && part.kind != Part::Kind::wording;
  }));
}

class Judge {
 public:
  Judge(const Expectation& expectation, const Story& story) : story_(story) {
    verdict_.expectation = &expectation;
    for (const ExpectedRow& row : expectation.rows) matchers_.emplace_back(row);
  }

  Verdict run() {
    const std::vector<ExpectedRow>& rows = verdict_.expectation->rows;
    for (std::size_t i = 0; i < rows.size(); ++i)
      verdict_.rows.push_back(judge_row(rows[i], matchers_[i]));
    list_left_out();
    return std::move(verdict_);
  }

 private:
  // The unused step that fits best; of equals the first.
  RowVerdict judge_row(const ExpectedRow& row, const RowMatcher& matcher) {
    RowVerdict best;
    best.row = &row;
    const Index from = verdict_.expectation->in_order ? next_[row.role] : 0;
    for (Index i = from; i < story_.steps.size(); ++i) {
      const Step& step = story_.steps[i];
      if (used_.contains(i) || !matcher.speaks_of(story_, step)) continue;
      std::vector<Part> parts = compare_row(row, step);
      if (best.step && differences(parts) >= differences(best.parts)) continue;
      best.step = i;
      best.call = &call_meant(row, step);
      best.parts = std::move(parts);
      if (differences(best.parts) == 0) break;
    }
    if (!best.step) return best;
    used_.insert(*best.step);
    next_[row.role] = *best.step + 1;
    best.is = differences(best.parts) == 0 ? RowVerdict::Is::same : RowVerdict::Is::differs;
    return best;
  }

  void list_left_out() {
    std::map<std::tuple<Index, std::string, std::string, bool>, std::size_t> known;
    for (Index i = 0; i < story_.steps.size(); ++i) {
      const Step& step = story_.steps[i];
      const bool told = std::ranges::any_of(
          matchers_, [&](const RowMatcher& row) { return row.speaks_of(story_, step); });
      for (std::size_t c = 0; c < step.calls.size(); ++c) {
        const bool named = std::ranges::any_of(
            verdict_.rows, [&](const RowVerdict& row) { return row.call == step.calls[c]; });
        if (named || (told && !step.hides(c))) continue;
        const auto [at, fresh] = known.try_emplace(
            {step.side, step.api, step.calls[c]->name, step.hides(c)}, verdict_.left_out.size());
        if (fresh)
          verdict_.left_out.push_back(
              {step.side, step.api, step.calls[c]->name, step.hides(c), 0, i});
        ++verdict_.left_out[at->second].count;
      }
    }
    std::ranges::sort(verdict_.left_out, {}, [](const LeftOut& each) {
      return std::tuple(each.side, each.first_step, each.hidden, std::string_view(each.kernel));
    });
  }

  const Story& story_;
  Verdict verdict_;
  std::vector<RowMatcher> matchers_; // of the rows, in their order
  std::set<Index> used_;
  std::map<std::string, Index> next_; // by role: the first step that may still come
};

} // namespace

bool Verdict::holds() const {
  return std::ranges::all_of(rows,
                             [](const RowVerdict& row) { return row.is == RowVerdict::Is::same; });
}

Verdict judge(const Expectation& expectation, const Story& story) {
  return Judge(expectation, story).run();
}

std::optional<Verdict> judge_document(const Story& story) {
  if (story.trace->header.document != "hello-hi") return std::nullopt;
  Verdict verdict = judge(hello_hi(), story);
  const bool none = std::ranges::all_of(
      verdict.rows, [](const RowVerdict& row) { return row.is == RowVerdict::Is::missing; });
  return none ? std::nullopt : std::optional(std::move(verdict));
}

} // namespace socktale::reports
