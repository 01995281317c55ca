#include "tracer/locate/unwind.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

namespace socktale::locate {
namespace {

constexpr std::size_t window_size = 16 << 10;
constexpr std::size_t least_window = 512;
constexpr std::size_t most_windows = 24;

using Values = std::array<std::optional<std::uint64_t>, followed>;

Values start_values(const Registers& r) {
  Values values;
  values[index(Reg::rsp)] = r.rsp;
  values[index(Reg::rbp)] = r.rbp;
  values[index(Reg::rbx)] = r.rbx;
  values[index(Reg::r12)] = r.r12;
  values[index(Reg::r13)] = r.r13;
  values[index(Reg::r14)] = r.r14;
  values[index(Reg::r15)] = r.r15;
  values[index(Reg::rip)] = r.rip;
  return values;
}

std::optional<std::uint64_t> evaluate(const Sum& sum, const Values& values, std::uint64_t cfa) {
  const auto base = sum.base == Reg::cfa ? cfa : values[index(sum.base)];
  if (!base) return std::nullopt;
  return *base + static_cast<std::uint64_t>(sum.offset); // wraps like the machine does
}

std::optional<std::uint64_t> frame_address(const Rule& rule, const Values& values,
                                           StackReader& reader) {
  const auto sum = evaluate(rule.cfa, values, 0);
  return sum && rule.cfa_in_memory ? reader.word(*sum) : sum;
}

std::optional<std::uint64_t> caller_value(const Rule& rule, Reg reg, const Values& values,
                                          std::uint64_t cfa, StackReader& reader) {
  if (reg == Reg::rsp) return cfa;
  const Origin& origin = rule.origins[index(reg)];
  if (origin.kind == Origin::Kind::same) return values[index(reg)];
  if (origin.kind == Origin::Kind::lost) return std::nullopt;
  const auto where = evaluate(origin.where, values, cfa);
  return where && origin.kind == Origin::Kind::memory ? reader.word(*where) : where;
}

enum class Step { caller, outermost, stuck };

// Turns `values` into the caller's.
Step step(const Rule& rule, Values& values, StackReader& reader) {
  if (rule.ends_at_zero && values[index(Reg::rbp)] == 0U) return Step::outermost;
  if (rule.origins[index(Reg::rip)].kind == Origin::Kind::lost) return Step::outermost;
  const auto cfa = frame_address(rule, values, reader);
  if (!cfa) return Step::stuck;
  // Each caller's frame lies higher. Only a signal handler may run on a stack of its own, and what
  // a runtime is known to run on another.
  const bool other_stack = rule.signal || rule.switches_stack;
  if (!other_stack && *cfa <= *values[index(Reg::rsp)]) return Step::stuck;
  Values caller;
  for (std::size_t i = 0; i < followed; ++i)
    caller[i] = caller_value(rule, static_cast<Reg>(i), values, *cfa, reader);
  values = caller;
  const auto rip = values[index(Reg::rip)];
  if (!rip) return Step::stuck;
  return *rip == 0 ? Step::outermost : Step::caller;
}

} // namespace

void StackReader::start(Memory& memory, std::uint64_t top, std::uint64_t end, bool narrow) {
  memory_ = &memory;
  word_size_ = narrow ? sizeof(std::uint32_t) : sizeof(std::uint64_t);
  end_ = end;
  top_ = top;
  first_ = usual();
  deepest_ = 0;
  windows_.clear();
  read_window(top, first_);
}

// Each page costs; programs call from few depths, so the last walk tells what the next one will
// need.
std::size_t StackReader::usual() const {
  constexpr std::size_t shrinks = 16;
  return std::clamp(std::max(deepest_, first_ - first_ / shrinks), least_window, window_size);
}

bool StackReader::read_window(std::uint64_t at, std::size_t size) {
  if (windows_.size() >= most_windows) return false;
  const std::size_t where = windows_.size() * window_size;
  bytes_.resize(std::max(bytes_.size(), where + window_size));
  const std::uint64_t room = at < end_ ? end_ - at : size;
  const auto into = std::span(bytes_).subspan(where, std::min<std::uint64_t>(room, size));
  const std::size_t got = memory_->read(Remote<>{at}, into);
  windows_.push_back({at, got, where});
  return got >= word_size_;
}

std::optional<std::uint64_t> StackReader::word(std::uint64_t at) {
  std::uint64_t value = 0;
  const auto holds = [&](const Window& window) {
    return at >= window.at && window.size >= word_size_ &&
           at - window.at <= window.size - word_size_;
  };
  auto window = std::ranges::find_if(windows_, holds);
  if (window == windows_.end()) {
    if (!read_window(at, window_size)) return std::nullopt;
    window = std::prev(windows_.end());
  }
  const std::uint64_t depth = at - top_ + word_size_; // wraps for what is on another stack
  if (depth <= window_size) deepest_ = std::max(deepest_, static_cast<std::size_t>(depth));
  std::memcpy(&value, bytes_.data() + window->where + (at - window->at), word_size_);
  return value;
}

void walk_native(const Registers& registers, Memory& memory, CodeSource& source,
                 StackReader& reader, NativeStack& stack) {
  stack.frames.clear();
  stack.complete = false;
  reader.start(memory, registers.rsp, source.end_of_mapping(registers.rsp), registers.narrow);
  Values values = start_values(registers);
  // rip is past the syscall instruction, a return address past its call; an interrupted one is not.
  bool exact = false;
  std::size_t in_interpreter = 0;
  while (stack.frames.size() < most_native_frames) {
    const std::uint64_t pc = *values[index(Reg::rip)] - (exact ? 0 : 1);
    const auto code = source.code_at(pc);
    if (!code) return;
    if (!code->gate || !stack.frames.empty())
      stack.frames.push_back({code->module, code->module ? code->address : pc});
    in_interpreter += code->interpreter ? 1 : 0;
    if (code->rule == nullptr || in_interpreter == most_interpreter_frames) return;
    exact = code->rule->signal;
    const Step next = step(*code->rule, values, reader);
    stack.complete = next == Step::outermost;
    if (next != Step::caller) return;
  }
}

} // namespace socktale::locate
