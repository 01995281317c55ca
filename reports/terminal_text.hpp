// Paragraphs for a terminal: wrapped to its width by display columns, coloured when told, and free
// of everything that could steer it. Knows no calls and no stories.
#pragma once

#include "reports/options.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::reports {

enum class Style { plain, strong, dim, good, bad, side_0, side_1, side_2, side_3 };

[[nodiscard]] Style side_style(std::size_t side);

// A piece of text in one style. Any bytes may be in it.
struct Run {
  std::string text;
  Style style = Style::plain;
};
using Runs = std::vector<Run>;

// `text` made printable and filled up with spaces, or cut with an ellipsis, to `columns`.
[[nodiscard]] std::string column(std::string_view text, std::size_t columns);

class TerminalText {
 public:
  explicit TerminalText(const Options& options);

  // `body` after `first` on the first line and after `rest` on the further ones; broken at spaces,
  // and between characters of scripts that have none.
  void paragraph(const Runs& first, const Runs& rest, const Runs& body);
  // The same with blanks under `first`.
  void paragraph(const Runs& first, const Runs& body);
  void line(const Runs& runs) { paragraph({}, runs); }
  void blank() { out_ += '\n'; }
  // A heading with a rule to the end of the line.
  void heading(const Runs& runs);

  // `said` in the reader's language.
  [[nodiscard]] std::string told(const Said& said) const { return say(language_, said); }
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void put(const Runs& runs);
  void put(std::string_view text, Style style);
  void end_line();

  Language language_;
  bool colour_;
  Style current_ = Style::plain;
  std::size_t width_;
  std::string out_;
};

} // namespace socktale::reports
