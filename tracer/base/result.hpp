// How things fail: Result for failures that the caller decides about, UserError for those that end
// the command. Never used for unreadable memory of the traced program, which is a value.
#pragma once

#include "tracer/base/said.hpp"

#include <expected>
#include <stdexcept>
#include <string>
#include <utility>

namespace socktale {

// What was tried, the errno it ended with (0: none), and anything more worth saying.
struct Error {
  std::string op;
  int code = 0;
  std::string detail;
  // "open trace.jsonl: Permission denied (detail)"
  [[nodiscard]] std::string text() const;
  // The same, to be said in any language.
  [[nodiscard]] Said said() const;
};

template <class T = void> using Result = std::expected<T, Error>;

// socktale's own exit codes, apart from those of the traced command. 64 and up follow sysexits(3),
// 126 and 127 are what a shell returns for the same trouble.
enum class Exit : int {
  ok = 0,
  differs = 1,        // check, compare: the answer is no
  usage = 64,         // the command line cannot be understood
  bad_data = 65,      // a file is not what it should be
  no_input = 66,      // a file cannot be opened
  internal = 70,      // a defect of socktale
  os_error = 71,      // the system refused something ordinary
  no_output = 73,     // output cannot be created
  io_error = 74,      // output broke off
  newer_schema = 76,  // a trace of a newer socktale
  no_permission = 77, // ptrace or seccomp is not allowed here
  not_executable = 126,
  not_found = 127,
};

// Ends the command: caught once in main and shown as "error: reason" and "hint: hint". what() is
// the reason in English.
class UserError : public std::runtime_error {
 public:
  UserError(Exit code, Said reason, Said hint)
      : std::runtime_error(fill_in(reason)),
        reason_(std::move(reason)),
        hint_(std::move(hint)),
        code_(code) {}
  // For what is not ours to translate.
  UserError(Exit code, std::string reason, std::string hint)
      : UserError(code, as_it_is(std::move(reason)), as_it_is(std::move(hint))) {}
  [[nodiscard]] const Said& reason() const { return reason_; }
  [[nodiscard]] const Said& hint() const { return hint_; }
  [[nodiscard]] Exit code() const { return code_; }

 private:
  Said reason_;
  Said hint_;
  Exit code_;
};

} // namespace socktale
