#include "tracer/cli/output.hpp"

#include "tracer/base/errors.hpp"
#include "tracer/base/result.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace socktale::cli {
namespace {

constexpr std::size_t default_width = 100;
constexpr std::size_t smallest_width = 40;

std::size_t width_of(std::FILE* out) {
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return std::max<std::size_t>(size.ws_col, smallest_width);
  if (const char* columns = std::getenv("COLUMNS")) {
    std::size_t width = 0;
    const std::string_view text = columns;
    if (std::from_chars(text.data(), text.data() + text.size(), width).ec == std::errc{} &&
        width > 0)
      return std::clamp<std::size_t>(width, smallest_width, 1000);
  }
  return default_width;
}

[[noreturn]] void cannot_create(const std::string& path, int code) {
  throw UserError(
      Exit::no_output,
      {tr("cannot create {path}: {why}"), {{"path", path}, {"why", meaning_of_errno(code)}}},
      tr("choose a file in a folder that exists and that you may write to"));
}

void write_all(std::FILE* file, const std::string& text, const Said& name) {
  const bool written =
      std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
  if (written) return;
  // A reader that has seen enough (head, a pager) is no trouble of the writer's.
  if (errno == EPIPE) return;
  throw UserError(Exit::io_error,
                  {tr("writing {path}: {why}"), {{"path", name}, {"why", meaning_of_errno(errno)}}},
                  tr("is the disk full?"));
}

bool is_plain_file_or_new(const std::string& path) {
  struct stat about{};
  return stat(path.c_str(), &about) != 0 || S_ISREG(about.st_mode);
}

} // namespace

bool use_colour(Colour wish, std::FILE* out) {
  if (wish != Colour::automatic) return wish == Colour::always;
  const char* no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* term = std::getenv("TERM");
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  return isatty(fileno(out)) != 0;
}

reports::Options view(Colour wish, Language language, std::FILE* out) {
  reports::Options options;
  options.language = language;
  options.colour = use_colour(wish, out);
  options.width = width_of(out);
  return options;
}

void tell_user(Language language, const Phrase& form, const Said& what, const Said& hint) {
  fmt::print(stderr, "{}\n", say(language, {form, {{"what", what}}}));
  if (!hint.empty())
    fmt::print(stderr, "{}\n", say(language, {tr("hint: {hint}"), {{"hint", hint}}}));
}

void keep_off_terminal(const std::string& path, bool binary) {
  if (!binary || !(path.empty() || path == "-") || isatty(STDOUT_FILENO) == 0) return;
  throw UserError(Exit::usage, tr("this format is no text: it would upset the terminal"),
                  tr("give it a file with -o, or send it through a pipe"));
}

void write_output(const std::string& path, const std::string& text) {
  if (path.empty() || path == "-") return write_all(stdout, text, tr("standard output"));
  // A device or a pipe is written to; a file is replaced by a whole one.
  const bool replace = is_plain_file_or_new(path);
  const std::string name = replace ? fmt::format("{}.{}.part", path, getpid()) : path;
  std::FILE* file = std::fopen(name.c_str(), "we");
  if (file == nullptr) cannot_create(path, errno);
  try {
    write_all(file, text, as_it_is(path));
  } catch (...) {
    std::fclose(file);
    if (replace) std::filesystem::remove(name);
    throw;
  }
  std::fclose(file);
  if (replace && std::rename(name.c_str(), path.c_str()) != 0) {
    const int code = errno;
    std::filesystem::remove(name);
    cannot_create(path, code);
  }
}

OutputFile open_output(const std::string& path) {
  if (path.empty()) return OutputFile(stderr);
  if (path == "-") return OutputFile(stdout);
  OutputFile file(std::fopen(path.c_str(), "we"));
  if (!file) cannot_create(path, errno);
  return file;
}

} // namespace socktale::cli
