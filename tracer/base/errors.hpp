// What an errno means, as the C library says it, in a form that can be said in any language.
#pragma once

#include "tracer/base/said.hpp"

namespace socktale {

// "Connection refused". A rare one is said as the C library has it, in English.
[[nodiscard]] Said meaning_of_errno(int number);

} // namespace socktale
