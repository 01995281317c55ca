// What the kernel says of a signal (siginfo_t) as named members. Pure.
#pragma once

#include "tracer/model/value.hpp"

#include <csignal>

namespace socktale::decode {

// {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=7, ...}: the members that this kind of signal has.
[[nodiscard]] model::Value signal_info(const siginfo_t& info);

} // namespace socktale::decode
