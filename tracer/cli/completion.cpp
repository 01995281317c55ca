#include "reports/explain_rows.hpp"
#include "tracer/base/result.hpp"
#include "tracer/cli/lesson_files.hpp"
#include "tracer/cli/manual.hpp"

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace socktale::cli {
namespace {

// The commands that people are shown.
std::vector<const CLI::App*> commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); });
}

std::string names_of(const CLI::App& app, std::string_view between) {
  std::vector<std::string> names;
  for (const CLI::App* each : commands(app)) names.push_back(each->get_name());
  return fmt::format("{}", fmt::join(names, between));
}

// "-o --output": as they are typed.
std::vector<std::string> spellings(const CLI::Option& option) {
  std::vector<std::string> out;
  for (const std::string& name : option.get_snames()) out.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.push_back("--" + name);
  return out;
}

std::string options_of(const CLI::App& app) {
  std::vector<std::string> all;
  for (const CLI::Option* option : app.get_options())
    for (std::string& each : spellings(*option)) all.push_back(std::move(each));
  return fmt::format("{}", fmt::join(all, " "));
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

// What stands in the braces of "TEXT:{auto,always,never}"; nothing: any word, or a file.
std::string values_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return "";
  std::string values = type.substr(open + 1, close - open - 1);
  for (char& c : values)
    if (c == ',') c = ' ';
  return values;
}

// The words of "explain".
std::string topics() {
  std::vector<std::string_view> words;
  for (const reports::CallPage& page : reports::call_pages()) words.push_back(page.name);
  for (const reports::ErrorPage& page : reports::error_pages()) words.push_back(page.name);
  return fmt::format("{}", fmt::join(words, " "));
}

// The words of "lesson"; none where no lessons are.
std::string lessons() {
  std::vector<std::string> names;
  try {
    for (const reports::Lesson& lesson : all_lessons()) names.push_back(lesson.name);
  } catch (const UserError&) {
    return "";
  }
  return fmt::format("{}", fmt::join(names, " "));
}

// Commands whose argument is one of these words.
std::vector<std::pair<std::string_view, std::string>> arguments() {
  return {{"explain", topics()}, {"lesson", lessons()}};
}

// Cases of bash for options that want a value. `command`: a pattern.
std::string value_cases(const CLI::App& app, std::string_view command) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    const auto names = spellings(*option);
    if (names.empty() || !takes_value(*option)) continue;
    const std::string values = values_of(*option);
    std::vector<std::string> patterns;
    for (const std::string& name : names) patterns.push_back(fmt::format("{}:{}", command, name));
    out += fmt::format("    {}) _socktale_take {} ;;\n", fmt::join(patterns, "|"),
                       values.empty() ? "-f" : fmt::format("-W \"{}\"", values));
  }
  return out;
}

std::string bash_functions(const CLI::App& app) {
  std::string values;
  std::string words;
  for (const CLI::App* each : commands(app)) {
    values += value_cases(*each, each->get_name());
    words += fmt::format("    {}:-*) _socktale_take -W \"{} {}\" ;;\n", each->get_name(),
                         options_of(*each), options_of(app));
  }
  std::string given;
  for (const auto& [command, all] : arguments())
    given += fmt::format("    {}:*) _socktale_take -W \"{}\" ;;\n", command, all);
  return fmt::format(R"(_socktale_take() {{
  mapfile -t COMPREPLY < <(compgen "$@" -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
_socktale() {{
  local command= i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${{COMP_WORDS[i]}} in
    --) if ((i == COMP_CWORD - 1)); then _socktale_take -c; else _socktale_take -f; fi; return ;;
    {}) command=${{command:-${{COMP_WORDS[i]}}}} ;;
    esac
  done
  COMPREPLY=()
  case $command:${{COMP_WORDS[COMP_CWORD - 1]}} in
{}{}  *)
    case $command:${{COMP_WORDS[COMP_CWORD]}} in
    :*) _socktale_take -W "{} {}" ;;
{}{}    *) _socktale_take -f ;;
    esac ;;
  esac
}}
)",
                     names_of(app, "|"), values, value_cases(app, "*"), names_of(app, " "),
                     options_of(app), words, given);
}

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "'";
}

std::string fish_options(const CLI::App& app, std::string_view condition) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    if (spellings(*option).empty()) continue;
    out += fmt::format("complete -c socktale {}", condition);
    for (const std::string& name : option->get_snames()) out += " -s " + name;
    for (const std::string& name : option->get_lnames()) out += " -l " + name;
    const std::string values = values_of(*option);
    if (takes_value(*option)) out += values.empty() ? " -r -F" : " -x -a " + fish_quoted(values);
    out += " -d " + fish_quoted(option->get_description()) + '\n';
  }
  return out;
}

} // namespace

std::string bash_completion(const CLI::App& app) {
  return bash_functions(app) + "complete -o filenames -F _socktale socktale\n";
}

// zsh runs bash's completions.
std::string zsh_completion(const CLI::App& app) {
  return "#compdef socktale\nautoload -Uz bashcompinit && bashcompinit\n"
         "mapfile() { local line; COMPREPLY=(); while IFS= read -r line; do "
         "COMPREPLY+=(\"$line\"); done; }\n" +
         bash_functions(app) + "complete -o filenames -F _socktale socktale\n";
}

std::string fish_completion(const CLI::App& app) {
  std::string out = fish_options(app, "");
  for (const CLI::App* each : commands(app)) {
    out += fmt::format("complete -c socktale -n __fish_use_subcommand -f -a {} -d {}\n",
                       each->get_name(), fish_quoted(each->get_description()));
    out +=
        fish_options(*each, fmt::format("-n '__fish_seen_subcommand_from {}'", each->get_name()));
  }
  for (const auto& [command, all] : arguments())
    out += fmt::format("complete -c socktale -n '__fish_seen_subcommand_from {}' -f -a {}\n",
                       command, fish_quoted(all));
  return out + "complete -c socktale -n 'contains -- -- (commandline -opc)' -x -a "
               "'(__fish_complete_subcommand)'\n";
}

} // namespace socktale::cli
