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

// A word with the spaces that follow it.
std::string_view word_of(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return text;
  return text.substr(0, std::min(text.find_first_not_of(' ', space), text.size()));
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
    : colour_(options.colour), width_(std::max(options.width, narrowest)) {}

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
