// Where CPython keeps what a walk over its frames needs: one row a version, x86-64 builds with a
// GIL. Owns the numbers and the parsing of a process's own _Py_DebugOffsets; reads no memory.
#pragma once

#include "tracer/locate/python/linetable.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace socktale::locate::python {

struct Version {
  int major = 0, minor = 0;
  int micro = -1; // -1: not known
  bool operator==(const Version&) const = default;
  [[nodiscard]] std::string text() const; // "3.11.2", "3.9"
};

// From PY_VERSION_HEX, as Py_Version holds it (patchlevel.h).
[[nodiscard]] Version version_from_hex(std::uint32_t hex);

// What a frame's instruction field holds.
enum class InstructionField {
  byte_index,   // f_lasti counts bytes (3.8, 3.9)
  unit_index,   // f_lasti counts 2-byte units (3.10)
  unit_pointer, // an address inside the code object (3.11 and later)
};

inline constexpr std::uint32_t none = UINT32_MAX; // the version has no such field

// All in bytes from the start of the structure that the first word of the name stands for.
struct Offsets {
  int minor;
  std::uint32_t runtime_finalizing, runtime_interpreters;
  std::uint32_t interpreter_next, interpreter_threads;
  std::uint32_t thread_next, thread_pthread, thread_native;
  std::uint32_t thread_frame; // the innermost frame, or the _PyCFrame that points to it
  std::uint32_t cframe_frame; // none: thread_frame is the frame itself
  std::uint32_t frame_previous, frame_code, frame_instruction, frame_owner;
  std::uint32_t code_file, code_name, code_qualname, code_first_line, code_table, code_bytes;
  std::uint32_t code_version;
  std::uint32_t ascii_text, compact_text; // where a str's characters begin
  InstructionField instruction;
  LineFormat lines;
  bool operator==(const Offsets&) const = default;
};

inline constexpr std::uint32_t bytes_text = 32; // where a bytes object's bytes begin
inline constexpr std::uint32_t object_type = 8, object_size = 16;

// The row of 3.`minor`; nullptr: not supported.
[[nodiscard]] const Offsets* offsets_of(Version version);

// How many bytes at _PyRuntime published_offsets needs.
inline constexpr std::size_t published_size = std::size_t{52} * 8;

// 3.13 and later publish their own numbers at the start of _PyRuntime. `bytes` are those; the row
// of the version fills what is not published. An error is one reason, as text: "free-threaded
// build".
[[nodiscard]] std::expected<Offsets, std::string>
published_offsets(std::span<const std::byte> bytes, Version version);

} // namespace socktale::locate::python
