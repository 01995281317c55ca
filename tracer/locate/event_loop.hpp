// Knows the loops by which runtimes make calls later than the program asked for them: libuv's
// and Node's, Go's poller, asyncio's. A table over names of frames.
#pragma once

#include "tracer/model/place.hpp"

namespace socktale::locate {

// Is this frame such a loop at work? What it calls in turn may be the user's.
[[nodiscard]] bool is_event_loop(const model::Frame& frame);

} // namespace socktale::locate
