// One plain sentence on what a call did, from what was observed and nothing else. Whole sentences
// with named placeholders, in rows, so that they can be translated; never put together from parts.
#pragma once

#include "tracer/base/said.hpp"
#include "tracer/model/event.hpp"

namespace socktale::reports {

// `socket`: what is known of the socket that the call is about; nullptr: nothing.
// The sentence holds text of the traced program as it was: a renderer must escape it.
[[nodiscard]] Said sentence(const model::Call& call, const model::Socket* socket);

// What a note says; one whose code is unknown is shown as its code and what it is about.
[[nodiscard]] Said sentence(const model::Note& note);

// "TCP/IPv4", "UDP/IPv6", "Unix stream", or the constants where there is no better name.
[[nodiscard]] Said socket_kind(const model::Socket& socket);

} // namespace socktale::reports
