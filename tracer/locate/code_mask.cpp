#include "tracer/locate/code_mask.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace socktale::locate {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Masker {
 public:
  explicit Masker(std::string_view source) : source_(source), mask_(source) {}

  std::string run() {
    while (at_ < source_.size()) step();
    return std::move(mask_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return source_.substr(at_); }

  // Blanks up to `end` and goes there.
  void blank(std::size_t end, char with) {
    end = std::min(end, source_.size());
    for (; at_ < end; ++at_)
      if (mask_[at_] != '\n') mask_[at_] = with;
  }

  void step() {
    if (rest().starts_with("//"))
      blank(end_of_line(), ' ');
    else if (rest().starts_with("/*"))
      blank(after("*/", at_ + 2), ' ');
    else if (source_[at_] == '"')
      literal();
    else if (source_[at_] == '`') // Go's raw string
      inside(source_.find('`', at_ + 1), 1);
    else if (source_[at_] == '\'' && begins_character())
      quoted('\'');
    else
      ++at_;
  }

  [[nodiscard]] std::size_t after(std::string_view closing, std::size_t from) const {
    const std::size_t found = source_.find(closing, from);
    return found == std::string_view::npos ? source_.size() : found + closing.size();
  }

  // A backslash before the newline continues a // comment in C.
  [[nodiscard]] std::size_t end_of_line() const {
    std::size_t end = source_.find('\n', at_);
    while (end != std::string_view::npos && end > 0 && source_[end - 1] == '\\')
      end = source_.find('\n', end + 1);
    return std::min(end, source_.size());
  }

  // Not the separator of 1'000, nor a lifetime of Rust, which no quote closes: 'a
  [[nodiscard]] bool begins_character() const {
    if (at_ > 0 && std::isxdigit(static_cast<unsigned char>(source_[at_ - 1])) != 0 &&
        number_begins_before())
      return false;
    if (rest().starts_with("'\\")) return true;
    const std::size_t closing = source_.find('\'', at_ + 1);
    const std::size_t word_end = static_cast<std::size_t>(
        std::ranges::find_if_not(rest().substr(1), is_word) - source_.begin());
    const bool is_word_only = word_end > at_ + 1 && closing != word_end;
    return closing != std::string_view::npos && !is_word_only;
  }
  [[nodiscard]] bool number_begins_before() const {
    std::size_t begin = at_;
    while (begin > 0 && (is_word(source_[begin - 1]) || source_[begin - 1] == '\'')) --begin;
    return std::isdigit(static_cast<unsigned char>(source_[begin])) != 0;
  }

  // A literal that is closed by one `quote` and cannot span lines without a backslash.
  void quoted(char quote) {
    std::size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != quote && source_[end] != '\n')
      end += source_[end] == '\\' ? 2 : 1;
    inside(end, 1);
  }

  void literal() {
    std::size_t prefix = at_;
    while (prefix > 0 && (is_word(source_[prefix - 1]) || source_[prefix - 1] == '#')) --prefix;
    const std::string_view before = source_.substr(prefix, at_ - prefix);
    if (before.starts_with("r") || before.starts_with("br")) {
      if (const std::size_t hashes = static_cast<std::size_t>(std::ranges::count(before, '#'));
          hashes > 0 || before == "r" || before == "br") {
        const std::string closing = '"' + std::string(hashes, '#'); // Rust: r#"..."#
        return inside(source_.find(closing, at_ + 1), closing.size());
      }
    }
    if (before.ends_with('R')) { // C++: R"tag(...)tag"
      const std::size_t open = source_.find('(', at_);
      if (open != std::string_view::npos && open - at_ <= 17) {
        const std::string closing =
            ')' + std::string(source_.substr(at_ + 1, open - at_ - 1)) + '"';
        return inside(source_.find(closing, at_ + 1), closing.size());
      }
    }
    quoted('"');
  }

  // Blanks between the quote at `at_` and `end`, where a closing of `size` bytes stands: a quote,
  // one with #s after it, or one with a bracket and a tag before it.
  void inside(std::size_t end, std::size_t size) {
    ++at_;
    blank(end, '.');
    if (at_ >= source_.size() || source_[at_] == '\n') return; // not closed
    const std::size_t past = std::min(at_ + size, source_.size());
    if (source_[at_] == ')') blank(past - 1, '.');
    at_ = past;
  }

  std::string_view source_;
  std::string mask_;
  std::size_t at_ = 0;
};

} // namespace

std::string mask_of(std::string_view source) { return Masker(source).run(); }

} // namespace socktale::locate
