// What a trace's header says of the machine. Looks once, at the start.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/model/event.hpp"

namespace socktale::recorder {

// Fills everything but the programs and the payload settings.
[[nodiscard]] model::Header describe_environment(const Clock& clock);

} // namespace socktale::recorder
