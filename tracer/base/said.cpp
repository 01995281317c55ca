#include "tracer/base/said.hpp"

#include <algorithm>

namespace socktale {
namespace {

// The placeholder of as_it_is; not marked by tr, so nobody translates it.
constexpr std::string_view alone = "{text}";

const Word* word_named(const Said& said, std::string_view name) {
  const auto word = std::ranges::find(said.words, name, &Word::name);
  return word != said.words.end() ? &*word : nullptr;
}

std::string text_of(const Word* word, Translate translate) {
  if (word == nullptr) return "?";
  if (const auto* said = std::get_if<Said>(&word->is)) return fill_in(*said, translate);
  return std::get<std::string>(word->is);
}

// English has two forms; a translation is found by the first.
std::string_view form_of(const Said& said, Translate translate) {
  if (translate != nullptr)
    if (const std::string_view found = translate(said.text.one); found != said.text.one)
      return found;
  const bool one = said.text.many.empty() ||
                   text_of(word_named(said, said.text.count), nullptr) == std::string_view("1");
  return one ? said.text.one : said.text.many;
}

} // namespace

Said as_it_is(std::string text) { return {Phrase{alone, {}, {}}, {{"text", std::move(text)}}}; }

std::string fill_in(const Said& said, Translate translate) {
  std::string_view text = form_of(said, translate);
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return out += text.substr(open);
    out += text_of(word_named(said, text.substr(open + 1, close - open - 1)), translate);
    text.remove_prefix(close + 1);
  }
  return out;
}

} // namespace socktale
