// ioctl(2) on sockets: what its third argument is, by the request. Pure.
#pragma once

#include "tracer/decode/capture.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/model/value.hpp"

#include <cstdint>
#include <optional>

namespace socktale::decode {

// FIONREAD; one that is not known as strace takes it apart: _IOC(_IOC_NONE, 0x89, 0x28, 0).
[[nodiscard]] model::Value ioctl_request(std::uint32_t request);
// How many bytes the argument points at; 0: it is no pointer, or nothing is known of it.
[[nodiscard]] std::size_t ioctl_size(std::uint32_t request, const Layout& layout);
// SIOCGIFCONF's list, which lies behind a further pointer and is there once the call has returned.
[[nodiscard]] std::optional<Capture::Want> ioctl_want(std::uint32_t request, Remote<> at,
                                                      Memory& after, const Layout& layout);
// The argument before and, of a call that succeeded, after. Empty: the request takes none.
[[nodiscard]] model::Field ioctl_argument(std::uint32_t request, Remote<> at, Memory& before,
                                          Memory& after, const Layout& layout, bool succeeded);

} // namespace socktale::decode
