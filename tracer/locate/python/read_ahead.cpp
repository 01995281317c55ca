#include "tracer/locate/python/read_ahead.hpp"

#include <algorithm>

namespace socktale::locate::python {

void ReadAhead::forget_stale() {
  std::size_t kept = 0;
  for (const Use& use : uses_)
    if (stop_ - use.stop <= memory_of_stops) uses_[kept++] = use;
  uses_.resize(kept);
  blocks_.resize(kept);
}

void ReadAhead::begin(Memory& memory) {
  memory_ = &memory;
  ++stop_;
  forget_stale();
  spans_.clear();
  for (std::size_t i = 0; i < uses_.size();) { // neighbours in one span
    std::size_t end = i + 1;
    while (end < uses_.size() && uses_[end].address == uses_[end - 1].address + block_size) ++end;
    std::byte* const into = blocks_[i].data();
    spans_.push_back({{uses_[i].address}, {into, (end - i) * block_size}});
    i = end;
  }
  if (spans_.empty()) return;
  memory.read_spans(spans_);
  std::size_t kept = 0, block = 0;
  for (const Memory::Span& span : spans_) {
    const std::size_t whole = span.got / block_size;
    for (std::size_t i = 0; i < span.into.size() / block_size; ++i, ++block) {
      if (i >= whole) continue; // gone: dropped, and read anew if it is asked for
      if (kept != block) {
        uses_[kept] = uses_[block];
        blocks_[kept] = blocks_[block];
      }
      ++kept;
    }
  }
  uses_.resize(kept);
  blocks_.resize(kept);
}

const ReadAhead::Block* ReadAhead::block_at(std::uint64_t address) {
  const auto found = std::lower_bound(uses_.begin(), uses_.end(), Use{address, 0});
  const auto index = found - uses_.begin();
  if (found != uses_.end() && found->address == address) {
    found->stop = stop_;
    return &blocks_[static_cast<std::size_t>(index)];
  }
  if (memory_ == nullptr || memory_->read({address}, spare_) != block_size) return nullptr;
  if (uses_.size() >= most_blocks) return &spare_;
  uses_.insert(found, Use{address, stop_});
  return &*blocks_.insert(blocks_.begin() + index, spare_);
}

bool ReadAhead::read(Remote<> at, std::span<std::byte> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const std::uint64_t address = at.address + done;
    const Block* block = block_at(address & ~std::uint64_t{block_size - 1});
    if (block == nullptr) return false;
    const std::size_t skip = address % block_size;
    const std::size_t take = std::min(block_size - skip, into.size() - done);
    std::memcpy(into.data() + done, block->data() + skip, take);
    done += take;
  }
  return true;
}

} // namespace socktale::locate::python
