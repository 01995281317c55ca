#include "tracer/locate/walk_memory.hpp"

#include <algorithm>
#include <utility>

namespace socktale::locate {
namespace {

constexpr std::size_t most_walks = 1024; // threads have stacks of their own, so each its walks
constexpr std::size_t most_words = 128;  // of one: what a program can make us keep has an end

std::uint64_t key(std::uint64_t rip, std::uint64_t rsp) {
  return rip * 0x9e3779b97f4a7c15 ^ rsp; // Fibonacci hashing
}

bool is_same(RegisterSet ground, const Registers& then, const Registers& now) {
  const auto same = [&](Reg reg, std::uint64_t Registers::* value) {
    return (ground & bit(reg)) == 0 || then.*value == now.*value;
  };
  return same(Reg::rbp, &Registers::rbp) && same(Reg::rbx, &Registers::rbx) &&
         same(Reg::r12, &Registers::r12) && same(Reg::r13, &Registers::r13) &&
         same(Reg::r14, &Registers::r14) && same(Reg::r15, &Registers::r15);
}

} // namespace

std::shared_ptr<const Sighting> WalkMemory::find(const StackTop& top, const Registers* registers,
                                                 unsigned generation, StackReader& reader) const {
  const auto found = walks_.find(key(top.rip, top.rsp));
  if (found == walks_.end()) return nullptr;
  const Walk& walk = found->second;
  if (walk.generation != generation || walk.registers.rip != top.rip ||
      walk.registers.rsp != top.rsp)
    return nullptr;
  const bool same_registers =
      walk.ground == 0 ||
      (registers != nullptr && is_same(walk.ground, walk.registers, *registers));
  const auto is_as_it_was = [&](const StackReader::Word& word) {
    return reader.word(word.at) == word.value;
  };
  return same_registers && std::ranges::all_of(walk.words, is_as_it_was) ? walk.sighting : nullptr;
}

void WalkMemory::keep(const Registers& registers, RegisterSet ground, const StackReader& reader,
                      unsigned generation, std::shared_ptr<const Sighting> sighting) {
  if (reader.asked().size() > most_words) return;
  if (walks_.size() >= most_walks) walks_.clear();
  walks_[key(registers.rip, registers.rsp)] = {registers, ground, generation, reader.asked(),
                                               std::move(sighting)};
}

} // namespace socktale::locate
