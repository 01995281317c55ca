// A call that stops for the tracer's own sake, for what the program is told by it would not be what
// it would be told untraced. Plain data; what is done about it is in tracer_own_calls.cpp.
#pragma once

#include "tracer/tables/numbers.hpp"

#include <array>
#include <cstdint>

namespace socktale::engine {

struct OwnCall {
  enum class Kind : std::uint8_t {
    asks_cpus, // sched_getaffinity(2)
    sets_cpus,
    asks_seccomp, // prctl(2)
    asks_no_new_privs,
    sets_no_new_privs,
    adds_filter, // by prctl(2) or seccomp(2)
    goes_strict,
    hides_child, // by clone(2) or clone3(2)
  };
  Kind kind{};
  tables::Abi abi{};
  std::array<std::uint64_t, 6> args{}; // as the program gave them
  bool by_prctl = false;
};

// What a task would have untraced; what it starts begins with that, too.
struct Guise {
  bool filter = false; // a seccomp filter that is not ours
  bool no_new_privs = false;
  bool strict = false; // seccomp's strict mode
};

// The calling thread's.
[[nodiscard]] Guise own_guise();

} // namespace socktale::engine
