// How the memory of a traced program is read: in whole spans, never trusted, never cached here.
// Owns no process; the engine reads a live one, decode reads captured bytes, tests a fake.
#pragma once

#include "tracer/base/ids.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <type_traits>

namespace socktale {

class Memory {
 public:
  struct Span {
    Remote<> at;
    std::span<std::byte> into;
    std::size_t got = 0; // bytes read; less than into.size(): the next byte is unreadable
  };

  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  virtual ~Memory() = default;

  // Fills each span as far as its bytes can be read and sets `got`. One call, one system call where
  // that is possible. Addresses may be anything, wrapping ones included.
  virtual void read_spans(std::span<Span> spans) = 0;

  // Bytes read from `at`, up to into.size().
  [[nodiscard]] std::size_t read(Remote<> at, std::span<std::byte> into);

  // The whole value or nothing.
  template <class T> [[nodiscard]] std::optional<T> read_value(Remote<T> at) {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    auto bytes = std::as_writable_bytes(std::span(&value, 1));
    if (read(at.template as<void>(), bytes) != bytes.size()) return std::nullopt;
    return value;
  }

  // Up to `limit` bytes; shorter when they end at unreadable memory.
  [[nodiscard]] std::string read_bytes(Remote<> at, std::size_t limit);

  // A NUL-terminated string without its NUL, cut at `limit`; nothing when the first byte or the
  // rest before the NUL cannot be read.
  [[nodiscard]] std::optional<std::string> read_c_string(Remote<> at, std::size_t limit);
};

// Another one, whose first read fetches a further span in the same system call: one that is known
// to be asked for next.
class MemoryBeside final : public Memory {
 public:
  // `into` must outlive this.
  MemoryBeside(Memory& live, Remote<> at, std::span<std::byte> into)
      : live_(live), beside_{at, into}, fetched_(into.empty()) {}
  void read_spans(std::span<Span> spans) override;

 private:
  Memory& live_;
  Span beside_;
  bool fetched_;
};

} // namespace socktale
