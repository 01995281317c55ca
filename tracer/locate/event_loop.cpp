#include "tracer/locate/event_loop.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace socktale::locate {
namespace {

using model::Language;

struct Loop {
  Language language;
  std::string_view function;
  std::string_view file; // how its source's path ends; empty: any
};

constexpr std::array loops = {
    Loop{Language::native, "uv__io_poll", ""}, // libuv: Node, uvloop
    Loop{Language::native, "uv_run", ""},
    Loop{Language::native, "runtime.netpoll", "runtime/netpoll_epoll.go"},
    Loop{Language::native, "runtime.findRunnable", "runtime/proc.go"},
    Loop{Language::native, "runtime.findrunnable", "runtime/proc.go"}, // before Go 1.19
    // Node's queue of what is to be done after the running code, and its timers
    Loop{Language::javascript, "processTicksAndRejections", "process/task_queues"},
    Loop{Language::javascript, "listOnTimeout", "internal/timers"},
    Loop{Language::python, "BaseEventLoop._run_once", "/asyncio/base_events.py"},
    Loop{Language::python, "_run_once", "/asyncio/base_events.py"}, // before CPython 3.11
};

} // namespace

bool is_event_loop(const model::Frame& frame) {
  if (frame.owner == model::Owner::user) return false;
  return std::ranges::any_of(loops, [&](const Loop& loop) {
    return frame.language == loop.language && frame.function == loop.function &&
           std::string_view(frame.file).ends_with(loop.file);
  });
}

} // namespace socktale::locate
