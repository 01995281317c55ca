#include "tracer/locate/python/threads.hpp"

#include "tracer/locate/python/frames.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace socktale::locate::python {

namespace {

constexpr std::size_t most_interpreters = 64, most_threads = 4096, most_steps_to_shim = 64;

template <class T> T field(std::span<const std::byte> bytes, std::uint32_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::optional<Remote<>> pointer(Memory& memory, Remote<> at) {
  const auto value = memory.read_value<std::uint64_t>(at.as<std::uint64_t>());
  if (!value) return std::nullopt;
  return Remote<>{*value};
}

} // namespace

// pthread_self(3) is the thread pointer, on which thread_id was set: right in every PID namespace.
// native_thread_id is the kernel's, in the process's own PID namespace; only where the first is not
// set yet does it decide.
bool ThreadFinder::belongs(Remote<> state, Tid tid, const Registers& registers,
                           ReadAhead& ahead) const {
  const auto pthread = ahead.value<std::uint64_t>(state.plus(offsets_.thread_pthread));
  if (!pthread) return false;
  if (*pthread != 0) return *pthread == registers.fs_base;
  if (offsets_.thread_native == none) return false;
  const auto native = ahead.value<std::uint64_t>(state.plus(offsets_.thread_native));
  return native && tid.value > 0 && *native == static_cast<std::uint64_t>(tid.value);
}

Remote<> ThreadFinder::frame_of(Remote<> state, ReadAhead& ahead) const {
  auto frame = ahead.value<std::uint64_t>(state.plus(offsets_.thread_frame));
  if (frame && *frame != 0 && offsets_.cframe_frame != none)
    frame = ahead.value<std::uint64_t>(Remote<>{*frame}.plus(offsets_.cframe_frame));
  return {frame.value_or(0)};
}

std::optional<ThreadFound> ThreadFinder::find(Tid tid, const Registers& registers, ThreadMemo& memo,
                                              Memory& memory) const {
  ReadAhead& ahead = memo.ahead;
  const auto head = ahead.value<std::uint64_t>(runtime_.plus(offsets_.runtime_interpreters));
  if (!head || *head == 0) return std::nullopt;
  // New interpreters become the head, so the same head that was alone is alone still.
  Remote<> state = memo.state, frame;
  if (state && memo.alone && memo.interpreter.address == *head &&
      belongs(state, tid, registers, ahead))
    frame = frame_of(state, ahead);
  if (!frame) { // new, or without frames: freed memory may still look like the thread's state
    memo.interpreter = {*head};
    state = search(tid, registers, memo, memory);
    if (!state) return std::nullopt;
    frame = frame_of(state, ahead);
  }
  memo.state = state;
  const auto finalizing = ahead.value<std::uint64_t>(runtime_.plus(offsets_.runtime_finalizing));
  return ThreadFound{state, frame, finalizing && *finalizing == state.address};
}

// All states of the thread: there is one for each interpreter that it entered, and a thread that is
// being made may carry its maker's id for a moment (before 3.12).
Remote<> ThreadFinder::search(Tid tid, const Registers& registers, ThreadMemo& memo,
                              Memory& memory) const {
  std::vector<Remote<>> states;
  std::size_t threads = 0, interpreters = 0;
  Remote<> interpreter = memo.interpreter;
  for (; interpreter && interpreters < most_interpreters; ++interpreters) {
    auto state = pointer(memory, interpreter.plus(offsets_.interpreter_threads));
    while (state && *state && threads++ < most_threads) {
      const auto id = memory.read_value<std::uint64_t>(
          state->plus(offsets_.thread_pthread).as<std::uint64_t>());
      if (id && (*id == registers.fs_base || *id == 0) &&
          belongs(*state, tid, registers, memo.ahead))
        states.push_back(*state);
      state = pointer(memory, state->plus(offsets_.thread_next));
    }
    interpreter = pointer(memory, interpreter.plus(offsets_.interpreter_next)).value_or(Remote<>{});
  }
  memo.alone = interpreters == 1 && !interpreter;
  return innermost_of(states, memo.ahead);
}

// Where on the C stack the innermost entry into Python code of this state lies.
std::optional<std::uint64_t> ThreadFinder::depth_mark(Remote<> state, ReadAhead& ahead) const {
  if (offsets_.cframe_frame != none)
    return ahead.value<std::uint64_t>(state.plus(offsets_.thread_frame));
  Remote<> at = frame_of(state, ahead);
  for (std::size_t step = 0; at && step < most_steps_to_shim; ++step) {
    const auto frame = read_frame(offsets_, at, ahead);
    if (!frame) break;
    if (frame->shim) return at.address;
    at = frame->previous;
  }
  return std::nullopt;
}

// Of several states with frames the thread runs the one entered last; the C stack grows down.
Remote<> ThreadFinder::innermost_of(const std::vector<Remote<>>& states, ReadAhead& ahead) const {
  std::vector<Remote<>> busy;
  for (const Remote<> state : states)
    if (frame_of(state, ahead)) busy.push_back(state);
  if (busy.empty()) return states.empty() ? Remote<>{} : states.front();
  if (busy.size() == 1) return busy.front();
  Remote<> innermost;
  std::uint64_t lowest = UINT64_MAX;
  for (const Remote<> state : busy) {
    const auto mark = depth_mark(state, ahead);
    if (!mark) return {}; // 3.8 to 3.10 leave no mark: which one runs cannot be told
    if (*mark < lowest) {
      lowest = *mark;
      innermost = state;
    }
  }
  return innermost;
}

} // namespace socktale::locate::python
