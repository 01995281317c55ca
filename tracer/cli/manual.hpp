// The man page and the shells' completions, made of what the command line says of itself and of the
// rows of explain. Knows no command by name but the one whose words are calls and errors.
#pragma once

#include <string>

#include <CLI/App.hpp>

namespace socktale::cli {

// socktale.1, in English.
[[nodiscard]] std::string man_page(const CLI::App& app);

[[nodiscard]] std::string bash_completion(const CLI::App& app);
[[nodiscard]] std::string zsh_completion(const CLI::App& app);
[[nodiscard]] std::string fish_completion(const CLI::App& app);

} // namespace socktale::cli
