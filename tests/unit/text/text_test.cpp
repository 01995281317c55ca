// Which language is chosen, and how a text comes out in it.
#include "reports/text/table.hpp"
#include "reports/text/text.hpp"
#include "tests/support/catch.hpp"
#include "tracer/base/result.hpp"

#include <cerrno>
#include <cstdlib>

using namespace socktale;

namespace {

constexpr std::array variables = {"SOCKTALE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};

void clear_environment() {
  for (const char* name : variables) unsetenv(name);
}

constexpr Phrase took = tr("Took {count} piece", "Took {count} pieces", "count");

} // namespace

TEST_CASE("words are put where their names are") {
  CHECK(fill_in({tr("{a} and {b} and {a}"), {{"a", "1"}, {"b", 2}}}) == "1 and 2 and 1");
  CHECK(fill_in({tr("{a} and {nobody}"), {{"a", "x"}}}) == "x and ?");
  CHECK(fill_in(tr("no words")) == "no words");
}

TEST_CASE("a word is not looked into for placeholders") {
  CHECK(fill_in({tr("{a} {b}"), {{"a", "{b}"}, {"b", "{a}"}}}) == "{b} {a}");
  CHECK(fill_in(as_it_is("{text} {a")) == "{text} {a");
  CHECK(say(Language::zh_CN, as_it_is("Connection refused")) == "Connection refused");
}

TEST_CASE("a word may be a text of ours with words of its own") {
  const Said inner{tr("inner {x}"), {{"x", "1"}}};
  CHECK(fill_in({tr("outer ({said}) {text}"), {{"said", inner}, {"text", tr("plain")}}}) ==
        "outer (inner 1) plain");
}

TEST_CASE("English has a form for one and another for all other numbers") {
  CHECK(fill_in({took, {{"count", 1}}}) == "Took 1 piece");
  CHECK(fill_in({took, {{"count", 0}}}) == "Took 0 pieces");
  CHECK(fill_in({took, {{"count", 2}}}) == "Took 2 pieces");
  CHECK(fill_in({took, {{"count", 11}}}) == "Took 11 pieces");
}

TEST_CASE("a text that has no translation stays English") {
  CHECK(translate(Language::zh_CN, "nobody has translated this") == "nobody has translated this");
  CHECK(say(Language::zh_CN, {took, {{"count", 1}}}) == "Took 1 piece");
  CHECK(say(Language::zh_CN, {took, {{"count", 3}}}) == "Took 3 pieces");
}

TEST_CASE("texts are found in the table, and words are translated along") {
  REQUIRE_FALSE(zh_cn_table().empty());
  for (const Translation& row : zh_cn_table()) {
    CHECK(translate(Language::zh_CN, row.text) == row.translation);
    CHECK(translate(Language::en, row.text) == row.text);
  }
  const Error error{"open x", ECONNREFUSED, "by y"};
  CHECK(error.text() == "open x: Connection refused (by y)");
  CHECK(say(Language::zh_CN, error.said()) == "open x：连接被拒绝（by y）");
}

TEST_CASE("a locale's language") {
  CHECK(language_of_locale("zh_CN.UTF-8") == Language::zh_CN);
  CHECK(language_of_locale("zh") == Language::zh_CN);
  CHECK(language_of_locale("zh_TW") == Language::zh_CN);
  for (const char* other : {"", "C", "POSIX", "C.UTF-8", "en_GB.UTF-8", "de_DE", "ZH", "z"})
    CHECK(language_of_locale(other) == Language::en);
}

TEST_CASE("--lang takes the codes and nothing else") {
  for (const Language language : languages)
    CHECK(language_coded(language_code(language)) == language);
  for (const char* other : {"", "zh", "zh_cn", "zh_CN.UTF-8", "english"})
    CHECK_FALSE(language_coded(other));
}

TEST_CASE("the environment chooses, the more special variable first") {
  clear_environment();
  CHECK(language_of_environment() == Language::en);
  for (std::size_t i = variables.size(); i-- > 0;) { // from the last to the first
    setenv(variables.at(i), "zh_CN.UTF-8", 1);
    CHECK(language_of_environment() == Language::zh_CN);
    setenv(variables.at(i), "C", 1);
    CHECK(language_of_environment() == Language::en);
  }
  setenv("SOCKTALE_LANG", "", 1); // as if it were not set
  setenv("LC_ALL", "zh_CN", 1);
  CHECK(language_of_environment() == Language::zh_CN);
  clear_environment();
}
