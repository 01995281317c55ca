// What a program's file would have given it, and tracing has not. Looks, never changes anything.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/model/event.hpp"

#include <optional>

namespace socktale::recorder {

// Of a process that has just been through execve(2). A file that is set-user-ID or set-group-ID, or
// has capabilities, gives none of that to a process whose tracer lacks CAP_SYS_PTRACE, or which has
// PR_SET_NO_NEW_PRIVS (execve(2), capabilities(7)). Nothing: it gave all that it has, or cannot be
// looked at.
[[nodiscard]] std::optional<model::Note> lost_privileges(Pid pid);

} // namespace socktale::recorder
