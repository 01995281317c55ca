#include "reports/terminal_text.hpp"

#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

constexpr std::size_t narrowest = 40;

// Select Graphic Rendition codes (ECMA-48), in the order of Style.
constexpr std::array<std::string_view, 9> codes = {"",   "1",  "2",  "32", "31",
                                                   "36", "35", "33", "34"};

std::size_t width_of(const Runs& runs) {
  std::size_t columns = 0;
  for (const Run& run : runs) columns += display_width(printable(run.text));
  return columns;
}

// The longest start of `text` that takes no more than `columns`, but at least one character.
std::string_view start_of(std::string_view text, std::size_t columns) {
  std::size_t taken = 0;
  std::size_t used = 0;
  while (taken < text.size()) {
    const auto point = front_code_point(text.substr(taken));
    const std::size_t size = point ? point->size : 1;
    const std::size_t wide = display_width(text.substr(taken, size));
    if (taken > 0 && used + wide > columns) break;
    used += wide;
    taken += size;
  }
  return text.substr(0, taken);
}

// Chinese and Japanese have no spaces: a line may end after any of their characters, except where
// the next one closes something or this one opens it (the rule of GB/T 15834).
bool may_end_after(std::string_view character, std::string_view next) {
  constexpr std::string_view closing = "，。、；：？！）》」』】”’…,.;:?!)]";
  constexpr std::string_view opening = "（《「『【“‘([";
  const auto ascii = [](std::string_view one) { return one.size() == 1; };
  if (ascii(character) && ascii(next)) return false;
  const std::size_t width_of_next = display_width(next); // 0: it belongs to the one before
  if (width_of_next == 0 || (display_width(character) != 2 && width_of_next != 2)) return false;
  return closing.find(next) == std::string_view::npos &&
         opening.find(character) == std::string_view::npos;
}

// A word with the spaces that follow it, or a character of a script without spaces.
std::string_view word_of(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto point = front_code_point(text.substr(at));
    const std::size_t size = point ? point->size : 1;
    const auto after = front_code_point(text.substr(at + size));
    if (text[at] == ' ')
      return text.substr(0, std::min(text.find_first_not_of(' ', at), text.size()));
    if (after && text[at + size] != ' ' &&
        may_end_after(text.substr(at, size), text.substr(at + size, after->size)))
      return text.substr(0, at + size);
    at += size;
  }
  return text;
}

std::string_view without_trailing_spaces(std::string_view text) {
  const std::size_t last = text.find_last_not_of(' ');
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// The runs, cut where they would take more than `columns`: something must be left for the text.
Runs cut(const Runs& runs, std::size_t columns) {
  Runs out;
  for (const Run& run : runs) {
    const std::size_t left = columns - std::min(columns, width_of(out));
    if (width_of({run}) <= left)
      out.push_back(run);
    else if (left > 1)
      out.push_back({column(run.text, left), run.style});
  }
  return out;
}

} // namespace

Style side_style(std::size_t side) {
  constexpr std::array styles = {Style::side_0, Style::side_1, Style::side_2, Style::side_3};
  return styles.at(side % styles.size());
}

std::string column(std::string_view text, std::size_t columns) {
  std::string out = printable(text);
  std::size_t width = display_width(out);
  if (width > columns && columns > 1) {
    out = std::string(start_of(out, columns - 1)) + "…";
    width = display_width(out);
  }
  if (width < columns) out.append(columns - width, ' ');
  return out;
}

TerminalText::TerminalText(const Options& options)
    : language_(options.language),
      colour_(options.colour),
      width_(std::max(options.width, narrowest)) {}

void TerminalText::put(std::string_view text, Style style) {
  if (colour_ && style != current_ && !text.empty()) {
    // From any style to plain first: a code adds to what is set.
    if (current_ != Style::plain) out_ += "\x1b[0m";
    if (style != Style::plain)
      out_ += fmt::format("\x1b[{}m", codes.at(static_cast<std::size_t>(style)));
    current_ = style;
  }
  out_ += text;
}

// No style reaches over the end of a line, nor do blanks stand there.
void TerminalText::end_line() {
  out_.resize(without_trailing_spaces(out_).size());
  if (current_ != Style::plain) out_ += "\x1b[0m";
  current_ = Style::plain;
  out_ += '\n';
}

void TerminalText::put(const Runs& runs) {
  for (const Run& run : runs) put(printable(run.text), run.style);
}

void TerminalText::paragraph(const Runs& first, const Runs& body) {
  const std::size_t columns = width_of(cut(first, width_ * 2 / 3));
  paragraph(first, {{std::string(columns, ' '), Style::plain}}, body);
}

void TerminalText::paragraph(const Runs& first, const Runs& rest, const Runs& body) {
  const Runs indent = cut(rest, width_ * 2 / 3);
  const Runs head = cut(first, width_ * 2 / 3);
  put(head);
  std::size_t used = width_of(head);
  bool fresh = true; // nothing but the prefix is on this line
  for (const Run& run : body) {
    const std::string safe = printable(run.text);
    std::string_view left = safe;
    while (!left.empty()) {
      std::string_view word = word_of(left);
      const std::string_view letters = without_trailing_spaces(word);
      if (used + display_width(letters) > width_) {
        if (!fresh) {
          end_line();
          put(indent);
          used = width_of(indent);
          fresh = true;
          continue;
        }
        word = start_of(letters, width_ - used);
      }
      put(used + display_width(word) > width_ ? letters : word, run.style);
      used += display_width(word);
      fresh = false;
      left.remove_prefix(word.size());
    }
  }
  end_line();
}

void TerminalText::heading(const Runs& runs) {
  const std::size_t used = width_of(runs) + 1;
  if (used >= width_) return line(runs);
  put(runs);
  std::string rule = " ";
  for (std::size_t i = used; i < width_; ++i) rule += "─";
  put(rule, Style::dim);
  end_line();
}

} // namespace socktale::reports
