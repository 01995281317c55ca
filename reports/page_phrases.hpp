// The texts of ours that a page shows, each once, so that a sentence in it is a number and its
// words and the reader can change the language. Knows no story.
#pragma once

#include "tracer/base/said.hpp"

#include <cstddef>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace socktale::reports {

using PageJson = nlohmann::ordered_json;

class PagePhrases {
 public:
  // [number, {word: text or another of these}]; null when nothing is said.
  [[nodiscard]] PageJson of(const Said& said);
  // All that were asked for, by number: the text, or [one, many, the word that is counted].
  [[nodiscard]] PageJson all() const;
  // Language -> English text -> its translation. The page's own texts are among them.
  [[nodiscard]] static PageJson dictionary();

 private:
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::map<Key, std::size_t> numbers_;
  std::vector<Phrase> texts_; // by number
};

} // namespace socktale::reports
