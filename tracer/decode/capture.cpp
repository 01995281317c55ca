#include "tracer/decode/capture.hpp"

#include <algorithm>
#include <cstring>

namespace socktale::decode {

Capture::Capture(const Capture& other) : Memory(), bytes_(other.bytes_), blocks_(other.blocks_) {}

Capture::Capture(Capture&& other) noexcept
    : bytes_(std::move(other.bytes_)), blocks_(std::move(other.blocks_)) {}

Capture& Capture::operator=(Capture&& other) noexcept {
  bytes_ = std::move(other.bytes_);
  blocks_ = std::move(other.blocks_);
  return *this;
}

void Capture::clear() {
  bytes_.clear();
  blocks_.clear();
}

void Capture::take(Memory& live, std::span<const Want> wants) {
  std::size_t total = bytes_.size();
  const std::size_t first = blocks_.size();
  for (const Want& want : wants) {
    if (want.at.address == 0 || want.size == 0) continue;
    blocks_.push_back({want.at.address, total, want.size});
    total += want.size;
  }
  if (blocks_.size() == first) return;
  bytes_.resize(total);
  static thread_local std::vector<Span> spans; // used anew: this is done in a stop
  spans.clear();
  for (std::size_t i = first; i < blocks_.size(); ++i)
    spans.push_back(
        {{blocks_[i].at},
         std::as_writable_bytes(std::span(bytes_)).subspan(blocks_[i].offset, blocks_[i].size)});
  live.read_spans(spans);
  for (std::size_t i = first; i < blocks_.size(); ++i) blocks_[i].size = spans[i - first].got;
}

void Capture::read_spans(std::span<Span> spans) {
  for (Span& span : spans) {
    span.got = 0;
    for (const Block& block : blocks_) { // few; the one that reaches furthest wins
      const std::uint64_t skip = span.at.address - block.at;
      if (span.at.address < block.at || skip >= block.size) continue;
      const std::size_t have = std::min<std::size_t>(block.size - skip, span.into.size());
      if (have <= span.got) continue;
      std::memcpy(span.into.data(), bytes_.data() + block.offset + skip, have);
      span.got = have;
    }
  }
}

} // namespace socktale::decode
