// Why signals were sent: the codes of siginfo_t. Data and look-up only.
#pragma once

#include "tracer/tables/names.hpp"

namespace socktale::tables {

// The names of si_code for a signal: those of every signal, then its own (sigaction(2)).
[[nodiscard]] Names common_signal_codes();
[[nodiscard]] Names own_signal_codes(int signal);

} // namespace socktale::tables
