#include "reports/page_phrases.hpp"

#include "reports/text/text.hpp"

#include <string>
#include <variant>

#include <nlohmann/json.hpp>

namespace socktale::reports {

PageJson PagePhrases::of(const Said& said) {
  if (said.empty()) return nullptr;
  const Phrase& text = said.text;
  const auto [entry, fresh] =
      numbers_.try_emplace(Key{text.one, text.many, text.count}, numbers_.size());
  if (fresh) texts_.push_back(text);
  PageJson out = PageJson::array({entry->second});
  // Only the words that the text asks for: a call's sentence is given all of its arguments.
  PageJson words = PageJson::object();
  for (const Word& word : said.words) {
    const std::string placeholder = "{" + std::string(word.name) + "}";
    if (text.one.find(placeholder) == std::string_view::npos &&
        text.many.find(placeholder) == std::string_view::npos && word.name != text.count)
      continue;
    const auto* inner = std::get_if<Said>(&word.is);
    // The first word of a name counts, as in fill_in.
    if (!words.contains(word.name))
      words[std::string(word.name)] = inner ? of(*inner) : PageJson(std::get<std::string>(word.is));
  }
  if (!words.empty()) out.push_back(std::move(words));
  return out;
}

PageJson PagePhrases::all() const {
  PageJson out = PageJson::array();
  for (const Phrase& text : texts_)
    out.push_back(text.many.empty() ? PageJson(text.one)
                                    : PageJson::array({text.one, text.many, text.count}));
  return out;
}

PageJson PagePhrases::dictionary() {
  PageJson out = PageJson::object();
  for (const Language language : languages) {
    PageJson& texts = out[std::string(language_code(language))] = PageJson::object();
    for (const auto& [text, translation] : translations(language))
      texts[std::string(text)] = translation;
  }
  return out;
}

} // namespace socktale::reports
