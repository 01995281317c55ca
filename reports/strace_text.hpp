// A recorded call as strace(1) prints it. Text for people and for comparing; never parsed back.
// Owns the spelling of every kind of value; which arguments there are is the recorder's matter.
#pragma once

#include "tracer/model/event.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace socktale::reports {

// Bytes of a buffer that are shown before "..." (strace's -s).
inline constexpr std::size_t default_string_limit = 32;

// How a whole line is spelt: strace's -s, what stands behind a descriptor (strace's -yy), and
// whether bytes that strace shows as such are told by what they mean.
struct Spelling {
  std::size_t string_limit = default_string_limit;
  std::function<std::string(int)> descriptor; // "<TCP:[...]>"; empty: nothing is known of it
  bool meanings = true;
  // An interface's name by its index, which strace looks up; nothing: it has none.
  std::function<std::string(std::int64_t)> interface{};
};

[[nodiscard]] std::string value_text(const model::Value& value,
                                     std::size_t string_limit = default_string_limit);

// One argument, both of its values where they differ: "[128 => 16]". Without its name.
[[nodiscard]] std::string field_text(const model::Field& field,
                                     std::size_t string_limit = default_string_limit);

// What stands between the brackets: "3, {sa_family=AF_INET, ...}, 16".
[[nodiscard]] std::string arguments_text(const model::Call& call,
                                         std::size_t string_limit = default_string_limit);

// "bind(3, {sa_family=AF_INET, ...}, 16)"; a call that never returned says so.
[[nodiscard]] std::string invocation_text(const model::Call& call,
                                          std::size_t string_limit = default_string_limit);

// What follows the "= ": "3", "-1 EADDRINUSE (Address already in use)", "?".
[[nodiscard]] std::string result_text(const model::Call& call,
                                      std::size_t string_limit = default_string_limit);

// Both: "close(3) = 0".
[[nodiscard]] std::string call_text(const model::Call& call,
                                    std::size_t string_limit = default_string_limit);

// The name that strace has for it: "send" where i386's socketcall(2) was asked for that.
[[nodiscard]] std::string strace_name(const model::Call& call);

// A call in the two parts that strace prints at its entry and at its return, and what comes after
// the "= ". They are cut where the kernel has to fill something in: "accept(3, ".
[[nodiscard]] std::string entry_text(const model::Call& call, const Spelling& spelling);
[[nodiscard]] std::string return_text(const model::Call& call, const Spelling& spelling);
[[nodiscard]] std::string result_text(const model::Call& call, const Spelling& spelling);

// The C library's English text for an errno, whatever the locale; empty when it has none.
[[nodiscard]] std::string error_meaning(int error);

} // namespace socktale::reports
