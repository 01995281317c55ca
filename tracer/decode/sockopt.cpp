#include "tracer/decode/sockopt.hpp"

#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockopt_readings.hpp"
#include "tracer/decode/structure.hpp"
#include "tracer/tables/sockopts.hpp"

#include <algorithm>
#include <cerrno>

namespace socktale::decode {
namespace {

using model::Value;
using tables::Option;

Value address_of(const OptionBytes& option) { return {model::Pointer{option.address}}; }
Value unreadable(const OptionBytes& option) { return {model::Unreadable{option.address, EFAULT}}; }

Value whole_int(const OptionBytes& option) {
  if (option.bytes.size() < sizeof(int)) return unreadable(option);
  return one(integer(load<int>(option.bytes)));
}

Value bytes_of(const OptionBytes& option) {
  if (option.stated < 0 || (option.bytes.empty() && option.stated > 0)) return address_of(option);
  return {model::Bytes{std::string(option.bytes), static_cast<std::uint64_t>(option.stated)}};
}

// A part of an int: "\x01".
Value in_hex(const OptionBytes& option) { return made("\\x", raw(option.bytes)); }

// strace takes what has an int's size for an int, and everything else for a string.
Value by_size(const OptionBytes& option) {
  return option.stated == sizeof(int) ? whole_int(option) : bytes_of(option);
}

// A structure: on get as much as there is of it, on set only a whole one.
Value as_structure(const PlainReading& reading, const OptionBytes& option) {
  if (option.get) {
    if (option.bytes.empty()) return unreadable(option);
    if (reading.is_int && option.bytes.size() < reading.size) return in_hex(option);
    return reading.read(option.bytes);
  }
  const auto size = static_cast<std::int64_t>(reading.size);
  if (option.stated < size || (reading.exact && option.stated != size)) return address_of(option);
  return option.bytes.size() < reading.size ? unreadable(option) : reading.read(option.bytes);
}

Value plain_value(const tables::SocketOption* row, const OptionBytes& option) {
  const Option kind = row == nullptr ? Option::plain : row->kind;
  if (option.get && option.stated <= 0) return address_of(option);
  if (const PlainReading* reading = plain_reading(kind, option.get))
    return as_structure(*reading, option);
  switch (kind) {
  case Option::integer:
    if (option.stated >= static_cast<std::int64_t>(sizeof(int))) return whole_int(option);
    return option.get ? in_hex(option) : address_of(option);
  case Option::netlink_integer:
    if (!option.get && option.stated < static_cast<std::int64_t>(sizeof(int)))
      return address_of(option);
    return whole_int(option);
  case Option::netlink_groups: return option.get ? numbers(option.bytes) : whole_int(option);
  case Option::filter: return option.get ? address_of(option) : filter_head(option);
  default: return by_size(option);
  }
}

} // namespace

Value option_level(int level) {
  const auto* row = tables::option_level(level);
  if (row == nullptr) return {model::Symbol{level, {}, "SOL_??"}};
  return {model::Symbol{level, std::string(row->name)}};
}

Value option_name(int level, int number, bool get) {
  const auto* of = tables::option_level(level);
  if (of == nullptr || of->unknown.empty()) return natural(static_cast<std::uint32_t>(number));
  if (const auto* option = tables::socket_option(level, number)) {
    const bool own = get && (!option->get_name.empty() || option->name.empty());
    const std::string_view name = own ? option->get_name : option->name;
    if (!name.empty()) return {model::Symbol{number, std::string(name)}};
  }
  return {model::Symbol{number, {}, std::string(of->unknown)}};
}

OptionValue option_argument(int level, int number, const OptionBytes& option, Memory& memory) {
  const auto* row = tables::socket_option(level, number);
  OptionValue value{plain_value(row, option), {}};
  if (row == nullptr || option.stated <= 0) return value;
  if (row->kind == Option::filter)
    value.meaning = filter_program(option, memory);
  else
    value.meaning = meaning_of(row->kind, option.bytes, option.layout);
  return value;
}

std::optional<Capture::Want> option_want(int level, int number, const OptionBytes& option) {
  const auto* row = tables::socket_option(level, number);
  if (row == nullptr || row->kind != Option::filter) return std::nullopt;
  return filter_want(option);
}

Value option_value(int level, int number, std::string_view bytes, const Layout& layout) {
  const auto* row = tables::socket_option(level, number);
  const Option kind = row == nullptr ? Option::plain : row->kind;
  if (Value meaning = meaning_of(kind, bytes, layout); !meaning.empty()) return meaning;
  for (const bool get : {true, false})
    if (const PlainReading* reading = plain_reading(kind, get))
      return bytes.size() < reading->size ? raw(bytes) : reading->read(bytes);
  const bool is_int = kind == Option::integer || kind == Option::netlink_integer;
  if (is_int ? bytes.size() >= sizeof(int) : bytes.size() == sizeof(int))
    return one(integer(load<int>(bytes)));
  return raw(bytes);
}

} // namespace socktale::decode
