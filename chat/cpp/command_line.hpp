// What both programs do around their conversation: options in, prompts, failures out. It knows
// addresses but makes no socket call.
#pragma once

#include "address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat {

struct Program {
  std::string_view name;
  std::string_view purpose;
  std::uint16_t lowest_port; // a server may leave the choice to the kernel with 0
  void (*body)(const Address&);
};

/// Runs the program on the address that the options name and returns its exit status: 1 after a
/// failed call, 2 after wrong usage. Both are told on stderr, as "error: ..." and "hint: ...".
int run(const Program& program, int argc, char** argv);

/// Shows the prompt and returns the line typed; nothing at the end of the input (Ctrl-D).
[[nodiscard]] std::optional<std::string> ask(std::string_view prompt);

} // namespace chat
