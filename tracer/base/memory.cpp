#include "tracer/base/memory.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

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

void MemoryBeside::read_spans(std::span<Span> spans) {
  if (spans.size() == 1) {
    const std::uint64_t skip = spans[0].at.address - beside_.at.address; // wraps where it is below
    const std::size_t size = spans[0].into.size();
    if (fetched_ && skip <= beside_.got && size <= beside_.got - skip) {
      std::memcpy(spans[0].into.data(), beside_.into.data() + skip, size);
      spans[0].got = size;
      return;
    }
    if (!fetched_ && skip == 0) { // that very span: nothing else came before it
      fetched_ = true;
      return live_.read_spans(spans);
    }
  }
  if (fetched_) return live_.read_spans(spans);
  fetched_ = true;
  static thread_local std::vector<Span> all; // used anew: this is done in a stop
  all.assign(spans.begin(), spans.end());
  all.push_back(beside_);
  live_.read_spans(all);
  for (std::size_t i = 0; i < spans.size(); ++i) spans[i].got = all[i].got;
  beside_.got = all.back().got;
}

} // namespace socktale
