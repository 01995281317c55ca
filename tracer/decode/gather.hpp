// What to read in a stop so that the call can be decoded later: walks a row's pointers, two or
// three bulk reads deep. Never decodes.
#pragma once

#include "tracer/decode/capture.hpp"
#include "tracer/decode/layout.hpp"

namespace socktale::decode {

// At entry: everything that is valid then.
void gather_entry(const tables::Syscall& row, const Args& args, const Limits& limits, Memory& live,
                  Capture& before);

// At exit: what the kernel wrote. `result` is the call's; a failed call wrote nothing of interest.
void gather_exit(const tables::Syscall& row, const Args& args, std::int64_t result,
                 const Limits& limits, Memory& live, Capture& before, Capture& after);

// At exit, whatever came of the call: once more the addresses that the program gave, which another
// thread may have changed after the entry.
void gather_again(const tables::Syscall& row, const Args& args, Memory& live, Capture& before,
                  Capture& after);

} // namespace socktale::decode
