// What is asked of /proc about processes that run already, and why one of them cannot be joined.
// Never traces.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/result.hpp"

#include <string>

namespace socktale::cli {

// Yama's answer to who may trace (Documentation/admin-guide/LSM/Yama.rst); -1: it is not there.
[[nodiscard]] int yama_scope();

// The name of what it runs; empty where that is not told.
[[nodiscard]] std::string name_of(Pid pid);

// Throws UserError where it is a thread of one.
void check_process(Pid pid);
// PTRACE_SEIZE was refused with `code`.
[[nodiscard]] UserError cannot_attach(Pid pid, int code);

} // namespace socktale::cli
