// How text travels over a connected socket: as it is, with no mark at its end, which is what the
// plain Python programs do. A message is therefore what one recv() finds, right or wrong.
#pragma once

#include "socket.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chat {

/// Sends every byte of `text`, in as many calls as the kernel needs.
void say(const Socket& connection, std::string_view text);

/// What has arrived, at most 1024 bytes; nothing when the other side has closed.
[[nodiscard]] std::optional<std::string> hear(const Socket& connection);

} // namespace chat
