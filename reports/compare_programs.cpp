#include "reports/compare_programs.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

struct LanguageRow {
  std::string_view mark, language;
};
// An interpreter's name says more than its own sources, so these come first.
constexpr std::array runtimes = {LanguageRow{"CPython", "Python"}, LanguageRow{"node", "Node"},
                                 LanguageRow{"nodejs", "Node"},    LanguageRow{"java", "Java"},
                                 LanguageRow{"ruby", "Ruby"},      LanguageRow{"perl", "Perl"}};
constexpr std::array endings = {LanguageRow{"py", "Python"}, LanguageRow{"cpp", "C++"},
                                LanguageRow{"cc", "C++"},    LanguageRow{"cxx", "C++"},
                                LanguageRow{"hpp", "C++"},   LanguageRow{"c", "C"},
                                LanguageRow{"go", "Go"},     LanguageRow{"rs", "Rust"},
                                LanguageRow{"js", "Node"},   LanguageRow{"java", "Java"}};

template <std::size_t n>
std::string_view row_of(const std::array<LanguageRow, n>& rows, std::string_view mark) {
  const auto* row = std::ranges::find(rows, mark, &LanguageRow::mark);
  return row != rows.end() ? row->language : std::string_view{};
}

std::string_view base(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// The names of the user's source files that the side was seen in.
std::set<std::string> sources_of(const Story& story, const Side& side) {
  std::set<std::string> out;
  for (const Index step : side.steps)
    if (is_user_code(story.steps[step].place())) out.emplace(base(story.steps[step].place().file));
  return out;
}

std::string program_of(const Side& side) {
  if (side.runs != nullptr) return std::string(base(side.runs->exe));
  return side.argv.empty() ? "" : std::string(base(side.argv.front()));
}

// Empty: unknown.
std::string language_of(const Story& story, const Side& side) {
  if (side.runs != nullptr)
    if (const auto known = row_of(runtimes, side.runs->runtime); !known.empty())
      return std::string(known);
  if (const auto known = row_of(runtimes, program_of(side)); !known.empty())
    return std::string(known);
  for (const std::string& file : sources_of(story, side))
    if (const auto known = row_of(endings, file.substr(file.rfind('.') + 1)); !known.empty())
      return std::string(known);
  return "";
}

std::string stem(const std::string& file) {
  const std::string_view name = base(file);
  return std::string(name.substr(0, name.rfind('.')));
}

// "Python"; of two languages "Python + C++"; the file's name where none is known.
std::string languages_of(const Compared& trace) {
  std::vector<std::string> found;
  for (const Side& side : trace.story->sides) {
    std::string language = language_of(*trace.story, side);
    if (!language.empty() && std::ranges::find(found, language) == found.end())
      found.push_back(std::move(language));
  }
  std::string out;
  for (const std::string& language : found) out += (out.empty() ? "" : " + ") + language;
  return out.empty() ? stem(trace.file) : out;
}

// Adds what `more` gives to each name that is there twice.
void tell_apart(std::vector<std::string>& names, auto more) {
  const std::vector<std::string> before = names;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::ranges::count(before, before[i]) > 1)
      names[i] = fmt::format("{} ({})", before[i], more(i));
}

bool same_program(const Story& a, const Side& one, const Story& b, const Side& other) {
  if (program_of(one) != program_of(other)) return false;
  const std::set<std::string> left = sources_of(a, one);
  const std::set<std::string> right = sources_of(b, other);
  // A run that ended early was not seen in all of its files.
  if (!left.empty() && !right.empty())
    return std::ranges::any_of(left, [&](const std::string& file) { return right.contains(file); });
  const auto script = [](const Side& side) {
    return side.argv.size() > 1 ? base(side.argv[1]) : std::string_view{};
  };
  return program_of(one) == program_of(other) && script(one) == script(other);
}

bool any_shared_role(std::span<const Compared> traces) {
  const Story& first = *traces.front().story;
  return std::ranges::all_of(traces, [&](const Compared& trace) {
    return std::ranges::any_of(trace.story->sides, [&](const Side& side) {
      return std::ranges::find(first.sides, side.role, &Side::role) != first.sides.end();
    });
  });
}

} // namespace

std::string_view view_word(View view) { return view == View::runs ? "runs" : "languages"; }

View view_of(std::span<const Compared> traces) {
  for (const RoleTable& table : matched_sides(traces)) {
    const Side* first = nullptr;
    std::size_t of = 0;
    for (std::size_t i = 0; i < table.sides.size(); ++i) {
      const Side* side = table.sides[i];
      if (side == nullptr) continue;
      if (first == nullptr) {
        first = side;
        of = i;
      } else if (!same_program(*traces[of].story, *first, *traces[i].story, *side)) {
        return View::languages;
      }
    }
  }
  return View::runs;
}

std::vector<std::string> column_names(std::span<const Compared> traces, View view) {
  std::vector<std::string> names;
  for (const Compared& trace : traces)
    names.push_back(view == View::runs ? stem(trace.file) : languages_of(trace));
  if (view == View::languages)
    tell_apart(names, [&](std::size_t i) { return stem(traces[i].file); });
  tell_apart(names, [](std::size_t i) { return i + 1; });
  return names;
}

std::vector<RoleTable> matched_sides(std::span<const Compared> traces) {
  std::vector<RoleTable> out;
  const bool by_role = any_shared_role(traces);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const std::vector<Side>& sides = traces[i].story->sides;
    for (std::size_t s = 0; s < sides.size(); ++s) {
      auto at = by_role ? std::ranges::find(out, sides[s].role, &RoleTable::role)
                        : out.begin() + static_cast<std::ptrdiff_t>(std::min(s, out.size()));
      if (at == out.end()) {
        RoleTable table;
        table.role = sides[s].role;
        table.sides.resize(traces.size());
        at = out.insert(out.end(), std::move(table));
      }
      at->sides[i] = &sides[s];
    }
  }
  return out;
}

} // namespace socktale::reports
