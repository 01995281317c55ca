#include "tracer/tables/signals.hpp"

#include <algorithm>
#include <array>

#include <signal.h>

namespace socktale::tables {
namespace {

constexpr std::array common = {
    Name{0, "SI_USER"},   Name{0x80, "SI_KERNEL"}, Name{-1, "SI_QUEUE"},
    Name{-2, "SI_TIMER"}, Name{-3, "SI_MESGQ"},    Name{-4, "SI_ASYNCIO"},
    Name{-5, "SI_SIGIO"}, Name{-6, "SI_TKILL"},    Name{-60, "SI_ASYNCNL"},
};
constexpr std::array ill = {
    Name{1, "ILL_ILLOPC"}, Name{2, "ILL_ILLOPN"}, Name{3, "ILL_ILLADR"}, Name{4, "ILL_ILLTRP"},
    Name{5, "ILL_PRVOPC"}, Name{6, "ILL_PRVREG"}, Name{7, "ILL_COPROC"}, Name{8, "ILL_BADSTK"},
};
constexpr std::array fpe = {
    Name{1, "FPE_INTDIV"}, Name{2, "FPE_INTOVF"}, Name{3, "FPE_FLTDIV"}, Name{4, "FPE_FLTOVF"},
    Name{5, "FPE_FLTUND"}, Name{6, "FPE_FLTRES"}, Name{7, "FPE_FLTINV"}, Name{8, "FPE_FLTSUB"},
};
constexpr std::array segv = {Name{1, "SEGV_MAPERR"}, Name{2, "SEGV_ACCERR"}, Name{3, "SEGV_BNDERR"},
                             Name{4, "SEGV_PKUERR"}};
constexpr std::array bus = {Name{1, "BUS_ADRALN"}, Name{2, "BUS_ADRERR"}, Name{3, "BUS_OBJERR"}};
constexpr std::array trap = {Name{1, "TRAP_BRKPT"}, Name{2, "TRAP_TRACE"}};
constexpr std::array child = {
    Name{1, "CLD_EXITED"},  Name{2, "CLD_KILLED"},  Name{3, "CLD_DUMPED"},
    Name{4, "CLD_TRAPPED"}, Name{5, "CLD_STOPPED"}, Name{6, "CLD_CONTINUED"},
};
constexpr std::array poll = {Name{1, "POLL_IN"},  Name{2, "POLL_OUT"}, Name{3, "POLL_MSG"},
                             Name{4, "POLL_ERR"}, Name{5, "POLL_PRI"}, Name{6, "POLL_HUP"}};
constexpr std::array sys = {Name{1, "SYS_SECCOMP"}};

struct Row {
  int signal;
  std::span<const Name> codes;
};
constexpr std::array rows = {
    Row{SIGILL, ill},   Row{SIGFPE, fpe},    Row{SIGSEGV, segv}, Row{SIGBUS, bus},
    Row{SIGTRAP, trap}, Row{SIGCHLD, child}, Row{SIGPOLL, poll}, Row{SIGSYS, sys},
};

} // namespace

Names common_signal_codes() { return {common, {}}; }

Names own_signal_codes(int signal) {
  const auto* row = std::ranges::find(rows, signal, &Row::signal);
  return {row != rows.end() ? row->codes : std::span<const Name>{}, {}};
}

} // namespace socktale::tables
