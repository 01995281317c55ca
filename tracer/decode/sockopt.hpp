// Socket option values by the option's type. Pure.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/decode/capture.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/model/value.hpp"

#include <optional>
#include <string_view>

namespace socktale::decode {

// SOL_SOCKET, SOL_TCP ... and the option's name within its level, as getsockopt or setsockopt has
// it.
[[nodiscard]] model::Value option_level(int level);
[[nodiscard]] model::Value option_name(int level, int number, bool get = true);

// What an option's pointer was given with.
struct OptionBytes {
  std::string_view bytes; // what could be read of it
  std::int64_t stated; // optlen: the program's on set, the smaller of its and the kernel's on get
  std::uint64_t address;
  bool get;
  const Layout& layout;
};
// As strace shows it, and what it means beyond that where more is known.
struct OptionValue {
  model::Value plain;
  model::Value meaning;
};
[[nodiscard]] OptionValue option_argument(int level, int number, const OptionBytes& option,
                                          Memory& memory);
// What else must be read so that an option can be decoded: a filter's instructions.
[[nodiscard]] std::optional<Capture::Want> option_want(int level, int number,
                                                       const OptionBytes& option);

// The value that such bytes have, best read; too few for the type: raw.
[[nodiscard]] model::Value option_value(int level, int number, std::string_view bytes,
                                        const Layout& layout);

} // namespace socktale::decode
