// The filters that make only chosen system calls stop for the tracer; libseccomp stays behind it.
// Never installs a filter: launch.cpp does, in the child, and tracer.cpp, in a running program.
#pragma once

#include "tracer/base/result.hpp"
#include "tracer/engine/watch_list.hpp"

#include <span>
#include <vector>

#include <linux/filter.h>

namespace socktale::engine {

// A BPF program that returns SECCOMP_RET_TRACE for those of `wanted` that the addition names and
// allows everything else (seccomp(2): the arch test comes first). Of several filters the one that
// stops a call wins.
[[nodiscard]] Result<std::vector<sock_filter>> build_filter(std::span<const Wanted> wanted,
                                                            const Addition& addition);

} // namespace socktale::engine
