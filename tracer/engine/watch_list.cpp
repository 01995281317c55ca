#include "tracer/engine/watch_list.hpp"

#include <algorithm>

namespace socktale::engine {
namespace {

constexpr unsigned one_by_one = 16; // additions of single descriptors
constexpr unsigned most = 22;       // additions at all, before everything is watched
constexpr unsigned block_shift =
    4; // the first blocks have 16 descriptors, further ones 4 times more

std::uint32_t block_size(unsigned additions) {
  return additions < one_by_one ? 1U : 1U << (block_shift + 2 * (additions - one_by_one));
}

} // namespace

bool WatchList::has(int fd) const {
  return everything_ ||
         std::ranges::any_of(blocks_, [fd](const Block& block) { return block.has(fd); });
}

std::optional<Addition> WatchList::add(std::span<const int> fds) {
  if (std::ranges::all_of(fds, [this](int fd) { return fd < 0 || has(fd); })) return std::nullopt;
  if (additions_ == most) return add_everything();
  Addition addition;
  addition.any_watched = blocks_.empty();
  const std::uint32_t size = block_size(additions_++);
  for (const int fd : fds) {
    if (fd < 0 || has(fd)) continue;
    addition.blocks.push_back({static_cast<std::uint32_t>(fd) & ~(size - 1), size});
    blocks_.push_back(addition.blocks.back());
  }
  return addition;
}

std::optional<Addition> WatchList::add_everything() {
  if (everything_) return std::nullopt;
  everything_ = true;
  return Addition{.any_watched = blocks_.empty(), .everything = true, .blocks = {}};
}

} // namespace socktale::engine
