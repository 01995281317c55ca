// The calls in a Python source, with their exact spans, and the statements that they are in. Says
// what is written and in which order Python comes to it (The Python Language Reference, 6.16 and
// 8); never what a name means.
#pragma once

#include "reports/python_tokens.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace socktale::reports {

using PyIndex = std::size_t; // of a call, bracket, statement or token

// A simple statement, or the header of a compound one ("if x:"), with what follows on its line.
struct PyStatement {
  PyIndex first = 0, last = 0; // tokens; `last` is one past
  std::size_t begin = 0, end = 0;
  std::optional<PyIndex> parent; // the header of the suite that it is in
  PyIndex suite = 0;             // statements of one suite have the same, and run in their order
  // A simple statement that runs whole when it runs: no header, nothing on a header's line, no
  // assert (python -O leaves them out).
  bool plain = false;
};

// A pair of brackets, or a statement's outermost level.
struct PyBracket {
  std::optional<PyIndex> around;
  std::optional<PyIndex> call; // whose arguments it holds
  PyIndex statement = 0;
  int comparisons = 0; // a chain of them stops at the first that does not hold
  bool choice = false; // holds a lambda, a conditional, "and", "or" or a comprehension
  [[nodiscard]] bool all_run() const { return !choice && comparisons < 2; }
};

struct PyCall {
  std::size_t begin = 0, end = 0; // one past its ')'
  // "socket.htons"; empty: called is something else than a name with attributes.
  std::string name;
  // Of socket.socket().close: the call whose result has the attribute `name`.
  std::optional<PyIndex> receiver;
  std::optional<PyIndex> next; // the call of which this is the receiver
  PyIndex bracket = 0;         // that it stands in
  PyIndex statement = 0;
};

struct PyProgram {
  std::vector<PyStatement> statements;
  std::vector<PyBracket> brackets; // the outer one before those within
  std::vector<PyCall> calls;       // in the order of their ends: a receiver or argument goes before
};

// Linear in the size of the source. Nothing of a source whose indentation is none of Python's.
[[nodiscard]] PyProgram parse_python(const PySource& source);

// Whether the statement begins with `word`, or with "async" and `word`.
[[nodiscard]] bool begins_with(const PySource& source, const PyStatement& statement,
                               std::string_view word);

} // namespace socktale::reports
