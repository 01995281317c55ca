// Text that may be hostile: what counts as UTF-8, and what reaches a terminal.
#include "tests/support/catch.hpp"
#include "tracer/base/text.hpp"

#include <random>
#include <string>

using namespace socktale;
using namespace std::string_literals;

TEST_CASE("a code point is taken off the front", "[text]") {
  const auto front = [](std::string_view text) {
    const auto point = front_code_point(text);
    REQUIRE(point);
    return std::pair(point->value, point->size);
  };
  CHECK(front("a\xff") == std::pair(0x61U, std::size_t{1}));
  CHECK(front("\0"s) == std::pair(0U, std::size_t{1}));
  CHECK(front("é!") == std::pair(0xe9U, std::size_t{2}));
  CHECK(front("你好") == std::pair(0x4f60U, std::size_t{3}));
  CHECK(front("\xf4\x8f\xbf\xbf") == std::pair(0x10ffffU, std::size_t{4}));
  CHECK_FALSE(front_code_point(""));
}

TEST_CASE("UTF-8 is told from what only resembles it", "[text]") {
  const auto valid = {""s,
                      "plain"s,
                      "\x7f"s,
                      "\xc2\x80"s,
                      "\xdf\xbf"s,
                      "\xe0\xa0\x80"s,
                      "\xed\x9f\xbf"s,
                      "\xee\x80\x80"s,
                      "\xef\xbf\xbf"s,
                      "\xf0\x90\x80\x80"s,
                      "\xf4\x8f\xbf\xbf"s,
                      "a\0b"s};
  for (const std::string& text : valid) {
    INFO(c_escape(text));
    CHECK(is_utf8(text));
  }
  const auto invalid = {"\x80"s,             // continues nothing
                        "\xbf"s,             //
                        "\xc0\x80"s,         // overlong NUL
                        "\xc1\xbf"s,         // overlong, two bytes
                        "\xe0\x9f\xbf"s,     // overlong, three
                        "\xf0\x8f\xbf\xbf"s, // overlong, four
                        "\xed\xa0\x80"s,     // first surrogate
                        "\xed\xbf\xbf"s,     // last surrogate
                        "\xf4\x90\x80\x80"s, // beyond U+10FFFF
                        "\xf5\x80\x80\x80"s, //
                        "\xff"s,
                        "\xfe"s, //
                        "\xc2"s,
                        "\xe4\xbd"s,
                        "\xf0\x9f\x98"s, // cut short
                        "\xe4\xbd!"s,
                        "\xc2\xc2"s,
                        "ok\xe4"s};
  for (const std::string& text : invalid) {
    INFO(c_escape(text));
    CHECK_FALSE(is_utf8(text));
  }
}

TEST_CASE("bytes are quoted as in C", "[text]") {
  CHECK(c_escape("hello\n") == R"(hello\n)");
  CHECK(c_escape("\t\r\f\v\"\\") == R"(\t\r\f\v\"\\)");
  CHECK(c_escape("\0\x07\x1b\x7f"s) == R"(\0\7\33\177)");
  CHECK(c_escape("é") == R"(\303\251)");
  SECTION("a digit that follows does not become part of an escape") {
    CHECK(c_escape("\0"
                   "1"s) == R"(\0001)");
    CHECK(c_escape("\x1b"
                   "7") == R"(\0337)");
    CHECK(c_escape("\0"
                   "8"s) == R"(\08)"); // 8 is no octal digit
    CHECK(c_escape("\0\0"s) == R"(\0\0)");
  }
}

TEST_CASE("nothing that steers a terminal is printed", "[text]") {
  CHECK(printable("plain 你好 é") == "plain 你好 é");
  CHECK(printable("\x1b[2J\x1b]0;title\x07") == R"(\x1b[2J\x1b]0;title\x07)");
  CHECK(printable("a\nb\tc\r") == R"(a\nb\tc\r)");
  CHECK(printable("\0\x7f"s) == R"(\x00\x7f)");
  CHECK(printable("\xc2\x9b"
                  "31m") == R"(\x9b31m)"); // C1: CSI in one character
  CHECK(printable("\xe2\x80\xae"
                  "txt.exe") == R"(\u202etxt.exe)"); // right-to-left override
  CHECK(printable("a\xe2\x80\x8b"
                  "b") == R"(a\u200bb)");               // zero width
  CHECK(printable("\xe2\x80\xa8") == R"(\u2028)");      // line separator
  CHECK(printable("\xf3\xa0\x80\x81") == R"(\ue0001)"); // language tag
  CHECK(printable("\xe3\x85\xa4") == R"(\u3164)");      // Hangul filler: looks like nothing
  CHECK(printable("caf\xe9") == R"(caf\xe9)");
  CHECK(printable("\xe4\xbd\xa0\xe5") == R"(你\xe5)");
}

TEST_CASE("no byte string gets a control character past printable", "[text]") {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 24, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    std::string shown = printable(bytes);
    REQUIRE(is_utf8(shown));
    for (std::string_view rest = shown; !rest.empty();) {
      const auto point = front_code_point(rest);
      REQUIRE(is_safe_to_show(point->value));
      rest.remove_prefix(point->size);
    }
  }
}

TEST_CASE("columns on a terminal", "[text]") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("é") == 1);
  CHECK(display_width("e\xcc\x81") == 1); // e and a combining acute
  CHECK(display_width("你好") == 4);
  CHECK(display_width("ｈｉ") == 4); // fullwidth
  CHECK(display_width("한국어") == 6);
  CHECK(display_width("か\xe3\x82\x99") == 2); // か and a combining dakuten
  CHECK(display_width("😀✅") == 4);
  CHECK(display_width("→─│") == 3);
  CHECK(display_width("\xff") == 1);
}

TEST_CASE("base64 comes back", "[text]") {
  CHECK(to_base64("").empty());
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foo") == "Zm9v");
  CHECK(to_base64("\xfb\xff\xbe") == "+/++");
  std::mt19937 random(2);
  for (std::size_t size = 0; size < 70; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const auto back = from_base64(to_base64(bytes));
    REQUIRE(back);
    CHECK(*back == bytes);
  }
}

TEST_CASE("what is not canonical base64 is refused", "[text]") {
  for (const char* text : {"A", "AA", "AAA", "Zg=", "Zg", "=", "====", "A===", "Zg==Zg==", "Zm=v",
                           "Z===", "Zm9-", "Zm 9", "Zm9v\n", "Zm9v====", "Zh==", "Zm9="}) {
    INFO(text);
    CHECK_FALSE(from_base64(text));
  }
}
