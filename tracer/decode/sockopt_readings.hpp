// How the bytes of each kind of option are read: as strace does (PlainReading), and what they mean
// beyond it. Private to decode.
#pragma once

#include "tracer/decode/sockopt.hpp"
#include "tracer/tables/sockopts.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace socktale::decode {

// A structure that strace knows. On set a shorter one, or when `exact` any other one, is not looked
// at.
struct PlainReading {
  tables::Option kind;
  bool on_get, on_set;
  std::size_t size;
  model::Value (*read)(std::string_view bytes);
  bool exact = false;
  bool is_int = false; // a part of it says nothing
};
// nullptr: strace knows no more than its size.
[[nodiscard]] const PlainReading* plain_reading(tables::Option kind, bool get);

// Empty: nothing is known beyond what strace shows, or there are too few bytes.
[[nodiscard]] model::Value meaning_of(tables::Option kind, std::string_view bytes,
                                      const Layout& layout);
// A struct tcp_info, as much of it as there is.
[[nodiscard]] model::Value tcp_info(std::string_view bytes);

[[nodiscard]] model::Value one(model::Value value);         // [1]
[[nodiscard]] model::Value numbers(std::string_view bytes); // u32s

// A classic BPF program (linux/filter.h), which on set lies behind a further pointer.
[[nodiscard]] std::optional<Capture::Want> filter_want(const OptionBytes& option);
[[nodiscard]] model::Value filter_head(const OptionBytes& option);
[[nodiscard]] model::Value filter_program(const OptionBytes& option, Memory& memory);

} // namespace socktale::decode
