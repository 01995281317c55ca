// Looks for names and brackets in a masked source (code_mask.hpp): the small grammar of callees
// that C, C++, Rust and Go share. Every search is bounded. Never knows which call is meant.
#pragma once

#include <cstddef>
#include <string_view>

namespace socktale::locate {

inline constexpr std::size_t longest_call = 4096; // bytes; also of a search

// All positions are offsets into the mask; `none` is "not there".
class CodeScan {
 public:
  static constexpr auto none = std::string_view::npos;

  explicit CodeScan(std::string_view mask) : mask_(mask) {}

  // NUL past the end.
  [[nodiscard]] char at(std::size_t i) const { return i < mask_.size() ? mask_[i] : '\0'; }
  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const {
    return mask_.substr(begin, end - begin);
  }

  // The first byte from `i` on, or the end of those before `i`, that is no space or no word.
  [[nodiscard]] std::size_t skip_space(std::size_t i) const;
  [[nodiscard]] std::size_t skip_word(std::size_t i) const;
  [[nodiscard]] std::size_t back_over_space(std::size_t i) const;
  [[nodiscard]] std::size_t back_over_word(std::size_t i) const;

  // Past the bracket that closes the one at `open`.
  [[nodiscard]] std::size_t past_closing(std::size_t open) const;
  // The bracket that opens what the one at `close` closes.
  [[nodiscard]] std::size_t opening(std::size_t close) const;
  // The same of template arguments, when they look like some.
  [[nodiscard]] std::size_t past_angles(std::size_t open) const;
  [[nodiscard]] std::size_t opening_angle(std::size_t close) const;

  // Where the expression begins that names the callee and ends at `end`: a chain of names, template
  // arguments, calls and subscripts joined by '.', '->' and '::'. `end` less space: there is none.
  [[nodiscard]] std::size_t callee_begin(std::size_t end) const;
  // What is before the joint that ends at `i`; `none` when none does.
  [[nodiscard]] std::size_t back_over_joint(std::size_t i) const;
  // The end of the joint that begins at `i`, or `i`.
  [[nodiscard]] std::size_t past_joint(std::size_t i) const;
  // Where the declaration begins whose variable's name begins at `begin`: at its type, if one is
  // there.
  [[nodiscard]] std::size_t with_type(std::size_t begin) const;
  // The name that ends at `end`, template arguments after it left out.
  [[nodiscard]] std::string_view name_before(std::size_t end) const;

 private:
  [[nodiscard]] std::size_t part_begin(std::size_t end) const;

  std::string_view mask_;
};

[[nodiscard]] bool is_word(char c); // a letter, digit or underscore, or part of one in UTF-8

} // namespace socktale::locate
