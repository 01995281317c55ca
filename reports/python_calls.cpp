#include "reports/python_calls.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace socktale::reports {
namespace {

using Kind = PyToken::Kind;

constexpr std::size_t longest_name = 200;
constexpr std::size_t most_indents = 100; // as CPython's tokenizer allows

// Divides the tokens into statements and tells their suites.
class Statements {
 public:
  Statements(const PySource& source, std::vector<PyStatement>& out) : source_(source), out_(out) {}

  bool run() {
    const auto& tokens = source_.tokens();
    for (PyIndex first = 0; first < tokens.size();) {
      PyIndex last = first;
      while (tokens[last].kind != Kind::line_end) ++last; // the last token is one
      if (!enter_suite(source_.indent(tokens[first].at))) return false;
      logical_line(first, last);
      first = last + 1;
    }
    return true;
  }

 private:
  struct Suite {
    std::size_t indent = 0;
    PyIndex id = 0;
    std::optional<PyIndex> parent;
  };

  bool enter_suite(std::size_t indent) {
    while (!suites_.empty() && indent < suites_.back().indent) suites_.pop_back();
    if (!suites_.empty() && indent == suites_.back().indent) return true;
    const bool within = !out_.empty() && header_;
    if (suites_.empty() ? indent != 0 || !out_.empty() : !within || closed_ != suites_.size())
      return false;
    if (suites_.size() >= most_indents) return false;
    const auto parent = suites_.empty() ? std::nullopt : std::optional(header_at_);
    suites_.push_back({indent, next_suite_++, parent});
    return true;
  }

  void logical_line(PyIndex first, PyIndex last) {
    header_ = false;
    int depth = 0;
    PyIndex begin = first;
    bool colon = false; // of a header, an annotation or a lambda
    header_at_ = out_.size();
    for (PyIndex i = first; i <= last; ++i) {
      const PyToken& token = source_.tokens()[i];
      if (token.kind == Kind::mark) {
        const char c = token.text.front();
        if (c == '(' || c == '[' || c == '{') ++depth;
        if (c == ')' || c == ']' || c == '}') --depth;
        if (depth == 0 && token.text == ":") colon = true;
      }
      const bool ends = i == last || (depth == 0 && token.is(";"));
      if (!ends) continue;
      if (i > begin) add(begin, i, !colon);
      begin = i + 1;
    }
    header_ = colon && source_.tokens()[last - 1].is(":");
    closed_ = suites_.size();
  }

  void add(PyIndex first, PyIndex last, bool plain) {
    const auto& tokens = source_.tokens();
    PyStatement statement{first,
                          last,
                          tokens[first].at,
                          tokens[last - 1].at + tokens[last - 1].text.size(),
                          suites_.back().parent,
                          suites_.back().id,
                          plain};
    const bool type_alias = tokens[first].is("type") && tokens[first + 1].kind == Kind::name;
    if (tokens[first].is("@") || tokens[first].is("assert") || type_alias) statement.plain = false;
    out_.push_back(statement);
  }

  const PySource& source_;
  std::vector<PyStatement>& out_;
  std::vector<Suite> suites_;
  PyIndex next_suite_ = 0;
  PyIndex header_at_ = 0;  // the first statement of the last logical line
  bool header_ = false;    // that line ended with ':'
  std::size_t closed_ = 0; // how many suites it was in
};

// Finds the calls of one statement.
class Calls {
 public:
  Calls(const PySource& source, PyProgram& program) : source_(source), program_(program) {}

  void run(PyIndex statement) {
    statement_ = statement;
    const PyStatement& is = program_.statements[statement];
    levels_.clear();
    levels_.push_back({add_bracket(std::nullopt), {}, 0});
    for (PyIndex i = is.first; i < is.last; ++i) token(i, is.first);
    levels_.clear();
  }

 private:
  // The operand that is being read: a name with attributes, or the result of a call with one.
  struct Operand {
    bool active = false;
    bool plain = false;   // name and receiver say what it is
    bool callable = true; // false: "def f" is followed by parameters
    std::size_t begin = 0;
    std::string name;
    std::optional<PyIndex> receiver;
  };
  struct Level {
    PyIndex bracket = 0;
    Operand operand;
    bool call = false; // the brackets of a call
  };

  PyIndex add_bracket(std::optional<PyIndex> around) {
    program_.brackets.push_back({around, {}, statement_, 0, false});
    return program_.brackets.size() - 1;
  }

  void token(PyIndex i, PyIndex first) {
    const PyToken& token = source_.tokens()[i];
    const bool after_dot = i > first && source_.tokens()[i - 1].is(".");
    switch (token.kind) {
    case Kind::name: return name(token, after_dot, i > first ? &source_.tokens()[i - 1] : nullptr);
    case Kind::mark: return mark(token);
    case Kind::string:
      if (!(levels_.back().operand.active && i > first &&
            source_.tokens()[i - 1].kind == Kind::string))
        begin_other(token.at);
      return;
    case Kind::number: return begin_other(token.at);
    case Kind::line_end: return;
    }
  }

  void begin_other(std::size_t at) { levels_.back().operand = {true, false, true, at, {}, {}}; }

  void name(const PyToken& token, bool after_dot, const PyToken* before) {
    Operand& operand = levels_.back().operand;
    if (after_dot && operand.active) return attribute(operand, token.text);
    if (after_dot) return begin_other(token.at);
    if (is_python_keyword(token.text)) {
      operand = {};
      return keyword(token.text);
    }
    const bool defined = before != nullptr && (before->is("def") || before->is("class"));
    operand = {true, true, !defined, token.at, std::string(token.text), {}};
  }

  static void attribute(Operand& operand, std::string_view name) {
    // After a call the name is the attribute's alone, and a second one is of something unknown.
    const bool first_of_result = operand.receiver && operand.name.empty();
    if (operand.receiver && !first_of_result) operand.plain = false;
    if (operand.name.size() + name.size() > longest_name) operand.plain = false;
    if (!operand.plain) return;
    if (!operand.name.empty()) operand.name += '.';
    operand.name += name;
  }

  void keyword(std::string_view word) {
    PyBracket& bracket = program_.brackets[levels_.back().bracket];
    constexpr std::array choices = {"lambda", "if", "else", "and", "or", "for"};
    if (std::ranges::find(choices, word) != choices.end()) bracket.choice = true;
    if (word == "in" || word == "is") ++bracket.comparisons;
  }

  void mark(const PyToken& token) {
    const char c = token.text.front();
    if (c == '(' || c == '[' || c == '{') return open(token);
    if (c == ')' || c == ']' || c == '}') return close(token.at + 1);
    if (token.text == ".") return;
    constexpr std::array comparisons = {"<", ">", "<=", ">=", "==", "!="};
    if (std::ranges::find(comparisons, token.text) != comparisons.end())
      ++program_.brackets[levels_.back().bracket].comparisons;
    levels_.back().operand = {};
  }

  void open(const PyToken& token) {
    Operand& operand = levels_.back().operand;
    const bool call = token.text == "(" && operand.active && operand.callable;
    if (!operand.active) begin_other(token.at);
    if (token.text == "[") levels_.back().operand.plain = false;
    levels_.push_back({add_bracket(levels_.back().bracket), {}, call});
  }

  void close(std::size_t end) {
    const Level inner = std::move(levels_.back());
    if (levels_.size() == 1) return; // the tokens' brackets match: never so
    levels_.pop_back();
    Operand& operand = levels_.back().operand;
    if (!inner.call) return;
    const PyIndex index = program_.calls.size();
    program_.brackets[inner.bracket].call = index;
    PyCall call;
    call.begin = operand.begin;
    call.end = end;
    call.bracket = levels_.back().bracket;
    call.statement = statement_;
    if (operand.plain) {
      call.name = std::move(operand.name);
      call.receiver = operand.receiver;
    }
    // Whatever the text between them, what this one is called on was made before.
    if (operand.receiver) program_.calls[*operand.receiver].next = index;
    program_.calls.push_back(std::move(call));
    operand = {true, true, true, operand.begin, {}, index};
  }

  const PySource& source_;
  PyProgram& program_;
  PyIndex statement_ = 0;
  std::vector<Level> levels_;
};

} // namespace

bool begins_with(const PySource& source, const PyStatement& statement, std::string_view word) {
  const auto& tokens = source.tokens();
  const bool later = tokens[statement.first].is("async") && statement.first + 1 < statement.last;
  return tokens[statement.first + (later ? 1 : 0)].is(word);
}

PyProgram parse_python(const PySource& source) {
  PyProgram program;
  if (!Statements(source, program.statements).run()) return {};
  Calls calls(source, program);
  for (PyIndex i = 0; i < program.statements.size(); ++i) calls.run(i);
  return program;
}

} // namespace socktale::reports
