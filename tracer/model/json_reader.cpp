#include "tracer/model/json_reader.hpp"

#include "tracer/base/text.hpp"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::model::json {
namespace {

constexpr std::size_t shown_of_a_name = 40; // a name in a damaged file may be very long

} // namespace

std::optional<Source> Source::find(std::string_view name) const {
  if (!json_.is_object()) return std::nullopt;
  const auto found = json_.find(name);
  if (found == json_.end()) return std::nullopt;
  return Source(*found, *this, found.key(), 0);
}

std::size_t Source::size() const { return json_.is_structured() ? json_.size() : 0; }

Source Source::at(std::size_t index) const {
  if (json_.is_array()) return {json_[index], *this, {}, index};
  const auto member =
      json_.get_ref<const Json::object_t&>().begin() + static_cast<std::ptrdiff_t>(index);
  return {member->second, *this, member->first, index};
}

std::string Source::path() const {
  if (parent_ == nullptr) return {};
  std::string path = parent_->path();
  if (parent_->json_.is_array()) return path + fmt::format("[{}]", index_);
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
  if (!json_.is_object()) misfit("is not an object");
  return json_.is_object();
}

bool Source::must_be_array() const {
  if (!json_.is_array()) misfit("is not an array");
  return json_.is_array();
}

void read(const Source& source, bool& value) {
  if (!source.json().is_boolean()) return source.misfit("is neither true nor false");
  value = source.json().get<bool>();
}

void read(const Source& source, std::int64_t& value) {
  const Json& json = source.json();
  if (!json.is_number_integer()) return source.misfit("is not a whole number");
  if (json.is_number_unsigned() && !std::in_range<std::int64_t>(json.get<std::uint64_t>()))
    return source.misfit("is out of range");
  value = json.get<std::int64_t>();
}

void read(const Source& source, std::uint64_t& value) {
  const Json& json = source.json();
  if (!json.is_number_integer()) return source.misfit("is not a whole number");
  if (!json.is_number_unsigned() && json.get<std::int64_t>() < 0)
    return source.misfit("is out of range");
  value = json.get<std::uint64_t>();
}

void read(const Source& source, Instant& value) {
  std::int64_t ns = 0;
  read(source, ns);
  if (ns < 0 || ns > max_ns) return source.misfit("is out of range");
  value.ns = ns;
}

void read_hex(const Source& source, std::uint64_t& value) {
  const auto* text = source.json().get_ptr<const std::string*>();
  if (text == nullptr || !text->starts_with("0x") || text->size() < 3)
    return source.misfit("is not an address");
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data() + 2, end, value, 16);
  if (error != std::errc{} || stop != end) source.misfit("is not an address");
}

void read(const Source& source, std::string& text) {
  if (const auto* plain = source.json().get_ptr<const std::string*>()) {
    text = *plain;
  } else if (const auto coded = source.find("base64")) {
    const auto* digits = coded->json().get_ptr<const std::string*>();
    auto bytes = digits == nullptr ? std::nullopt : from_base64(*digits);
    if (!bytes) return coded->misfit("is not base64");
    text = std::move(*bytes);
  } else {
    source.misfit("is not text");
  }
}

void read(const Source& source, Parameters& parameters) {
  if (!source.must_be_object()) return;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const Source member = source.at(i);
    read(member, parameters.emplace_back(member.name(), std::string{}).second);
  }
}

} // namespace socktale::model::json
