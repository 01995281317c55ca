// Single facts read out of a recorded call: an argument by its name, an address as people write it,
// the bytes that were carried. Asks for names of arguments, never for kinds of reports.
#pragma once

#include "tracer/model/event.hpp"
#include "tracer/tables/spec.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socktale::reports {

// The argument of that man-page name, or nullptr.
[[nodiscard]] const model::Field* argument(const model::Call& call, std::string_view name);

// The member of that name of a structure, or nullptr.
[[nodiscard]] const model::Field* member(const model::Value& value, std::string_view name);

// The number behind a value: plain, a constant's, a descriptor's, htons(80)'s, the one in [16].
[[nodiscard]] std::optional<std::int64_t> number_of(const model::Value& value);

// A socket address: "127.0.0.1:12345", "[::1]:80", "/run/x", "@abstract", "(unnamed)".
// Nothing when `value` is no address of these families.
[[nodiscard]] std::optional<std::string> address_text(const model::Value& value);
[[nodiscard]] std::string endpoint_text(const model::Endpoint& endpoint);
// The address among the call's arguments, if it has one.
[[nodiscard]] std::optional<std::string> address_in(const model::Call& call);

// The number that the kernel was given, and what that stands for when it is not called what the
// call is: "44", "102 socketcall(SYS_SENDTO)", "369 i386".
[[nodiscard]] std::string number_text(const model::Call& call);

// What the table says that the call does; nothing for a call that is not in it.
[[nodiscard]] std::optional<tables::Effect> effect_of(const model::Call& call);
[[nodiscard]] bool is_wait(const model::Call& call); // poll, select, epoll_wait and the like
[[nodiscard]] bool makes_socket(const model::Call& call);

enum class Direction { in, out, neither };
// Whether the call takes bytes from a socket or gives them to it. sendfile(2) and splice(2) have a
// descriptor on either side and are `neither`.
[[nodiscard]] Direction direction_of(const model::Call& call);

// Bytes that a call of a known direction moved; 0 when it failed, only looked (MSG_PEEK) or has not
// returned.
[[nodiscard]] std::uint64_t bytes_moved(const model::Call& call);

// What was moved, joined over all buffers. `length` is bytes_moved().
[[nodiscard]] std::optional<model::Bytes> payload_of(const model::Call& call);

[[nodiscard]] inline bool succeeded(const model::Call& call) {
  return call.outcome && call.outcome->error == 0;
}

// Ended with one of the kernel's own codes for "make it again" (include/linux/errno.h), which a
// tracer sees and a program never does.
[[nodiscard]] bool restarts(const model::Call& call);

} // namespace socktale::reports
