// What the names in a Python source mean as far as sockets go: the socket module, its functions,
// sockets and their files. Only what every binding of a name in its scope agrees on is known.
#pragma once

#include "reports/python_calls.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socktale::reports {

enum class PyMeaning {
  other,    // or not known
  module,   // the socket module
  function, // of the socket module
  socket,   // a socket object
  file,     // what makefile() gives
  pair,     // what socketpair() gives: two sockets
  accepted, // what accept() gives: a socket and an address
  nothing,  // None
};

// What a call calls.
struct PyCallee {
  PyMeaning on = PyMeaning::other; // module, socket or file; other: none of these, or not known
  std::string name;                // "htons", "close"
};

class PyNames {
 public:
  // Both must outlive it.
  PyNames(const PySource& source, const PyProgram& program);

  [[nodiscard]] PyCallee callee(const PyCall& call) const;

 private:
  using Scope = std::size_t; // the statement that opens it ("def", "class"), plus one; 0: module
  struct Known {
    PyMeaning is = PyMeaning::nothing;
    std::string function; // of the socket module
    bool operator==(const Known&) const = default;
  };
  using Table = std::map<std::pair<Scope, std::string>, Known, std::less<>>;

  void find_scopes();
  void find_globals();
  bool collect(bool hopeful);
  void statement(PyIndex index);
  void imports(const PyStatement& statement, Scope scope);
  void from_import(const PyStatement& statement, Scope scope);
  void definition(PyIndex index, Scope scope);
  void managers(const PyStatement& statement, Scope scope);
  void assignments(PyIndex begin, PyIndex last, Scope scope);
  void scattered(const PyStatement& statement, Scope scope);

  void bind(Scope scope, std::string name, const Known& known);
  void bind_target(Scope scope, PyIndex first, PyIndex last, const Known& value);
  [[nodiscard]] const PyToken& token(PyIndex i) const { return source_.tokens()[i]; }
  // The first such mark or word outside brackets in [first, last); `last` when there is none.
  [[nodiscard]] PyIndex find(std::string_view mark, PyIndex first, PyIndex last) const;
  // "a.b" of exactly these tokens; empty when they are something else.
  [[nodiscard]] std::string dotted(PyIndex first, PyIndex last) const;

  [[nodiscard]] std::optional<Known> value_of(Scope scope, PyIndex first, PyIndex last) const;
  [[nodiscard]] std::optional<Known> result_of(const PyCall& call) const;
  [[nodiscard]] std::optional<PyCallee> resolve(const PyCall& call) const;
  [[nodiscard]] std::optional<Known> look_up(Scope scope, std::string_view name) const;

  const PySource& source_;
  const PyProgram& program_;
  std::vector<Scope> scope_of_;                                    // of each statement
  std::vector<bool> is_class_;                                     // of each scope
  std::vector<Scope> around_;                                      // of each scope
  std::map<std::pair<Scope, std::string>, Scope> redirected_;      // global and nonlocal
  std::map<std::pair<std::size_t, std::size_t>, PyIndex> call_at_; // by begin and end
  bool star_ = false;                                              // from socket import *
  bool hopeful_ = false; // what is not known yet may still turn out to be one
  Table table_;          // of the last pass
  Table next_;
};

} // namespace socktale::reports
