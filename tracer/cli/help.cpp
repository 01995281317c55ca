#include "tracer/cli/help.hpp"

#include "tracer/base/text.hpp"

#include <array>
#include <optional>
#include <utility>

namespace socktale::cli {
namespace {

// What CLI11 2.x calls the parts of its help.
constexpr std::array labels = {tr("Usage"),    tr("OPTIONS"),     tr("SUBCOMMAND"),
                               tr("REQUIRED"), tr("Positionals"), tr("Excludes")};
// Groups of its own, which are shown by name.
[[maybe_unused]] constexpr std::array groups = {tr("Options"), tr("Subcommands")};

// What CLI11 2.x says when it is not content, the special before the general.
constexpr std::array messages = {
    tr("A subcommand is required"),
    tr("{name} is required"),
    tr("The following argument was not expected: {arguments}"),
    tr("The following arguments were not expected: {arguments}"),
    tr("Could not convert: {name} = {value}"),
    tr("{name}: Value {value} not in range {least} to {most}"),
    tr("{name}: Value {value} could not be converted"),
    tr("{name}: {value} not in {values}"),
    tr("{name}: Check {value} value in {values} FAILED"),
    tr("{name}: {count} required {type} missing"),
    tr("{name}: At least {least} required but received {count}"),
    tr("{name}: At Most {most} required but received {count}"),
    tr("{name} excludes {other}"),
};

// The words of `text` if it is `pattern` with its placeholders filled in.
std::optional<Words> words_in(std::string_view text, std::string_view pattern) {
  Words words;
  for (;;) {
    const std::size_t open = pattern.find('{');
    if (!text.starts_with(pattern.substr(0, open))) return std::nullopt;
    if (open == std::string_view::npos)
      return text == pattern ? std::optional(std::move(words)) : std::nullopt;
    text.remove_prefix(open);
    const std::size_t close = pattern.find('}', open);
    const std::string_view name = pattern.substr(open + 1, close - open - 1);
    pattern.remove_prefix(close + 1);
    const std::string_view next = pattern.substr(0, pattern.find('{'));
    const std::size_t end = next.empty() ? text.size() : text.find(next);
    if (end == std::string_view::npos) return std::nullopt;
    words.emplace_back(name, text.substr(0, end));
    text.remove_prefix(end);
  }
}

} // namespace

Language language_of(int argc, const char* const* argv) {
  std::optional<Language> asked;
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view word = argv[i];
    if (word == "--lang" && i + 1 < argc) asked = language_coded(argv[i + 1]);
    if (word.starts_with("--lang=")) asked = language_coded(word.substr(word.find('=') + 1));
  }
  return asked.value_or(language_of_environment());
}

Help::Help(Language language) : language_(language) {
  for (const Phrase& each : labels) label(std::string(each.one), say(language_, each));
}

std::string Help::translated(const std::string& text) const {
  return std::string(translate(language_, text));
}

std::string Help::entry(const std::string& name, const std::string& text) const {
  const std::string margin(get_column_width(), ' ');
  std::string out = "  " + name;
  const std::size_t used = display_width(out);
  if (!text.empty()) {
    out += used < margin.size() ? margin.substr(used) : "\n" + margin;
    for (const char c : text) out += c == '\n' ? "\n" + margin : std::string(1, c);
  }
  return out + "\n";
}

std::string Help::make_group(std::string group, bool is_positional,
                             std::vector<const CLI::Option*> options) const {
  return Formatter::make_group(translated(group), is_positional, std::move(options));
}

std::string Help::make_description(const CLI::App* app) const {
  const std::string text = translated(app->get_description());
  return text.empty() ? text : text + "\n";
}

std::string Help::make_footer(const CLI::App* app) const {
  const std::string text = translated(app->get_footer());
  return text.empty() ? text : text + "\n";
}

std::string Help::make_subcommand(const CLI::App* app) const {
  return entry(app->get_display_name(true), translated(app->get_description()));
}

std::string Help::make_option(const CLI::Option* option, bool is_positional) const {
  return entry(make_option_name(option, is_positional) + make_option_opts(option),
               translated(option->get_description()));
}

Said said_of(const CLI::ParseError& error) {
  const std::string_view text = error.what();
  for (const Phrase& message : messages)
    if (auto words = words_in(text, message.one)) return {message, std::move(*words)};
  return as_it_is(std::string(text));
}

} // namespace socktale::cli
