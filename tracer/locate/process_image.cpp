#include "tracer/locate/process_image.hpp"

#include <algorithm>
#include <utility>

namespace socktale::locate {
namespace {

constexpr std::uint64_t page_bits = 12;
constexpr std::size_t most_cached = 1 << 16; // addresses of one process; then the cache starts anew
constexpr unsigned misses_for_reading = 64;

} // namespace

void ProcessImage::read() {
  maps_ = read_maps(pid_);
  ++generation_;
  opened_.clear();
  codes_.clear();
  if (nowhere_.size() >= most_cached) nowhere_.clear();
}

const std::vector<Mapping>& ProcessImage::maps() {
  if (generation_ == 0) read();
  return maps_;
}

void ProcessImage::set_interpreter(IsInterpreter is_interpreter) {
  is_interpreter_ = std::move(is_interpreter);
  codes_.clear();
}

const Mapping* ProcessImage::mapping_at(std::uint64_t address) const {
  auto next = std::ranges::upper_bound(maps_, address, {}, &Mapping::low);
  if (next == maps_.begin()) return nullptr;
  const Mapping& mapping = *std::prev(next);
  return address < mapping.high ? &mapping : nullptr;
}

// Code may have been mapped since the maps were read; a broken stack, though, yields addresses that
// hold no code time and again, and must not cost a reading each time.
const Mapping* ProcessImage::executable_at(std::uint64_t pc) {
  const auto look = [&]() -> const Mapping* {
    const Mapping* mapping = mapping_at(pc);
    return mapping != nullptr && mapping->executable ? mapping : nullptr;
  };
  if (const Mapping* mapping = look()) return mapping;
  const std::uint64_t page = pc >> page_bits;
  if (nowhere_.contains(page) && ++misses_ % misses_for_reading != 0) return nullptr;
  read();
  if (const Mapping* mapping = look()) return mapping;
  nowhere_.insert(page);
  return nullptr;
}

std::uint64_t ProcessImage::end_of_mapping(std::uint64_t address) {
  const Mapping* mapping = mapping_at(address);
  return mapping == nullptr ? 0 : mapping->high;
}

Code ProcessImage::find_code(const Mapping& mapping, std::uint64_t pc) {
  auto opened = opened_.find(mapping.low);
  if (opened == opened_.end())
    opened = opened_.emplace(mapping.low, modules_.open(pid_, mapping)).first;
  const auto& module = opened->second;
  const auto address =
      module ? module->elf().address_of(mapping.offset + (pc - mapping.low)) : std::nullopt;
  if (!address) return {};
  return {module, *address, nullptr, is_interpreter_ && is_interpreter_(mapping.path)};
}

std::optional<Code> ProcessImage::code_at(std::uint64_t pc) {
  auto known = codes_.find(pc);
  if (known == codes_.end()) {
    const Mapping* mapping = executable_at(pc);
    if (mapping == nullptr) return std::nullopt;
    if (codes_.size() >= most_cached) codes_.clear();
    Code code = find_code(*mapping, pc);
    // Constness is for those who only name frames: the rules are computed here, in the stop.
    Module* module = code.module ? opened_.at(mapping->low).get() : nullptr;
    known = codes_.emplace(pc, std::pair(std::move(code), module)).first;
  }
  Code code = known->second.first;
  if (known->second.second != nullptr) code.rule = known->second.second->rule_at(code.address);
  return code;
}

} // namespace socktale::locate
