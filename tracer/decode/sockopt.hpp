// Socket option values by the option's type. Pure.
#pragma once

#include "tracer/decode/layout.hpp"
#include "tracer/model/value.hpp"

#include <string_view>

namespace socktale::decode {

// SOL_SOCKET, SOL_TCP ... and the option's name within its level.
[[nodiscard]] model::Value option_level(int level);
[[nodiscard]] model::Value option_name(int level, int number);
// `bytes` are what was given or got; too few for the type: shown raw.
[[nodiscard]] model::Value option_value(int level, int number, std::string_view bytes,
                                        const Layout& layout);

} // namespace socktale::decode
