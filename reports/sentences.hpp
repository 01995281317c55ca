// One plain sentence on what a call did, from what was observed and nothing else. Whole sentences
// with named placeholders, in rows, so that they can be translated; never put together from parts.
#pragma once

#include "tracer/model/event.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socktale::reports {

// `socket`: what is known of the socket that the call is about; nullptr: nothing.
// The sentence holds text of the traced program as it was: a renderer must escape it.
[[nodiscard]] std::string sentence(const model::Call& call, const model::Socket* socket);

// What a note says; one whose code is unknown is shown as its code and what it is about.
[[nodiscard]] std::string sentence(const model::Note& note);

// "TCP/IPv4", "UDP/IPv6", "Unix stream", or the constants where there is no better name.
[[nodiscard]] std::string socket_kind(const model::Socket& socket);

using Words = std::vector<std::pair<std::string_view, std::string>>;
// `text` with each {name} replaced by its word; "?" where there is none. Words are not looked into.
[[nodiscard]] std::string fill_in(std::string_view text, const Words& words);

} // namespace socktale::reports
