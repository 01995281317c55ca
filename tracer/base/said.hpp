// A text of ours with named words, as plain data: what is said to people, before it has a language.
// Owns how words are put into it; the translations are reports/text's, and none are here.
#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace socktale {

// A text in English, by which its translations are found. Made by tr() alone, which marks it for
// scripts/texts.py. {name} stands for a word.
struct Phrase {
  std::string_view one;   // for a count of 1, or whatever the count
  std::string_view many;  // for other counts; empty: there is one form
  std::string_view count; // the name of the word that is counted
  [[nodiscard]] constexpr bool empty() const { return one.empty(); }
  bool operator==(const Phrase&) const = default;
};

namespace detail {
// Stops the compiler at a text whose placeholders cannot be filled in: "{", "{}", "{a b}".
consteval void check_placeholders(std::string_view text) {
  bool inside = false;
  std::size_t letters = 0;
  for (const char c : text) {
    if (c == '{' || c == '}') {
      if (inside != (c == '}') || (inside && letters == 0))
        throw std::invalid_argument("placeholders are {name}");
      inside = c == '{';
      letters = 0;
    } else if (inside) {
      ++letters;
      if ((c < 'a' || c > 'z') && c != '_') throw std::invalid_argument("names are of a-z and _");
    }
  }
  if (inside) throw std::invalid_argument("a placeholder is not closed");
}
} // namespace detail

// Marks a literal for translation: tr("Closed descriptor {fd}.").
consteval Phrase tr(std::string_view text) {
  detail::check_placeholders(text);
  return {text, {}, {}};
}
// The same with a form for each grammatical number:
// tr("Took {moved} byte.", "Took {moved} bytes.", "moved").
consteval Phrase tr(std::string_view one, std::string_view many, std::string_view count) {
  detail::check_placeholders(one);
  detail::check_placeholders(many);
  return {one, many, count};
}

struct Word;
using Words = std::vector<Word>;

// A text and the words for its placeholders. The words may be of a traced program, as they were: a
// format escapes what it shows.
struct Said {
  Phrase text;
  Words words;

  Said();
  Said(Phrase said); // NOLINT(google-explicit-constructor): a text without words is one
  Said(Phrase said, Words with);
  [[nodiscard]] bool empty() const { return text.empty(); }
  bool operator==(const Said&) const;
};

// What a placeholder stands for: something that has no language, a number, or another text of ours.
struct Word {
  std::string_view name; // of a literal
  std::variant<std::string, Said> is;

  Word(std::string_view called, std::string value) : name(called), is(std::move(value)) {}
  Word(std::string_view called, std::string_view value) : name(called), is(std::string(value)) {}
  Word(std::string_view called, const char* value) : name(called), is(std::string(value)) {}
  Word(std::string_view called, Said value) : name(called), is(std::move(value)) {}
  Word(std::string_view called, Phrase value) : name(called), is(Said(value)) {}
  Word(std::string_view called, std::integral auto number)
      : name(called), is(std::to_string(number)) {}
  bool operator==(const Word&) const = default;
};
inline Said::Said() = default;
inline Said::Said(Phrase said) : text(said) {}
inline Said::Said(Phrase said, Words with) : text(said), words(std::move(with)) {}
inline bool Said::operator==(const Said&) const = default;

// Something that has no language, where a Said is wanted: "CPython 3.11.2".
[[nodiscard]] Said as_it_is(std::string text);

// The form of `text` in another language, or `text` itself; nullptr is English.
using Translate = std::string_view (*)(std::string_view text);

// `said` with its words filled in; "?" where a word is missing. Words are not looked into for
// further placeholders.
[[nodiscard]] std::string fill_in(const Said& said, Translate translate = nullptr);

} // namespace socktale
