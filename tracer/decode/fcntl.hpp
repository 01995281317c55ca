// fcntl(2): what its third argument and its result are, by the command. Pure.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/model/event.hpp"
#include "tracer/model/value.hpp"

#include <cstdint>

namespace socktale::decode {

// Empty: the command takes none.
[[nodiscard]] model::Value fcntl_argument(int command, std::uint64_t raw);
// What the argument points at, going in or coming out: F_SETOWN_EX's and F_GETOWN_EX's owner.
[[nodiscard]] std::size_t fcntl_size(int command);
[[nodiscard]] model::Field fcntl_field(int command, std::uint64_t raw, Memory& before,
                                       Memory& after, bool succeeded);
// O_RDWR|O_NONBLOCK of F_GETFL's 0x802. Empty: a number and no more.
[[nodiscard]] model::Value fcntl_result(int command, std::int64_t result);
// O_RDONLY|O_NONBLOCK: an access mode, which may be 0, and flags (open(2)).
[[nodiscard]] model::Value open_modes(std::uint64_t bits);

} // namespace socktale::decode
