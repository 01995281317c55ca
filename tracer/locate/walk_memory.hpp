// The walks of one process that were done before, by where they began. A program calls from few
// places: of most stacks it is enough to see that they are as they were. Never reads but through a
// StackReader; knows neither code nor rules.
#pragma once

#include "tracer/base/registers.hpp"
#include "tracer/locate/unwind.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace socktale::locate {

struct Sighting;

class WalkMemory {
 public:
  // What a walk from there came to, when all that decided it is as it was: nullptr otherwise, and
  // where registers decided it that are not given. `reader` has been started at `top.rsp`;
  // `generation` is the image's, whose code decides too.
  [[nodiscard]] std::shared_ptr<const Sighting> find(const StackTop& top,
                                                     const Registers* registers,
                                                     unsigned generation,
                                                     StackReader& reader) const;
  // `ground` and what `reader` was asked for are of the walk that `registers` began. One that read
  // very much is not kept.
  void keep(const Registers& registers, RegisterSet ground, const StackReader& reader,
            unsigned generation, std::shared_ptr<const Sighting> sighting);

 private:
  struct Walk {
    Registers registers;
    RegisterSet ground = 0;
    unsigned generation = 0;
    std::vector<StackReader::Word> words;
    std::shared_ptr<const Sighting> sighting;
  };
  std::unordered_map<std::uint64_t, Walk> walks_; // by a hash of where they began
};

} // namespace socktale::locate
