// How C++ members become JSON: written straight into the text of a line, for a busy program makes
// many. A record lists its members once, in a function `members(io, record)` that this Writer and
// the Reader of json_reader.hpp both walk, so that the two cannot differ. Never reads. Private to
// model.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/base/ids.hpp"
#include "tracer/model/value.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace socktale::model::json {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// A line of JSON as it grows. The values of an object or array are written between its opening and
// its closing; commas come by themselves. What is in texts can harm neither a terminal nor a
// reader: characters that steer or hide are escaped.
class Line {
 public:
  void open(char bracket);
  void close(char bracket);
  // The name of the next value: a member's. One that is no UTF-8 (none is) has U+FFFD for it.
  void name(std::string_view name);
  // As `name`, of one that has no character to be escaped.
  void plain_name(std::string_view name);

  void null();
  void truth(bool value);
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void hex(std::uint64_t value);         // "0x1f"
  void string(std::string_view utf8);    // invalid UTF-8 becomes U+FFFD
  void ascii(std::string_view harmless); // as `string`, without a character to be escaped

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void separate();

  std::string text_;
};

// The names of one object's members: one that is there already gets a "~" at its end, so that
// nothing is lost.
class Names {
 public:
  [[nodiscard]] std::string_view add(std::string_view name);

 private:
  std::vector<std::string_view> used_;
  std::forward_list<std::string> altered_;
};

void write(Line& out, bool value);
void write(Line& out, std::int64_t value);
void write(Line& out, std::uint64_t value);
void write(Line& out, Instant value);
// The one rule for text, which may be any bytes: a JSON string when it is valid UTF-8, otherwise
// {"base64": "..."}.
void write(Line& out, const std::string& text);
void write(Line& out, const Name& name);
void write(Line& out, const Value& value);
void write(Line& out, const std::vector<Field>& args); // an object, by name
void write(Line& out, const Parameters& parameters);   // an object, by name

// Anything that has `members`.
template <class Record> void write(Line& out, const Record& record);

template <std::integral T> void write(Line& out, const T& value) {
  write(out, std::int64_t{value});
}

template <class Number, class Tag> void write(Line& out, const Id<Number, Tag>& id) {
  write(out, id.value);
}

// `spellings(E{})` has the names of E's values.
template <class E>
  requires std::is_enum_v<E>
void write(Line& out, const E& value) {
  out.ascii(spellings(value).at(static_cast<std::size_t>(value)));
}

template <class T> void write(Line& out, const std::optional<T>& value) { write(out, *value); }

template <class T> void write(Line& out, const std::vector<T>& items) {
  out.open('[');
  for (const T& item : items) write(out, item);
  out.close(']');
}

class Writer {
 public:
  explicit Writer(Line& out) : out_(out) { out_.open('{'); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { out_.close('}'); }

  // Always there.
  template <class T> void must(std::string_view name, const T& member) {
    out_.plain_name(name);
    write(out_, member);
  }
  // Left out while it is what a new record has.
  template <class T> void may(std::string_view name, const T& member) {
    if (!(member == T{})) must(name, member);
  }
  // As `may`; a number that is never negative.
  void natural(std::string_view name, std::int32_t member) { may(name, member); }
  // Nanoseconds within max_ns.
  void must_time(std::string_view name, std::int64_t member) { must(name, member); }
  void must_hex(std::string_view name, std::uint64_t member) {
    out_.plain_name(name);
    out_.hex(member);
  }
  void may_hex(std::string_view name, std::uint64_t member) {
    if (member != 0) must_hex(name, member);
  }
  template <std::size_t N>
  void must_hex(std::string_view name, const std::array<std::uint64_t, N>& members) {
    out_.plain_name(name);
    out_.open('[');
    for (const std::uint64_t member : members) out_.hex(member);
    out_.close(']');
  }
  // Members of the record that stand in an object of their own.
  template <class Body> void group(std::string_view name, Body body) {
    out_.plain_name(name);
    Writer inner(out_);
    body(inner);
  }
  // Said for people; never read back.
  void remark(std::string_view name, const std::string& text) { must(name, text); }

 private:
  Line& out_;
};

template <class Record> void write(Line& out, const Record& record) {
  Writer writer(out);
  members(writer, record);
}

// T, or a T that is only read from: what `members` takes.
template <class X, class T>
concept Like = std::same_as<std::remove_const_t<X>, T>;

} // namespace socktale::model::json
