// Bytes of a traced program kept for later: what was read in a stop, readable by address once the
// program has gone on. Knows no structures.
#pragma once

#include "tracer/base/memory.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace socktale::decode {

class Capture final : public Memory {
 public:
  struct Want {
    Remote<> at;
    std::size_t size = 0;
  };
  Capture() = default;
  Capture(const Capture& other);
  Capture(Capture&& other) noexcept;
  Capture& operator=(const Capture&) = delete;
  Capture& operator=(Capture&& other) noexcept;
  ~Capture() override = default;
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  void clear(); // its memory is kept

  // Reads all that is wanted from `live`, in one go. What cannot be read is left out.
  void take(Memory& live, std::span<const Want> wants);

  void read_spans(std::span<Span> spans) override;

 private:
  struct Block {
    std::uint64_t at;
    std::size_t offset, size; // in bytes_
  };
  std::string bytes_;
  std::vector<Block> blocks_;
};

} // namespace socktale::decode
