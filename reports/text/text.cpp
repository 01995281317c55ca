#include "reports/text/text.hpp"

#include "reports/text/table.hpp"

#include <algorithm>
#include <cstdlib>

namespace socktale {
namespace {

struct LanguageRow {
  Language language;
  std::string_view code;
  Translate translate;
};

std::string_view in_chinese(std::string_view text) { return translate(Language::zh_CN, text); }

constexpr std::array rows = {
    LanguageRow{Language::en, "en", nullptr},
    LanguageRow{Language::zh_CN, "zh_CN", in_chinese},
};

const LanguageRow& row_of(Language language) {
  return *std::ranges::find(rows, language, &LanguageRow::language);
}

} // namespace

std::string_view language_code(Language language) { return row_of(language).code; }

std::optional<Language> language_coded(std::string_view code) {
  const auto* row = std::ranges::find(rows, code, &LanguageRow::code);
  return row != rows.end() ? std::optional(row->language) : std::nullopt;
}

Language language_of_locale(std::string_view locale) {
  return locale.starts_with("zh") ? Language::zh_CN : Language::en;
}

Language language_of_environment() {
  for (const char* name : {"SOCKTALE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      return language_of_locale(value);
  return Language::en;
}

std::string_view translate(Language language, std::string_view text) {
  if (language == Language::en) return text;
  const auto table = zh_cn_table();
  const auto row = std::ranges::lower_bound(table, text, {}, &Translation::text);
  return row != table.end() && row->text == text ? row->translation : text;
}

std::span<const Translation> translations(Language language) {
  return language == Language::zh_CN ? zh_cn_table() : std::span<const Translation>();
}

std::string say(Language language, const Said& said) {
  return fill_in(said, row_of(language).translate);
}

} // namespace socktale
