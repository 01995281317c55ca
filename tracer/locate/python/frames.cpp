#include "tracer/locate/python/frames.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace socktale::locate::python {

namespace {

constexpr std::size_t most_steps = 2 * most_frames; // shims are not kept but take a step
constexpr std::uint8_t first_shim_owner = 3;        // FRAME_OWNED_BY_CSTACK, in 3.14 _INTERPRETER
constexpr std::uint64_t reference_tags = 7;         // 3.14's _PyStackRef keeps flags in these bits

template <class T> T field(std::span<const std::byte> header, std::uint32_t at) {
  T value;
  std::memcpy(&value, header.data() + at, sizeof value);
  return value;
}

// An index of 2-byte units into the code, -1 where the frame has not begun or the number cannot be.
std::int32_t unit_of(const Offsets& offsets, const FrameHeader& frame) {
  switch (offsets.instruction) {
  case InstructionField::byte_index:
  case InstructionField::unit_index: {
    const auto index = static_cast<std::int32_t>(frame.instruction & 0xffffffffU);
    return offsets.instruction == InstructionField::byte_index ? index / 2 : index;
  }
  case InstructionField::unit_pointer: {
    const std::uint64_t bytes = frame.code.plus(offsets.code_bytes).address;
    const std::uint64_t index = (frame.instruction - bytes) / 2;
    if (frame.instruction < bytes || index > std::numeric_limits<std::int32_t>::max()) return -1;
    return static_cast<std::int32_t>(index);
  }
  }
  return -1;
}

} // namespace

std::optional<FrameHeader> read_frame(const Offsets& offsets, Remote<> at, ReadAhead& ahead) {
  std::array<std::byte, 128> header{};
  const std::uint32_t owner = offsets.frame_owner;
  const std::uint32_t end =
      8 + std::max({offsets.frame_previous, offsets.frame_code, offsets.frame_instruction,
                    owner == none ? 0 : owner - owner % 8});
  if (end > header.size() || !ahead.read(at, std::span(header).first(end))) return std::nullopt;
  FrameHeader frame;
  frame.previous = {field<std::uint64_t>(header, offsets.frame_previous)};
  frame.code = {field<std::uint64_t>(header, offsets.frame_code) & ~reference_tags};
  frame.instruction = field<std::uint64_t>(header, offsets.frame_instruction);
  frame.shim = owner != none && field<std::uint8_t>(header, owner) >= first_shim_owner;
  return frame;
}

Walk walk_frames(const Offsets& offsets, Remote<> innermost, CodeCache& codes, ReadAhead& ahead,
                 Memory& memory) {
  Walk walk;
  walk.frames.reserve(16);
  Remote<> at = innermost;
  for (std::size_t step = 0; at; ++step) {
    walk.complete = false;
    if (step == most_steps || walk.frames.size() == most_frames) return walk;
    const auto frame = read_frame(offsets, at, ahead);
    if (!frame) return walk;
    if (!frame->shim) {
      auto code = codes.get(frame->code, ahead, memory);
      if (!code) return walk;
      if (!code->shim) walk.frames.push_back({std::move(code), unit_of(offsets, *frame)});
    }
    at = frame->previous;
  }
  walk.complete = true;
  return walk;
}

} // namespace socktale::locate::python
