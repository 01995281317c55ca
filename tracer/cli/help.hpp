// The command line's own words: help and usage errors in the reader's language. Knows no command.
#pragma once

#include "reports/text/text.hpp"

#include <CLI/CLI.hpp>

namespace socktale::cli {

// The language of help and errors: what --lang says before any "--", else the environment's.
[[nodiscard]] Language language_of(int argc, const char* const* argv);

// CLI11's help with our texts, and CLI11's own words, in a language.
class Help final : public CLI::Formatter {
 public:
  explicit Help(Language language);
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* app) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;

 private:
  [[nodiscard]] std::string translated(const std::string& text) const;
  // A name in its column, and what it is for.
  [[nodiscard]] std::string entry(const std::string& name, const std::string& text) const;

  Language language_;
};

// What CLI11 says of a wrong command line; in English where it has words that we do not know.
[[nodiscard]] Said said_of(const CLI::ParseError& error);

} // namespace socktale::cli
