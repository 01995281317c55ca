// The filter that makes only chosen system calls stop for the tracer; libseccomp stays behind it.
// Never installs a filter: launch.cpp does, in the child.
#pragma once

#include "tracer/base/result.hpp"

#include <span>
#include <vector>

#include <linux/filter.h>

namespace socktale::engine {

// A BPF program that returns SECCOMP_RET_TRACE for `numbers` of the native ABI and allows
// everything else, calls of other ABIs included (seccomp(2): the arch test comes first).
[[nodiscard]] Result<std::vector<sock_filter>> build_filter(std::span<const int> numbers);

} // namespace socktale::engine
