// The languages that socktale speaks, and what our texts are in them. Owns lookup and the choice of
// the language; knows nothing of calls, stories or formats.
#pragma once

#include "tracer/base/said.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace socktale {

enum class Language { en, zh_CN }; // NOLINT(readability-identifier-naming): as locales are
inline constexpr std::array languages = {Language::en, Language::zh_CN};

// "en", "zh_CN": as --lang takes it and reports state it.
[[nodiscard]] std::string_view language_code(Language language);
// The language of such a code; nothing for any other text.
[[nodiscard]] std::optional<Language> language_coded(std::string_view code);
// Of a locale as LANG has it: zh_CN for "zh_CN.UTF-8", "zh" or "zh_TW", otherwise English.
[[nodiscard]] Language language_of_locale(std::string_view locale);
// By the first of SOCKTALE_LANG, LC_ALL, LC_MESSAGES and LANG that is set and not empty.
[[nodiscard]] Language language_of_environment();

// The text in that language; the text itself when there is no translation. Lives as long as `text`.
[[nodiscard]] std::string_view translate(Language language, std::string_view text);

// All translations into a language, sorted by the English text; none into English.
struct Translation {
  std::string_view text, translation;
};
[[nodiscard]] std::span<const Translation> translations(Language language);

// The whole sentence. Not escaped: words may be of a traced program.
[[nodiscard]] std::string say(Language language, const Said& said);

} // namespace socktale
