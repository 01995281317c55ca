// How C++ members come back from JSON, by the same `members(io, record)` by which json_writer.hpp
// writes them. Trusts nothing: the first misfit is kept with its path, later ones are not. Private
// to model.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/base/ids.hpp"
#include "tracer/model/json_line.hpp"
#include "tracer/model/json_writer.hpp"
#include "tracer/model/value.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace socktale::model::json {

// A JSON value that is being read, and the way to it.
class Source {
 public:
  // The whole line. `fault` receives the first misfit; both must outlive this.
  Source(Element element, std::string& fault) : element_(element), fault_(fault) {}

  [[nodiscard]] simdjson::dom::element_type type() const { return element_.type(); }
  // What it is, when it is a bool, std::int64_t, std::uint64_t or std::string_view.
  template <class T> [[nodiscard]] std::optional<T> as() const {
    T value{};
    return element_.get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
  }
  // A member of an object; nothing when it is not there or this is no object.
  [[nodiscard]] std::optional<Source> find(std::string_view name) const;
  // Elements of an array or members of an object, in order. Anything else has none.
  [[nodiscard]] std::size_t size() const;
  template <class Visit> void each(Visit visit) const {
    std::size_t index = 0;
    simdjson::dom::array array;
    simdjson::dom::object object;
    if (element_.get(array) == simdjson::SUCCESS)
      for (const Element item : array) visit(Source(item, *this, {}, index++));
    else if (element_.get(object) == simdjson::SUCCESS)
      for (const auto [name, value] : object) visit(Source(value, *this, name, index++));
  }
  // The name of this member of its parent; empty for an element.
  [[nodiscard]] std::string_view name() const { return name_; }
  // Says what is wrong with this value: "is not a number".
  void misfit(std::string_view what) const;
  void missing(std::string_view name) const;
  // False, and a misfit, when it is not.
  [[nodiscard]] bool must_be_object() const;
  [[nodiscard]] bool must_be_array() const;

 private:
  Source(Element element, const Source& parent, std::string_view name, std::size_t index)
      : element_(element), fault_(parent.fault_), parent_(&parent), name_(name), index_(index) {}
  [[nodiscard]] std::string path() const;

  Element element_;
  std::string& fault_;
  const Source* parent_ = nullptr; // further out on the call stack
  std::string_view name_;          // in the document
  std::size_t index_ = 0;
};

// Times and dates stay within 146 years, so that no sum or difference of two overflows.
constexpr std::int64_t max_ns = std::int64_t{1} << 62;

void read(const Source& source, bool& value);
void read(const Source& source, std::int64_t& value);
void read(const Source& source, std::uint64_t& value);
void read(const Source& source, Instant& value);
void read(const Source& source, std::string& text);
void read(const Source& source, Name& name);
void read(const Source& source, Value& value);
void read(const Source& source, std::vector<Field>& args);
void read(const Source& source, Parameters& parameters);
void read_hex(const Source& source, std::uint64_t& value);
// A number not below `least`.
template <std::integral T> void read_from(const Source& source, T& value, std::int64_t least) {
  std::int64_t number = least;
  read(source, number);
  if (number < least || !std::in_range<T>(number)) return source.misfit("is out of range");
  value = static_cast<T>(number);
}

// Anything that has `members`.
template <class Record> void read(const Source& source, Record& record);

template <std::integral T> void read(const Source& source, T& value) {
  read_from(source, value, std::numeric_limits<T>::min());
}

// Ids of ours count from 1; the kernel's are never negative.
template <class Number, class Tag> void read(const Source& source, Id<Number, Tag>& id) {
  if constexpr (std::same_as<Number, std::uint64_t>)
    read(source, id.value);
  else
    read_from(source, id.value, 0);
}

// A name that is not known here reads as the first.
template <class E>
  requires std::is_enum_v<E>
void read(const Source& source, E& value) {
  std::string name;
  read(source, name);
  constexpr auto names = spellings(E{});
  const auto found = std::ranges::find(names, name);
  value = found == names.end() ? E{} : static_cast<E>(found - names.begin());
}

template <class T> void read(const Source& source, std::optional<T>& value) {
  read(source, value.emplace());
}

template <class T> void read(const Source& source, std::vector<T>& items) {
  if (!source.must_be_array()) return;
  items.reserve(source.size());
  source.each([&](const Source& item) { read(item, items.emplace_back()); });
}

class Reader {
 public:
  explicit Reader(const Source& source) : source_(source) {}

  template <class T> void must(std::string_view name, T& member) {
    if (const auto found = need(name)) read(*found, member);
  }
  template <class T> void may(std::string_view name, T& member) {
    if (const auto found = source_.find(name)) read(*found, member);
  }
  void natural(std::string_view name, std::int32_t& member) {
    if (const auto found = source_.find(name)) read_from(*found, member, 0);
  }
  void must_time(std::string_view name, std::int64_t& member) {
    Instant time{member};
    must(name, time);
    member = time.ns;
  }
  void must_hex(std::string_view name, std::uint64_t& member) {
    if (const auto found = need(name)) read_hex(*found, member);
  }
  void may_hex(std::string_view name, std::uint64_t& member) {
    if (const auto found = source_.find(name)) read_hex(*found, member);
  }
  template <std::size_t N>
  void must_hex(std::string_view name, std::array<std::uint64_t, N>& members) {
    const auto found = need(name);
    if (!found || !found->must_be_array()) return;
    if (found->size() != N) return found->misfit("has the wrong number of elements");
    auto member = members.begin();
    found->each([&](const Source& item) { read_hex(item, *member++); });
  }
  template <class Body> void group(std::string_view name, Body body) {
    const auto found = need(name);
    if (!found || !found->must_be_object()) return;
    Reader inner(*found);
    body(inner);
  }
  void remark(std::string_view /*name*/, const std::string& /*text*/) {}

 private:
  [[nodiscard]] std::optional<Source> need(std::string_view name) const {
    auto found = source_.find(name);
    if (!found) source_.missing(name);
    return found;
  }
  const Source& source_;
};

template <class Record> void read(const Source& source, Record& record) {
  if (!source.must_be_object()) return;
  Reader reader(source);
  members(reader, record);
}

} // namespace socktale::model::json
