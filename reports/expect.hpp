// A table of what a trace is expected to show, read from JSON: the document's claims, or a
// teacher's. Only reads and holds it; judge.hpp compares it with a story.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace socktale::reports {

// An expected value: a number, a text (a constant, flags with '|', an address, bytes), an array or
// some members of a structure.
struct ExpectedMember;
struct Expected {
  using Items = std::vector<Expected>;
  using Members = std::vector<ExpectedMember>;
  std::variant<std::int64_t, std::string, Items, Members> is;
};
struct ExpectedMember {
  std::string name;
  Expected value;
};
[[nodiscard]] std::string to_text(const Expected& expected);

// Whatever of a row is given is compared; the rest may be anything.
struct ExpectedRow {
  std::string role;  // empty: any side
  std::string api;   // an expression, a function's name, or a pattern with '*'; empty: any
  std::string claim; // the kernel call as its source prints it, for showing
  std::string name;  // of the kernel call; empty: any
  Expected::Members args;
  std::optional<std::int64_t> result;
  std::string error; // "EADDRINUSE"; empty: not compared
};

struct Expectation {
  static constexpr int current_version = 1;
  std::string title;
  bool in_order = true; // the rows of a role come in this order
  std::vector<ExpectedRow> rows;
};

// Throws UserError(bad_data) that says where; `source` names the text in the message.
[[nodiscard]] Expectation parse_expectation(std::string_view json, const std::string& source);
// Throws UserError: no_input, or as parse_expectation.
[[nodiscard]] Expectation read_expectation(const std::string& path);

// reports/reference/hello-hi.json as it was built in.
[[nodiscard]] const Expectation& hello_hi();

} // namespace socktale::reports
