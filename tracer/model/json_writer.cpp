#include "tracer/model/json_writer.hpp"

#include "tracer/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

namespace socktale::model::json {
namespace {

// Stands for itself between quotes, and is one byte.
constexpr bool is_plain(char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; }

// The short escapes of RFC 8259, section 7; 0 when there is none.
constexpr char letter_of(char c) {
  switch (c) {
  case '"': return '"';
  case '\\': return '\\';
  case '\b': return 'b';
  case '\f': return 'f';
  case '\n': return 'n';
  case '\r': return 'r';
  case '\t': return 't';
  default: return 0;
  }
}

// \u escapes take UTF-16 code units, two beyond U+FFFF (the same section).
void append_escape(std::string& out, std::uint32_t code_point) {
  if (code_point < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", code_point);
  } else {
    const std::uint32_t rest = code_point - 0x10000;
    fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xd800 + (rest >> 10),
                   0xdc00 + (rest & 0x3ff));
  }
}

// The first code point of `text`, which is not plain; its size.
std::size_t append_special(std::string& out, std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd"; // U+FFFD
  const auto point = front_code_point(text);
  if (!point) {
    out += replacement;
    return 1;
  }
  if (const char letter = letter_of(text.front()); letter != 0)
    out += {'\\', letter};
  else if (!is_safe_to_show(point->value))
    append_escape(out, point->value);
  else
    out += text.substr(0, point->size);
  return point->size;
}

template <std::integral Number> void append_number(std::string& out, Number value, int base) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), value, base).ptr;
  out.append(digits.begin(), end);
}

} // namespace

// What was written last says whether a value is the first of its kind: a text ends with its quote.
void Line::separate() {
  if (text_.empty()) return;
  const char last = text_.back();
  if (last != '{' && last != '[' && last != ':') text_ += ',';
}

void Line::open(char bracket) {
  separate();
  text_ += bracket;
}

void Line::close(char bracket) { text_ += bracket; }

void Line::name(std::string_view name) {
  string(name);
  text_ += ':';
}

void Line::plain_name(std::string_view name) {
  ascii(name);
  text_ += ':';
}

void Line::null() {
  separate();
  text_ += "null";
}

void Line::truth(bool value) {
  separate();
  text_ += value ? "true" : "false";
}

void Line::number(std::int64_t value) {
  separate();
  append_number(text_, value, 10);
}

void Line::number(std::uint64_t value) {
  separate();
  append_number(text_, value, 10);
}

void Line::hex(std::uint64_t value) {
  separate();
  text_ += "\"0x";
  append_number(text_, value, 16);
  text_ += '"';
}

void Line::string(std::string_view utf8) {
  separate();
  text_ += '"';
  while (!utf8.empty()) {
    const auto special = std::ranges::find_if_not(utf8, is_plain);
    text_.append(utf8.begin(), special);
    utf8.remove_prefix(static_cast<std::size_t>(special - utf8.begin()));
    if (!utf8.empty()) utf8.remove_prefix(append_special(text_, utf8));
  }
  text_ += '"';
}

void Line::ascii(std::string_view harmless) {
  separate();
  text_ += '"';
  text_ += harmless;
  text_ += '"';
}

std::string_view Names::add(std::string_view name) {
  while (std::ranges::find(used_, name) != used_.end())
    name = altered_.emplace_front(std::string(name) + '~');
  used_.push_back(name);
  return name;
}

void write(Line& out, bool value) { out.truth(value); }
void write(Line& out, std::int64_t value) { out.number(value); }
void write(Line& out, std::uint64_t value) { out.number(value); }
void write(Line& out, Instant value) { out.number(value.ns); }

void write(Line& out, const std::string& text) {
  if (is_utf8(text)) return out.string(text);
  out.open('{');
  out.plain_name("base64");
  out.ascii(to_base64(text));
  out.close('}');
}

void write(Line& out, const Name& name) { write(out, name.text()); }

void write(Line& out, const Parameters& parameters) {
  out.open('{');
  Names names;
  for (const auto& [name, value] : parameters) {
    out.name(names.add(name));
    write(out, value);
  }
  out.close('}');
}

} // namespace socktale::model::json
