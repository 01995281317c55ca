#include "reports/uncalled.hpp"

#include "reports/python_calls.hpp"
#include "reports/python_names.hpp"
#include "reports/uncalled_rows.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace socktale::reports {
namespace {

constexpr std::size_t most_found = 10'000;
constexpr std::size_t most_source = std::size_t{1} << 20U; // the recorder keeps less of a file
constexpr std::size_t longest_text = 160;

// Where in a file the traced programs were seen.
struct Seen {
  bool python = false;
  std::set<std::pair<std::int32_t, std::int32_t>>
      ends;                     // line and column that an expression ends at
  std::set<std::int32_t> lines; // where only the line is known
  std::set<std::pair<std::int32_t, std::int32_t>> begins;
};

class Sightings {
 public:
  explicit Sightings(const model::Trace& trace) {
    for (const model::Event& event : trace.events) {
      if (const auto* call = std::get_if<model::Call>(&event.body)) {
        if (is_user_code(call->place)) add(call->place.file, call->place.span);
      } else if (const auto* stack = std::get_if<model::Stack>(&event.body)) {
        for (const model::Frame& frame : stack->frames)
          if (!frame.file.empty())
            add(frame.file, frame.span).python |= frame.language == model::Language::python;
      }
    }
  }
  [[nodiscard]] const Seen* of(const std::string& file) const {
    const auto found = files_.find(file);
    return found == files_.end() ? nullptr : &found->second;
  }

 private:
  Seen& add(const std::string& file, const model::Span& span) {
    Seen& seen = files_[file];
    if (span.line <= 0) return seen;
    seen.begins.insert({span.line, span.column});
    if (span.end_line > 0 && span.end_column > 0)
      seen.ends.insert({span.end_line, span.end_column});
    else
      seen.lines.insert(span.line);
    return seen;
  }

  std::map<std::string, Seen, std::less<>> files_;
};

bool is_python(const std::string& file, const Seen& seen) {
  return seen.python || file.ends_with(".py") || file.ends_with(".pyw");
}

// One source, held against what was seen of it.
class Finder {
 public:
  Finder(const model::SourceFile& source, const Seen& seen)
      : file_(source), seen_(seen), source_(source.text), program_(parse_python(source_)) {}

  void run(std::vector<Uncalled>& out) {
    if (program_.calls.empty()) return;
    mark_seen();
    mark_reached();
    mark_ran();
    const PyNames names(source_, program_);
    std::vector<Uncalled> found;
    for (PyIndex i = 0; i < program_.calls.size(); ++i) {
      if (call_seen_[i] || on_seen_line(program_.calls[i])) continue;
      const UncalledRow* row = uncalled_row(names.callee(program_.calls[i]));
      if (row == nullptr) continue;
      if (out.size() + found.size() >= most_found) break;
      const PyCall& call = program_.calls[i];
      found.push_back({&file_, source_.span(call.begin, call.end), one_line(call),
                       std::string(row->name), known_[i], row->does});
    }
    std::ranges::sort(found, {}, [](const Uncalled& each) {
      return std::tuple(each.span.line, each.span.column, each.span.end_line, each.span.end_column);
    });
    std::ranges::move(found, std::back_inserter(out));
  }

 private:
  // No two calls end in the same place.
  void mark_seen() {
    for (const PyCall& call : program_.calls) {
      const model::Span span = source_.span(call.begin, call.end);
      call_seen_.push_back(seen_.ends.contains({span.end_line, span.end_column}));
    }
  }

  // Of a program before Python 3.11 only lines are known: any call on them may have been the one.
  bool on_seen_line(const PyCall& call) const {
    if (seen_.lines.empty()) return false;
    const model::Span span = source_.span(call.begin, call.end);
    const auto line = seen_.lines.lower_bound(span.line);
    return line != seen_.lines.end() && *line <= span.end_line;
  }

  // Whoever is in a statement has run all those before it in its block, and so on outwards.
  void mark_reached() {
    const auto& statements = program_.statements;
    reached_.assign(statements.size(), false);         // by suite: up to where, see below
    std::vector<PyIndex> before(statements.size(), 0); // of each suite: statements before run
    for (const auto& [line, column] : seen_.begins) {
      const auto index = statement_at(line, column);
      for (std::optional<PyIndex> at = index; at; at = statements[*at].parent) {
        PyIndex& limit = before[statements[*at].suite];
        if (limit >= *at) break; // so are those around it
        limit = *at;
      }
    }
    for (PyIndex i = 0; i < statements.size(); ++i) reached_[i] = i < before[statements[i].suite];
  }

  std::optional<PyIndex> statement_at(std::int32_t line, std::int32_t column) const {
    const auto& statements = program_.statements;
    const std::size_t start = source_.line_start(line);
    if (start >= source_.text().size()) return std::nullopt;
    // Without a column the first statement that the line has a part of.
    const std::size_t at = start + static_cast<std::size_t>(std::max(column, 1)) - 1;
    const auto next = std::ranges::upper_bound(statements, at, {}, &PyStatement::end);
    if (next == statements.end()) return std::nullopt;
    const std::size_t line_end = source_.line_start(line + 1);
    const bool in = column > 0 ? next->begin <= at : next->begin < line_end;
    return in ? std::optional(static_cast<PyIndex>(next - statements.begin())) : std::nullopt;
  }

  void mark_ran() {
    const auto& calls = program_.calls;
    known_.assign(calls.size(), Known::in_source);
    std::vector<std::optional<Known>> ran(calls.size()); // nothing: not known to have run
    // What a call stands in or is the object of ends after it.
    for (PyIndex i = calls.size(); i-- > 0;) {
      if (call_seen_[i]) {
        ran[i] = Known::ran_within; // for what is within it
        continue;
      }
      if (calls[i].next) ran[i] = ran[*calls[i].next];
      if (!ran[i]) ran[i] = surely_run(calls[i].bracket, ran);
      if (ran[i]) known_[i] = *ran[i];
    }
  }

  // Whether all that stands in a bracket was run, and how that is known. Brackets nest at most 200
  // deep.
  std::optional<Known> surely_run(PyIndex bracket,
                                  const std::vector<std::optional<Known>>& ran) const {
    for (std::optional<PyIndex> at = bracket; at; at = program_.brackets[*at].around) {
      const PyBracket& is = program_.brackets[*at];
      if (!is.all_run()) return std::nullopt;
      if (is.call) return ran[*is.call];
      if (is.around) continue;
      const bool statement = program_.statements[is.statement].plain && reached_[is.statement];
      return statement ? std::optional(Known::ran_earlier) : std::nullopt;
    }
    return std::nullopt;
  }

  std::string one_line(const PyCall& call) const {
    std::string out;
    bool space = false;
    for (const char c : source_.text().substr(call.begin, call.end - call.begin)) {
      if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
        space = !out.empty();
        continue;
      }
      if (out.size() >= longest_text) return cut(out);
      if (space) out += ' ';
      space = false;
      out += c;
    }
    return out;
  }
  // At the end of a whole character.
  static std::string cut(std::string text) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
      text.pop_back();
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0U) text.pop_back();
    return text + "...";
  }

  const model::SourceFile& file_;
  const Seen& seen_;
  PySource source_;
  PyProgram program_;
  std::vector<bool> call_seen_;
  std::vector<bool> reached_; // statements that ran whole
  std::vector<Known> known_;
};

struct KnownRow {
  Known known;
  std::string_view word;
  Phrase text;
};
constexpr std::array known_rows = {
    KnownRow{Known::in_source, "in-source", tr("in the source, no kernel call seen")},
    KnownRow{Known::ran_within, "ran-within",
             tr("ran, no kernel call seen: it is part of a call that was seen")},
    KnownRow{Known::ran_earlier, "ran-earlier",
             tr("ran, no kernel call seen: a later line of its block was seen")},
};

const KnownRow& row_of(Known known) {
  return *std::ranges::find(known_rows, known, &KnownRow::known);
}

} // namespace

std::vector<Uncalled> find_uncalled(const Story& story) {
  std::vector<Uncalled> found;
  if (story.sources.empty()) return found;
  const Sightings sightings(*story.trace);
  std::set<std::string_view> done; // a trace from elsewhere may name a file twice
  for (const model::SourceFile* source : story.sources) {
    const Seen* seen = sightings.of(source->file);
    if (seen == nullptr || !is_python(source->file, *seen) || source->changed) continue;
    if (source->text.size() > most_source || !done.insert(source->file).second) continue;
    Finder(*source, *seen).run(found);
  }
  return found;
}

std::string_view known_word(Known known) { return row_of(known).word; }
Phrase known_text(Known known) { return row_of(known).text; }

} // namespace socktale::reports
