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
constexpr std::size_t walks_remembered = 16; // and as many before them

// The registers of a frame, as far as they are known. What a callee saved is read when it is asked
// for, which most of it never is.
class Values {
 public:
  // `ground` gets the registers that are asked for while they are still the thread's own.
  Values(const Registers& r, RegisterSet& ground) : ground_(&ground) {
    set(Reg::rsp, r.rsp);
    set(Reg::rbp, r.rbp);
    set(Reg::rbx, r.rbx);
    set(Reg::r12, r.r12);
    set(Reg::r13, r.r13);
    set(Reg::r14, r.r14);
    set(Reg::r15, r.r15);
    set(Reg::rip, r.rip);
    own_ = bit(Reg::rbp) | bit(Reg::rbx) | bit(Reg::r12) | bit(Reg::r13) | bit(Reg::r14) |
           bit(Reg::r15);
  }

  void set(Reg reg, std::uint64_t value) { put(reg, {State::known, value}); }
  void set_saved(Reg reg, std::uint64_t where) { put(reg, {State::saved, where}); }
  void lose(Reg reg) { put(reg, {}); }

  std::optional<std::uint64_t> get(Reg reg, StackReader& reader) {
    *ground_ = static_cast<RegisterSet>(*ground_ | (own_ & bit(reg)));
    Slot& slot = slots_[index(reg)];
    if (slot.state == State::saved) {
      const auto value = reader.word(slot.value);
      slot = value ? Slot{State::known, *value} : Slot{};
    }
    return slot.state == State::known ? std::optional(slot.value) : std::nullopt;
  }

  // Of `sum`, where `cfa` is the frame's address.
  std::optional<std::uint64_t> evaluate(const Sum& sum, std::uint64_t cfa, StackReader& reader) {
    const auto base = sum.base == Reg::cfa ? cfa : get(sum.base, reader);
    if (!base) return std::nullopt;
    return *base + static_cast<std::uint64_t>(sum.offset); // wraps like the machine does
  }

 private:
  enum class State : std::uint8_t { lost, known, saved };
  struct Slot {
    State state = State::lost;
    std::uint64_t value = 0; // or the address that it is saved at
  };
  void put(Reg reg, Slot slot) {
    own_ = static_cast<RegisterSet>(own_ & ~bit(reg));
    slots_[index(reg)] = slot;
  }

  std::array<Slot, followed> slots_;
  RegisterSet own_ = 0;
  RegisterSet* ground_;
};

std::optional<std::uint64_t> frame_address(const Rule& rule, Values& values, StackReader& reader) {
  const auto sum = values.evaluate(rule.cfa, 0, reader);
  return sum && rule.cfa_in_memory ? reader.word(*sum) : sum;
}

enum class Step { caller, outermost, stuck };

// Turns `values` into the caller's.
Step step(const Rule& rule, Values& values, StackReader& reader) {
  if (rule.ends_at_zero && values.get(Reg::rbp, reader) == 0U) return Step::outermost;
  if (rule.origins[index(Reg::rip)].kind == Origin::Kind::lost) return Step::outermost;
  const auto cfa = frame_address(rule, values, reader);
  if (!cfa) return Step::stuck;
  // Each caller's frame lies higher. Only a signal handler may run on a stack of its own, and what
  // a runtime is known to run on another.
  const bool other_stack = rule.signal || rule.switches_stack;
  if (!other_stack && *cfa <= values.get(Reg::rsp, reader)) return Step::stuck;
  Values caller = values;
  for (std::size_t i = 0; i < followed; ++i) {
    const Origin& origin = rule.origins[i];
    if (origin.kind == Origin::Kind::same) continue;
    const Reg reg = static_cast<Reg>(i);
    const auto where = origin.kind == Origin::Kind::lost
                           ? std::nullopt
                           : values.evaluate(origin.where, *cfa, reader);
    if (!where)
      caller.lose(reg);
    else if (origin.kind == Origin::Kind::memory)
      caller.set_saved(reg, *where);
    else
      caller.set(reg, *where);
  }
  caller.set(Reg::rsp, *cfa);
  values = caller;
  const auto rip = values.get(Reg::rip, reader);
  if (!rip) return Step::stuck;
  return *rip == 0 ? Step::outermost : Step::caller;
}

// Frames that replace those of the walk before, with which they mostly agree: what is the same is
// left as it is.
class Frames {
 public:
  explicit Frames(std::vector<NativeFrame>& frames) : frames_(frames) {}
  ~Frames() { frames_.resize(size_); }
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;
  [[nodiscard]] std::size_t size() const { return size_; }

  void add(const std::shared_ptr<const Module>& module, std::uint64_t address) {
    if (size_ == frames_.size()) frames_.emplace_back();
    NativeFrame& frame = frames_[size_++];
    if (frame.module != module) frame.module = module;
    frame.address = address;
  }

 private:
  std::vector<NativeFrame>& frames_;
  std::size_t size_ = 0;
};

} // namespace

void StackReader::start(Memory& memory, std::uint64_t top, std::uint64_t end, bool narrow) {
  memory_ = &memory;
  word_size_ = narrow ? sizeof(std::uint32_t) : sizeof(std::uint64_t);
  end_ = end;
  top_ = top;
  first_ = usual();
  if (++walks_ % walks_remembered == 0) {
    needed_before_ = needed_;
    needed_ = 0;
  }
  windows_.clear();
  asked_.clear();
}

// Each page costs; programs call from few depths, so the last walks tell what the next one will
// need.
std::size_t StackReader::usual() const {
  return std::clamp(std::max(needed_, needed_before_), least_window, window_size);
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
  if (windows_.empty()) read_window(top_, first_);
  auto window = std::ranges::find_if(windows_, holds);
  if (window == windows_.end()) {
    if (!read_window(at, window_size)) return std::nullopt;
    window = std::prev(windows_.end());
  }
  const std::uint64_t depth = at - top_ + word_size_; // wraps for what is on another stack
  if (depth <= window_size) needed_ = std::max(needed_, static_cast<std::size_t>(depth));
  std::memcpy(&value, bytes_.data() + window->where + (at - window->at), word_size_);
  asked_.push_back({at, value});
  return value;
}

RegisterSet walk_native(const Registers& registers, CodeSource& source, StackReader& reader,
                        NativeStack& stack) {
  Frames frames(stack.frames);
  stack.complete = stack.decided = false;
  RegisterSet ground = 0;
  Values values(registers, ground);
  // rip is past the syscall instruction, a return address past its call; an interrupted one is not.
  bool exact = false;
  std::size_t in_interpreter = 0;
  while (frames.size() < most_native_frames) {
    const std::uint64_t pc = *values.get(Reg::rip, reader) - (exact ? 0 : 1);
    const Code* code = source.code_at(pc);
    if (code == nullptr) return ground;
    if (!code->gate || frames.size() > 0)
      frames.add(code->module, code->module ? code->address : pc);
    in_interpreter += code->interpreter ? 1 : 0;
    if (code->rule == nullptr) return ground;
    stack.decided = in_interpreter == most_interpreter_frames;
    if (stack.decided) return ground;
    exact = code->rule->signal;
    const Step next = step(*code->rule, values, reader);
    stack.complete = stack.decided = next == Step::outermost;
    if (next != Step::caller) return ground;
  }
  return ground;
}

} // namespace socktale::locate
