// The memory that one thread's stack walk touches, read ahead: what the last stop needed is fetched
// by one system call at the next. A walk asks for what it follows and is right by itself; a wrong
// guess only costs another read. Bytes never outlive their stop.
#pragma once

#include "tracer/base/memory.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace socktale::locate::python {

class ReadAhead {
 public:
  // Begins a stop: forgets all bytes and reads again what recent stops used.
  void begin(Memory& memory);
  // No more bytes may be asked for until begin(): the memory may be gone.
  void end() { memory_ = nullptr; }

  // All of `into` or nothing.
  [[nodiscard]] bool read(Remote<> at, std::span<std::byte> into);
  template <class T> [[nodiscard]] std::optional<T> value(Remote<> at) {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    if (!read(at, std::as_writable_bytes(std::span(&value, 1)))) return std::nullopt;
    return value;
  }

 private:
  // Blocks divide a page, so each is readable as a whole or not at all.
  static constexpr std::size_t block_size = 512;
  static constexpr std::size_t most_blocks = 512; // more are read but not remembered
  static constexpr std::uint32_t memory_of_stops = 16;
  using Block = std::array<std::byte, block_size>;
  struct Use {
    std::uint64_t address;
    std::uint32_t stop; // in which it was last needed
    bool operator<(const Use& other) const { return address < other.address; }
  };

  [[nodiscard]] const Block* block_at(std::uint64_t address);
  void forget_stale();

  Memory* memory_ = nullptr;
  std::uint32_t stop_ = 0;
  std::vector<Use> uses_;     // in order of address
  std::vector<Block> blocks_; // of the same index
  std::vector<Memory::Span> spans_;
  Block spare_{};
};

} // namespace socktale::locate::python
