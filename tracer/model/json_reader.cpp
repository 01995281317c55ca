#include "tracer/model/json_reader.hpp"

#include "tracer/base/text.hpp"

#include <charconv>

#include <fmt/format.h>

namespace socktale::model::json {
namespace {

constexpr std::size_t shown_of_a_name = 40; // a name in a damaged file may be very long

} // namespace

std::optional<Source> Source::find(std::string_view name) const {
  simdjson::dom::object object;
  Element found;
  if (element_.get(object) != simdjson::SUCCESS ||
      object.at_key(name).get(found) != simdjson::SUCCESS)
    return std::nullopt;
  return Source(found, *this, name, 0);
}

std::size_t Source::size() const {
  std::size_t count = 0; // that which simdjson keeps ends at 2^24 - 1
  each([&](const Source& /*one*/) { ++count; });
  return count;
}

std::string Source::path() const {
  if (parent_ == nullptr) return {};
  std::string path = parent_->path();
  if (parent_->element_.is_array()) return path + fmt::format("[{}]", index_);
  if (!path.empty()) path += '.';
  return path + printable(name_.substr(0, shown_of_a_name));
}

void Source::misfit(std::string_view what) const {
  if (!fault_.empty()) return;
  const std::string where = path();
  fault_ = fmt::format("{} {}", where.empty() ? "the line" : where, what);
}

void Source::missing(std::string_view name) const {
  if (fault_.empty()) fault_ = fmt::format("{}{}{} is missing", path(), parent_ ? "." : "", name);
}

bool Source::must_be_object() const {
  if (!element_.is_object()) misfit("is not an object");
  return element_.is_object();
}

bool Source::must_be_array() const {
  if (!element_.is_array()) misfit("is not an array");
  return element_.is_array();
}

void read(const Source& source, bool& value) {
  const auto given = source.as<bool>();
  if (!given) return source.misfit("is neither true nor false");
  value = *given;
}

namespace {

bool is_whole(const Source& source) {
  using Type = simdjson::dom::element_type;
  return source.type() == Type::INT64 || source.type() == Type::UINT64;
}

template <class T> void read_whole(const Source& source, T& value) {
  if (!is_whole(source)) return source.misfit("is not a whole number");
  const auto given = source.as<T>();
  if (!given) return source.misfit("is out of range");
  value = *given;
}

} // namespace

void read(const Source& source, std::int64_t& value) { read_whole(source, value); }

void read(const Source& source, std::uint64_t& value) { read_whole(source, value); }

void read(const Source& source, Instant& value) {
  std::int64_t ns = 0;
  read(source, ns);
  if (ns < 0 || ns > max_ns) return source.misfit("is out of range");
  value.ns = ns;
}

void read_hex(const Source& source, std::uint64_t& value) {
  const auto text = source.as<std::string_view>();
  if (!text || !text->starts_with("0x") || text->size() < 3)
    return source.misfit("is not an address");
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data() + 2, end, value, 16);
  if (error != std::errc{} || stop != end) source.misfit("is not an address");
}

void read(const Source& source, std::string& text) {
  if (const auto plain = source.as<std::string_view>()) {
    text = *plain;
  } else if (const auto coded = source.find("base64")) {
    const auto digits = coded->as<std::string_view>();
    auto bytes = digits ? from_base64(*digits) : std::nullopt;
    if (!bytes) return coded->misfit("is not base64");
    text = std::move(*bytes);
  } else {
    source.misfit("is not text");
  }
}

void read(const Source& source, Name& name) {
  if (const auto plain = source.as<std::string_view>()) {
    name = *plain;
    return;
  }
  std::string text;
  read(source, text);
  name = text;
}

void read(const Source& source, Parameters& parameters) {
  if (!source.must_be_object()) return;
  source.each([&](const Source& member) {
    read(member, parameters.emplace_back(member.name(), std::string{}).second);
  });
}

} // namespace socktale::model::json
