#include "tracer/base/memory.hpp"

#include <algorithm>

namespace socktale {

std::size_t Memory::read(Remote<> at, std::span<std::byte> into) {
  Span span{at, into};
  read_spans({&span, 1});
  return span.got;
}

std::string Memory::read_bytes(Remote<> at, std::size_t limit) {
  std::string bytes(limit, '\0');
  bytes.resize(read(at, std::as_writable_bytes(std::span(bytes))));
  return bytes;
}

std::optional<std::string> Memory::read_c_string(Remote<> at, std::size_t limit) {
  constexpr std::size_t step = 256;
  std::string text;
  while (text.size() < limit) {
    const std::size_t want = std::min(step, limit - text.size());
    const std::string piece = read_bytes(at.plus(text.size()), want);
    const std::size_t nul = piece.find('\0');
    text.append(piece, 0, nul);
    if (nul != std::string::npos) return text;
    if (piece.size() < want) return std::nullopt;
  }
  return text;
}

} // namespace socktale
