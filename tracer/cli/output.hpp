// Where text goes: a file or standard output, and what a terminal can show. Never makes the text.
#pragma once

#include "reports/options.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace socktale::cli {

enum class Colour { automatic, always, never };

// Colours when asked for, or on a terminal unless NO_COLOR (https://no-color.org) or TERM=dumb.
[[nodiscard]] bool use_colour(Colour wish, std::FILE* out);

// Options of a report that goes to `out`: its language, colours and width.
[[nodiscard]] reports::Options view(Colour wish, Language language, std::FILE* out);

// Says `what` on standard error, as `form` has it ("error: {what}"), and below it a hint, if any.
void tell_user(Language language, const Phrase& form, const Said& what, const Said& hint);

// Throws UserError(usage) where something that is no text would go to a terminal.
void keep_off_terminal(const std::string& path, bool binary);

// Writes all of `text` to `path`, or to standard output when it is empty or "-". A file appears
// whole or not at all. Throws UserError: no_output or io_error.
void write_output(const std::string& path, const std::string& text);

// A file that is written bit by bit; "-" is standard output, and nothing is standard error. Throws
// UserError(no_output).
struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdout && file != stderr) std::fclose(file);
  }
};
using OutputFile = std::unique_ptr<std::FILE, CloseFile>;
[[nodiscard]] OutputFile open_output(const std::string& path);

} // namespace socktale::cli
