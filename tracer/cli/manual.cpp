#include "tracer/cli/manual.hpp"

#include "reports/explain_rows.hpp"
#include "tracer/tables/syscalls.hpp"

#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace socktale::cli {
namespace {

// A line that groff(1) takes as text.
std::string roff(std::string_view text) {
  std::string out = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

// Lines that run on.
std::string paragraph(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  return roff(text) + '\n';
}

// Lines that stay as they are: examples.
std::string verbatim(std::string_view text) {
  std::string out = ".nf\n";
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    out += roff(line) + '\n';
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return out + ".fi\n";
}

std::string item(std::string_view name, std::string text) {
  return fmt::format(".TP\n\\fB{}\\fR\n{}", roff(name), paragraph(std::move(text)));
}

std::string list_of_options(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    const bool positional = option->get_positional();
    const std::string type = option->get_items_expected_max() > 0 ? option->get_type_name() : "";
    out += item(option->get_name(positional, true) + (type.empty() ? "" : " " + type),
                option->get_description());
  }
  return out;
}

std::string calls() {
  std::string out = ".SH CALLS\nThese calls are recorded; \"socktale explain CALL\" tells more.\n";
  for (const reports::CallPage& page : reports::call_pages())
    if (tables::by_name(page.name) != nullptr)
      out += item(page.name, std::string(page.purpose.one));
  return out;
}

std::string errors() {
  std::string out = ".SH ERRORS\nWhat the common errors of these calls usually come from.\n";
  for (const reports::ErrorPage& page : reports::error_pages())
    out += item(page.name, fmt::format("{} {}", page.cause.one, page.cure.one));
  return out;
}

} // namespace

std::string man_page(const CLI::App& app) {
  std::string out = ".TH SOCKTALE 1 \"\" \"socktale " SOCKTALE_VERSION "\" \"User Commands\"\n"
                    ".SH NAME\nsocktale \\- traces what programs do with sockets, and teaches it\n"
                    ".SH SYNOPSIS\n\\fBsocktale\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...]\n"
                    ".SH DESCRIPTION\n";
  out += paragraph(app.get_description());
  out += ".SH OPTIONS\n" + list_of_options(app) + ".SH COMMANDS\n";
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_group().empty()) continue;
    out += fmt::format(".SS socktale {}\n", roff(command->get_name()));
    out += paragraph(command->get_description()) + list_of_options(*command) + ".PP\n";
    out += verbatim(command->get_footer());
  }
  out += calls() + errors() + ".SH EXAMPLES AND EXIT STATUS\n" + verbatim(app.get_footer());
  return out + ".SH SEE ALSO\nstrace(1), socket(7), ss(8)\n";
}

} // namespace socktale::cli
