// Walks the native stack of a stopped thread by rules. Owns the walk and the copies of stack bytes;
// never knows which file a rule came from, nor any name.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/base/registers.hpp"
#include "tracer/locate/rule.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace socktale::locate {

class Module;

// The instruction that a frame is at: of a caller the call, of the innermost frame the syscall.
// `address` is of the module's file image; without a module it is the process's own.
struct NativeFrame {
  std::shared_ptr<const Module> module;
  std::uint64_t address = 0;
  bool operator==(const NativeFrame&) const = default;
};

struct NativeStack {
  std::vector<NativeFrame> frames; // innermost first
  bool complete = false;           // the last one is the outermost
  bool decided = false; // by what was read; false: something could not be read, or is unknown
  bool operator==(const NativeStack&) const = default;
};

// What is known of the code at an address of the process.
struct Code {
  std::shared_ptr<const Module> module; // nullptr: no file
  std::uint64_t address = 0;            // of the module's image
  const Rule* rule = nullptr;           // nullptr: unknown
  bool interpreter = false;
  bool gate = false; // only the way into the kernel: no frame of anybody's
};

class CodeSource {
 public:
  CodeSource() = default;
  CodeSource(const CodeSource&) = delete;
  CodeSource& operator=(const CodeSource&) = delete;
  virtual ~CodeSource() = default;
  // nullptr when no code can be at `pc`. It is valid until the next call, and so is its rule.
  virtual const Code* code_at(std::uint64_t pc) = 0;
  // Where the mapping that holds `address` ends; 0: unknown.
  virtual std::uint64_t end_of_mapping(std::uint64_t address) = 0;
};

// Copies of stack memory, taken in pieces as large as walks have needed so far: most need one read.
class StackReader {
 public:
  // The next walk begins at `top`; `end` is where its memory ends, 0: unknown. Nothing is read yet.
  void start(Memory& memory, std::uint64_t top, std::uint64_t end, bool narrow = false);
  // How much the next walk will read first.
  [[nodiscard]] std::size_t usual() const;
  // The 8 bytes at `at`, or 4 of a narrow one; nothing when they cannot be read or enough has been
  // read.
  [[nodiscard]] std::optional<std::uint64_t> word(std::uint64_t at);

  struct Word {
    std::uint64_t at = 0, value = 0;
  };
  // All that were read since the start or forget_asked(), in order.
  [[nodiscard]] const std::vector<Word>& asked() const { return asked_; }
  void forget_asked() { asked_.clear(); }

 private:
  struct Window {
    std::uint64_t at = 0;
    std::size_t size = 0;
    std::size_t where = 0; // in bytes_
  };
  bool read_window(std::uint64_t at, std::size_t size);

  Memory* memory_ = nullptr;
  std::uint64_t top_ = 0;
  std::size_t first_ = 0; // bytes of the first window
  // The most that the last walks needed of it, and those before them.
  std::size_t needed_ = 0, needed_before_ = 0;
  std::size_t walks_ = 0;
  std::uint64_t end_ = 0;
  std::size_t word_size_ = sizeof(std::uint64_t);
  std::vector<std::byte> bytes_;
  std::vector<Window> windows_;
  std::vector<Word> asked_;
};

inline constexpr std::size_t most_native_frames = 128;
inline constexpr std::size_t most_interpreter_frames = 8; // below them only its loop goes on

// `reader` has been started at the stack pointer; `stack` is filled anew. Returns which of the
// thread's registers decided what came out, beside rip and rsp; the other ground of it is
// reader.asked(), and the code.
RegisterSet walk_native(const Registers& registers, CodeSource& source, StackReader& reader,
                        NativeStack& stack);

} // namespace socktale::locate
