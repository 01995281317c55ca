// What one control message carries, by the kind that its row states. Pure, over bytes.
#pragma once

#include "tracer/decode/layout.hpp"
#include "tracer/model/value.hpp"
#include "tracer/tables/control_messages.hpp"

#include <string_view>

namespace socktale::decode {

// Empty when there is nothing to show: no data, or too few for a structure, of which then nothing
// is claimed.
[[nodiscard]] model::Value control_data(tables::Control kind, std::string_view data,
                                        const Layout& layout);

} // namespace socktale::decode
