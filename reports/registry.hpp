// The report formats by name: one file and one row each.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <span>
#include <string>
#include <string_view>

namespace socktale::reports {

struct Format {
  std::string_view name;    // "markdown", as --to takes it
  std::string_view summary; // one line for --help
  std::string (*render)(const Story&, const Options&);
  bool binary = false; // nothing for a terminal
};

[[nodiscard]] std::span<const Format> formats();
// nullptr: no such format.
[[nodiscard]] const Format* format(std::string_view name);

} // namespace socktale::reports
