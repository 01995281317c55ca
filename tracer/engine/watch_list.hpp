// Which calls are to stop in a process, and on which descriptors: a seccomp filter can be added to
// a process but never taken away, so few are added, each for what has come to matter. Plain data;
// the filters are made in seccomp.cpp and put into a program by tracer.cpp.
#pragma once

#include "tracer/tables/hiders.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace socktale::engine {

// A call that is to stop.
struct Wanted {
  enum class On : std::uint8_t {
    always,
    any_watched, // as soon as the process has a watched descriptor: its arguments name them in
                 // memory
    watched,     // with a watched descriptor in one of its arguments
  };
  int number = -1;
  On on = On::always;
  std::uint8_t descriptors = 0;          // On::watched: bit i for argument i
  tables::Abi abi = tables::Abi::x86_64; // another one: On::always
  tables::Test only{};                   // On::always: when this holds; a mask of 0: always
};

// Descriptors from `first` on, `size` of them: a power of two that divides `first`.
struct Block {
  std::uint32_t first = 0, size = 1;
  [[nodiscard]] bool has(int fd) const {
    return (static_cast<std::uint32_t>(fd) & ~(size - 1)) == first;
  }
};

// What one more filter is to stop at.
struct Addition {
  bool base = false;        // Wanted::On::always
  bool any_watched = false; // Wanted::On::any_watched
  bool everything = false;  // Wanted::On::watched, whatever the descriptor
  std::vector<Block> blocks;
};

// The descriptors of a process whose calls stop. A forked child has its parent's.
class WatchList {
 public:
  // What has to be added so that calls on these stop; nothing: they do. The first few descriptors
  // are watched one by one, so that files beside sockets cost nothing; then blocks of them are, for
  // every call of the program runs through all its filters; in the end all.
  [[nodiscard]] std::optional<Addition> add(std::span<const int> fds);
  [[nodiscard]] std::optional<Addition> add_everything();
  [[nodiscard]] bool everything() const { return everything_; }

 private:
  [[nodiscard]] bool has(int fd) const;

  std::vector<Block> blocks_;
  unsigned additions_ = 0;
  bool everything_ = false;
};

} // namespace socktale::engine
