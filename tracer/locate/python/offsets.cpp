#include "tracer/locate/python/offsets.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace socktale::locate::python {

namespace {

using enum InstructionField;

// Taken from offsetof() over each version's own headers.
// clang-format off
constexpr std::array rows{
    //      runtime   interp.     thread                  cframe  frame            code
    Offsets{8, 16, 32,     0, 8,       8, 176, none, 24,  none,   24, 32, 104, none, 104, 112, none, 40, 120, none, none,
            48, 72, byte_index, LineFormat::lnotab},
    Offsets{9, 16, 32,     0, 8,       8, 176, none, 24,  none,   24, 32, 104, none, 104, 112, none, 40, 120, none, none,
            48, 72, byte_index, LineFormat::lnotab},
    Offsets{10, 16, 32,    0, 8,       8, 176, none, 24,  none,   24, 32, 96, none,  104, 112, none, 40, 120, none, none,
            48, 72, unit_index, LineFormat::ranges},
    Offsets{11, 24, 40,    0, 16,      8, 152, 160, 56,   8,      48, 32, 56, 69,    112, 120, 128, 72, 136, 184, none,
            48, 72, unit_pointer, LineFormat::positions},
    Offsets{12, 24, 40,    0, 72,      8, 136, 144, 56,   0,      8, 0, 56, 70,      112, 120, 128, 68, 136, 192, 92,
            40, 56, unit_pointer, LineFormat::positions},
    Offsets{13, 608, 632,  7264, 7344, 8, 152, 160, 72,   none,   8, 0, 56, 70,      112, 120, 128, 68, 136, 200, 92,
            40, 56, unit_pointer, LineFormat::positions},
    Offsets{14, 784, 808,  7272, 7344, 8, 152, 160, 72,   none,   8, 0, 56, 74,      112, 120, 128, 68, 136, 208, 92,
            40, 56, unit_pointer, LineFormat::positions},
};

// _Py_DebugOffsets is an array of 64-bit numbers in groups; each version adds members to groups, so
// the index of a group's first number is a fact of the version.
struct Layout {
  int minor;
  std::size_t interpreter, thread, frame, code;
};
constexpr std::array layouts{
    Layout{13, 6, 19, 28, 34},
    Layout{14, 6, 22, 31, 39},
};
// clang-format on
constexpr std::size_t runtime_group = 3, highest_index = 39 + 9;
static_assert(published_size > highest_index * 8);

template <class Rows> auto find_row(const Rows& table, int minor) {
  const auto row = std::ranges::find(table, minor, &Rows::value_type::minor);
  return row == table.end() ? nullptr : &*row;
}

} // namespace

std::string Version::text() const {
  return micro < 0 ? fmt::format("{}.{}", major, minor)
                   : fmt::format("{}.{}.{}", major, minor, micro);
}

Version version_from_hex(std::uint32_t hex) {
  return {static_cast<int>(hex >> 24), static_cast<int>(hex >> 16 & 0xff),
          static_cast<int>(hex >> 8 & 0xff)};
}

const Offsets* offsets_of(Version version) {
  return version.major == 3 ? find_row(rows, version.minor) : nullptr;
}

std::expected<Offsets, std::string> published_offsets(std::span<const std::byte> bytes,
                                                      Version version) {
  const Offsets* row = offsets_of(version);
  const Layout* layout = find_row(layouts, version.minor);
  if (row == nullptr || layout == nullptr) return std::unexpected("unknown version");
  if (bytes.size() < published_size || std::memcmp(bytes.data(), "xdebugpy", 8) != 0)
    return std::unexpected("no debug offsets");
  bool plausible = true;
  const auto number = [&](std::size_t index) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + index * 8, sizeof value);
    return value;
  };
  // No structure that matters is larger than 1 MiB; a forged number must not reach far.
  const auto offset = [&](std::size_t index) {
    const std::uint64_t value = number(index);
    plausible = plausible && value < (1U << 20U);
    return static_cast<std::uint32_t>(value & ((1U << 20U) - 1));
  };
  if (version_from_hex(static_cast<std::uint32_t>(number(1))).minor != version.minor)
    return std::unexpected("debug offsets of another version");
  if (number(2) != 0) return std::unexpected("free-threaded build");

  Offsets offsets = *row;
  offsets.runtime_finalizing = offset(runtime_group + 1);
  offsets.runtime_interpreters = offset(runtime_group + 2);
  offsets.interpreter_next = offset(layout->interpreter + 2);
  offsets.interpreter_threads = offset(layout->interpreter + 3);
  offsets.thread_next = offset(layout->thread + 2);
  offsets.thread_frame = offset(layout->thread + 4);
  offsets.thread_pthread = offset(layout->thread + 5);
  offsets.thread_native = offset(layout->thread + 6);
  offsets.frame_previous = offset(layout->frame + 1);
  offsets.frame_code = offset(layout->frame + 2);
  offsets.frame_instruction = offset(layout->frame + 3);
  offsets.frame_owner = offset(layout->frame + 5);
  offsets.code_file = offset(layout->code + 1);
  offsets.code_name = offset(layout->code + 2);
  offsets.code_qualname = offset(layout->code + 3);
  offsets.code_table = offset(layout->code + 4);
  offsets.code_first_line = offset(layout->code + 5);
  offsets.code_bytes = offset(layout->code + 9);
  if (!plausible) return std::unexpected("debug offsets out of range");
  return offsets;
}

} // namespace socktale::locate::python
