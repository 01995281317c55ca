// The rows behind explain.hpp. Data only.
#pragma once

#include "tracer/base/said.hpp"

#include <span>
#include <string_view>

namespace socktale::reports {

struct CallPage {
  std::string_view name;
  Phrase purpose;
  Phrase c;                // functions of the C library that make it
  Phrase python;           // functions and methods that make it
  std::string_view errors; // that programs meet, '|' between names
  std::string_view manual; // page of section 2
};
[[nodiscard]] std::span<const CallPage> call_pages();

// What an argument is for. The first row that names the call, or no call, is taken.
struct ArgumentPage {
  std::string_view calls; // '|' between names; empty: any
  std::string_view name;
  Phrase meaning;
};
[[nodiscard]] std::span<const ArgumentPage> argument_pages();

struct ErrorPage {
  std::string_view name;
  int number;
  Phrase cause; // the usual one, in a program that uses sockets
  Phrase cure;
};
[[nodiscard]] std::span<const ErrorPage> error_pages();

} // namespace socktale::reports
