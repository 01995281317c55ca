#include "reports/python_names.hpp"

#include <algorithm>
#include <array>

namespace socktale::reports {
namespace {

using Kind = PyToken::Kind;

constexpr int most_passes = 8;

struct Maker {
  PyMeaning on;
  std::string_view name;
  PyMeaning gives;
};
constexpr std::array makers = {
    Maker{PyMeaning::module, "socket", PyMeaning::socket},
    Maker{PyMeaning::module, "create_connection", PyMeaning::socket},
    Maker{PyMeaning::module, "create_server", PyMeaning::socket},
    Maker{PyMeaning::module, "fromfd", PyMeaning::socket},
    Maker{PyMeaning::module, "socketpair", PyMeaning::pair},
    Maker{PyMeaning::socket, "accept", PyMeaning::accepted},
    Maker{PyMeaning::socket, "dup", PyMeaning::socket},
    Maker{PyMeaning::socket, "makefile", PyMeaning::file},
};

bool opens_bracket(const PyToken& token) {
  return token.kind == Kind::mark &&
         std::string_view("([{").find(token.text) != std::string_view::npos;
}
bool closes_bracket(const PyToken& token) {
  return token.kind == Kind::mark &&
         std::string_view(")]}").find(token.text) != std::string_view::npos;
}

// "+=", "<<=" and the like.
bool is_augmented(const PyToken& token) {
  if (token.kind != Kind::mark || token.text.size() < 2 || !token.text.ends_with('=')) return false;
  return token.text.size() == 3 ||
         std::string_view("=!<>:").find(token.text.front()) == std::string_view::npos;
}

} // namespace

PyNames::PyNames(const PySource& source, const PyProgram& program)
    : source_(source), program_(program) {
  for (PyIndex i = 0; i < program.calls.size(); ++i)
    call_at_.try_emplace({program.calls[i].begin, program.calls[i].end}, i);
  find_scopes();
  find_globals();
  // A name's meaning can hang on others that are bound further down. What is unknown is first hoped
  // to agree with the rest, then given up until nothing changes any more.
  for (int pass = 0; pass < most_passes && collect(true); ++pass) {
  }
  for (int pass = 0; pass < most_passes; ++pass)
    if (!collect(false)) return;
  table_.clear(); // a longer chain of names than any that is meant
}

void PyNames::find_scopes() {
  const auto& statements = program_.statements;
  scope_of_.resize(statements.size());
  is_class_.assign(statements.size() + 1, false);
  around_.assign(statements.size() + 1, 0);
  for (PyIndex i = 0; i < statements.size(); ++i) {
    if (const auto parent = statements[i].parent) {
      const bool opens = begins_with(source_, statements[*parent], "def") ||
                         begins_with(source_, statements[*parent], "class");
      scope_of_[i] = opens ? *parent + 1 : scope_of_[*parent];
    }
    is_class_[i + 1] = begins_with(source_, statements[i], "class");
    around_[i + 1] = scope_of_[i];
  }
}

void PyNames::find_globals() {
  for (PyIndex i = 0; i < program_.statements.size(); ++i) {
    const PyStatement& is = program_.statements[i];
    const bool global = token(is.first).is("global");
    if (!global && !token(is.first).is("nonlocal")) continue;
    const Scope scope = scope_of_[i];
    for (PyIndex at = is.first + 1; at < is.last; ++at)
      if (token(at).kind == Kind::name)
        redirected_[{scope, std::string(token(at).text)}] = global ? 0 : around_[scope];
  }
}

// Goes through all bindings once; whether their meanings are others than in the last pass.
bool PyNames::collect(bool hopeful) {
  hopeful_ = hopeful;
  next_.clear();
  for (PyIndex i = 0; i < program_.statements.size(); ++i) statement(i);
  const bool changed = next_ != table_;
  table_.swap(next_);
  return changed;
}

void PyNames::statement(PyIndex index) {
  const PyStatement& is = program_.statements[index];
  const Scope scope = scope_of_[index];
  if (token(is.first).is("import")) return imports(is, scope);
  if (token(is.first).is("from")) return from_import(is, scope);
  if (begins_with(source_, is, "def") || begins_with(source_, is, "class"))
    return definition(index, scope);
  scattered(is, scope);
  if (begins_with(source_, is, "with")) managers(is, scope);
  // "if x: s = y" binds behind the colon, which an annotation has in its target.
  const bool header = is_python_keyword(token(is.first).text) || token(is.first).is("case");
  const PyIndex colon = header ? find(":", is.first, is.last) : is.last;
  assignments(colon < is.last ? colon + 1 : is.first, is.last, scope);
}

void PyNames::imports(const PyStatement& is, Scope scope) {
  for (PyIndex at = is.first + 1; at < is.last;) {
    const PyIndex end = find(",", at, is.last);
    const PyIndex as = find("as", at, end);
    const std::string module = dotted(at, as);
    const Known known{module == "socket" ? PyMeaning::module : PyMeaning::other, {}};
    if (as + 1 < end)
      bind(scope, std::string(token(as + 1).text), known);
    else
      bind(scope, module.substr(0, module.find('.')), known);
    at = end + 1;
  }
}

void PyNames::from_import(const PyStatement& is, Scope scope) {
  const PyIndex names = find("import", is.first, is.last) + 1;
  const bool of_socket = dotted(is.first + 1, std::min(names - 1, is.last)) == "socket";
  for (PyIndex at = names; at < is.last; ++at) {
    if (token(at).is("*")) star_ = star_ || of_socket;
    if (token(at).kind != Kind::name) continue;
    const std::string name(token(at).text);
    const bool renamed = at + 2 < is.last && token(at + 1).is("as");
    if (renamed) at += 2;
    bind(scope, std::string(token(at).text),
         of_socket ? Known{PyMeaning::function, name} : Known{PyMeaning::other, {}});
  }
}

// Its name, and its parameters in its own scope.
void PyNames::definition(PyIndex index, Scope scope) {
  const PyStatement& is = program_.statements[index];
  const bool later = token(is.first).is("async");
  const PyIndex name = is.first + (later ? 2 : 1);
  if (name >= is.last) return;
  bind(scope, std::string(token(name).text), {PyMeaning::other, {}});
  int depth = 0;
  for (PyIndex at = name + 1; at < is.last; ++at) {
    if (closes_bracket(token(at))) --depth;
    const PyToken& before = token(at - 1);
    const bool begins = before.is("(") || before.is(",") || before.is("*") || before.is("**");
    if (depth == 1 && begins && token(at).kind == Kind::name)
      bind(index + 1, std::string(token(at).text), {PyMeaning::other, {}});
    if (opens_bracket(token(at))) ++depth;
  }
}

// with A as a, B as b: or the same in brackets
void PyNames::managers(const PyStatement& is, Scope scope) {
  std::vector<PyIndex> item{is.first + (token(is.first).is("async") ? 2 : 1)}; // where it begins
  for (PyIndex at = item.front(); at < is.last; ++at) {
    if (opens_bracket(token(at))) item.push_back(at + 1);
    if (closes_bracket(token(at)) && item.size() > 1) item.pop_back();
    if (token(at).is(",")) item.back() = at + 1;
    if (!token(at).is("as")) continue;
    PyIndex end = at + 1;
    int depth = 0;
    while (end < is.last && (depth > 0 || !(token(end).is(",") || token(end).is(":") ||
                                            closes_bracket(token(end))))) {
      if (opens_bracket(token(end))) ++depth;
      if (closes_bracket(token(end))) --depth;
      ++end;
    }
    const auto value = value_of(scope, item.back(), at);
    if (value || !hopeful_)
      bind_target(scope, at + 1, end, value.value_or(Known{PyMeaning::other, {}}));
  }
}

// a = b = value, a: T = value, a += value
void PyNames::assignments(PyIndex begin, PyIndex last, Scope scope) {
  for (PyIndex at = begin; at < last; ++at)
    if (is_augmented(token(at))) return bind_target(scope, begin, at, {PyMeaning::other, {}});
  std::vector<std::pair<PyIndex, PyIndex>> targets;
  for (PyIndex end = find("=", begin, last); end < last; end = find("=", begin, last)) {
    targets.emplace_back(begin, std::min(end, find(":", begin, end)));
    begin = end + 1;
  }
  if (targets.empty()) return;
  const auto value = value_of(scope, begin, last);
  if (!value && hopeful_) return;
  for (const auto& [from, to] : targets)
    bind_target(scope, from, to, value.value_or(Known{PyMeaning::other, {}}));
}

// Bindings that stand anywhere: for x in, x := y, except E as x, lambda x:, case x.
void PyNames::scattered(const PyStatement& is, Scope scope) {
  const Known other{PyMeaning::other, {}};
  const bool with = begins_with(source_, is, "with");
  const bool pattern = token(is.first).is("case") && find(":", is.first, is.last) < is.last;
  const PyToken* within = nullptr; // the "for" or "lambda" whose names follow
  for (PyIndex at = is.first; at < is.last; ++at) {
    const PyToken& here = token(at);
    if (here.is("for") || here.is("lambda")) within = &here;
    if (within != nullptr && (within->is("for") ? here.is("in") : here.is(":"))) within = nullptr;
    if (here.kind != Kind::name || is_python_keyword(here.text)) continue;
    const bool walrus = at + 1 < is.last && token(at + 1).is(":=");
    const bool renamed = !with && at > is.first && token(at - 1).is("as");
    if (within != nullptr || walrus || renamed || (pattern && at > is.first))
      bind(scope, std::string(here.text), other);
  }
}

void PyNames::bind(Scope scope, std::string name, const Known& known) {
  if (known.is == PyMeaning::nothing || name.empty()) return;
  if (const auto elsewhere = redirected_.find({scope, name}); elsewhere != redirected_.end())
    scope = elsewhere->second;
  // self.x is the same in every function of a class.
  if (name.find('.') != std::string::npos)
    for (Scope outer = scope; outer != 0; outer = around_[outer])
      if (is_class_[outer]) {
        scope = outer;
        break;
      }
  const auto [at, fresh] = next_.try_emplace({scope, std::move(name)}, known);
  if (!fresh && at->second != known) at->second = {PyMeaning::other, {}};
}

void PyNames::bind_target(Scope scope, PyIndex first, PyIndex last, const Known& value) {
  const Known other{PyMeaning::other, {}};
  if (first < last && opens_bracket(token(first)) && closes_bracket(token(last - 1))) {
    ++first;
    --last;
  } else if (find(",", first, last) == last) {
    return bind(scope, dotted(first, last), value);
  }
  const bool sockets = value.is == PyMeaning::pair;
  for (std::size_t part = 0; first < last; ++part) {
    const PyIndex end = find(",", first, last);
    const bool socket = sockets || (value.is == PyMeaning::accepted && part == 0);
    const bool star = token(first).is("*");
    bind(scope, dotted(first + (star ? 1 : 0), end),
         socket && !star ? Known{PyMeaning::socket, {}} : other);
    first = end + 1;
  }
}

PyIndex PyNames::find(std::string_view mark, PyIndex first, PyIndex last) const {
  int depth = 0;
  for (PyIndex at = first; at < last; ++at) {
    if (closes_bracket(token(at))) --depth;
    if (depth == 0 && token(at).is(mark)) return at;
    if (opens_bracket(token(at))) ++depth;
  }
  return last;
}

std::string PyNames::dotted(PyIndex first, PyIndex last) const {
  std::string out;
  for (PyIndex at = first; at < last; ++at) {
    const bool name = (at - first) % 2 == 0;
    if (name ? token(at).kind != Kind::name || is_python_keyword(token(at).text)
             : !token(at).is("."))
      return {};
    out += token(at).text;
  }
  return out.ends_with('.') ? std::string() : out;
}

// Nothing: a name in it has no meaning yet.
std::optional<PyNames::Known> PyNames::value_of(Scope scope, PyIndex first, PyIndex last) const {
  if (first >= last) return Known{PyMeaning::other, {}};
  if (last - first == 1 && token(first).is("None")) return Known{};
  if (const std::string name = dotted(first, last); !name.empty()) return look_up(scope, name);
  const PyToken& end = token(last - 1);
  const auto call = call_at_.find({token(first).at, end.at + end.text.size()});
  return call == call_at_.end() ? Known{PyMeaning::other, {}}
                                : result_of(program_.calls[call->second]);
}

std::optional<PyNames::Known> PyNames::result_of(const PyCall& call) const {
  const auto callee = resolve(call);
  if (!callee) return std::nullopt;
  for (const Maker& maker : makers)
    if (maker.on == callee->on && maker.name == callee->name) return Known{maker.gives, {}};
  return Known{PyMeaning::other, {}};
}

std::optional<PyNames::Known> PyNames::look_up(Scope scope, std::string_view name) const {
  const bool attribute = name.find('.') != std::string_view::npos;
  for (Scope at = scope;; at = around_[at]) {
    // A class's own names are not seen by its functions (4.2.2), their common attributes are.
    if (attribute || at == scope || !is_class_[at])
      if (const auto found = table_.find(std::pair(at, std::string(name))); found != table_.end())
        return found->second;
    if (at == 0) break;
  }
  if (star_ && !attribute) return Known{PyMeaning::function, std::string(name)};
  return hopeful_ ? std::nullopt : std::optional(Known{PyMeaning::other, {}});
}

std::optional<PyCallee> PyNames::resolve(const PyCall& call) const {
  const auto method_of = [&](const std::optional<Known>& on,
                             std::string_view name) -> std::optional<PyCallee> {
    if (!on) return std::nullopt;
    const bool known =
        on->is == PyMeaning::module || on->is == PyMeaning::socket || on->is == PyMeaning::file;
    return known ? PyCallee{on->is, std::string(name)} : PyCallee{};
  };
  if (call.name.empty()) return PyCallee{};
  if (call.receiver) {
    // One level only: of a.b().c().d() nothing is said.
    const PyCall& receiver = program_.calls[*call.receiver];
    if (receiver.receiver) return PyCallee{};
    return method_of(result_of(receiver), call.name);
  }
  const Scope scope = scope_of_[call.statement];
  const std::size_t dot = call.name.rfind('.');
  if (dot != std::string::npos)
    return method_of(look_up(scope, std::string_view(call.name).substr(0, dot)),
                     std::string_view(call.name).substr(dot + 1));
  const auto known = look_up(scope, call.name);
  if (!known) return std::nullopt;
  return known->is == PyMeaning::function ? PyCallee{PyMeaning::module, known->function}
                                          : PyCallee{};
}

PyCallee PyNames::callee(const PyCall& call) const {
  const PyStatement& is = program_.statements[call.statement];
  // Parameters have a scope that begins within the header; patterns only look like calls.
  const bool pattern = token(is.first).is("case") && find(":", is.first, is.last) < is.last;
  if (pattern || begins_with(source_, is, "def") || begins_with(source_, is, "class")) return {};
  return resolve(call).value_or(PyCallee{});
}

} // namespace socktale::reports
