#include "tracer/locate/process_image.hpp"

#include "tracer/base/process_status.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace socktale::locate {
namespace {

constexpr std::uint64_t page_bits = 12;
constexpr std::uint64_t narrow_end = std::uint64_t{1} << 32; // of the addresses of 32-bit code
constexpr std::size_t most_cached = 1 << 16; // addresses of one process; then the cache starts anew
constexpr unsigned misses_for_reading = 64;

} // namespace

void ProcessImage::read() {
  maps_ = read_maps(pid_);
  maker_ = maker_of(maps_);
  made_keeps_frame_pointers_ =
      maker_ != Maker::unknown && keeps_frame_pointers(maker_, command_line(pid_));
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

ProcessImage::Known ProcessImage::find_known(const Mapping& mapping, std::uint64_t pc) {
  auto opened = opened_.find(mapping.low);
  if (opened == opened_.end())
    opened = opened_.emplace(mapping.low, modules_.open(pid_, mapping)).first;
  const auto& module = opened->second;
  const auto address =
      module ? module->elf().address_of(mapping.offset + (pc - mapping.low)) : std::nullopt;
  const bool anonymous = mapping.inode == 0 && !mapping.path.starts_with("[v"); // vdso, vsyscall
  const bool vsyscall = mapping.path == "[vdso]" && mapping.high <= narrow_end;
  if (!address)
    return {
        {.module = nullptr, .gate = vsyscall}, nullptr, anonymous && made_keeps_frame_pointers_};
  // V8 brings some of the code that it would make as part of the program, without unwind tables.
  const bool made_before = maker_ == Maker::v8 && holds_runtime(mapping.path);
  return {{module, *address, nullptr, is_interpreter_ && is_interpreter_(mapping.path)},
          module.get(),
          made_before};
}

const Code* ProcessImage::code_at(std::uint64_t pc) {
  auto known = codes_.find(pc);
  if (known == codes_.end()) {
    const Mapping* mapping = executable_at(pc);
    if (mapping == nullptr) return nullptr;
    if (codes_.size() >= most_cached) codes_.clear();
    known = codes_.emplace(pc, find_known(*mapping, pc)).first;
  }
  static constexpr Rule by_frame_pointer = made_code_rule();
  static constexpr Rule in_vsyscall = vsyscall_rule();
  Code& code = known->second.code;
  code.rule =
      known->second.module == nullptr ? nullptr : known->second.module->rule_at(code.address);
  if (code.rule == nullptr && known->second.keeps_frame_pointer) code.rule = &by_frame_pointer;
  if (code.gate) code.rule = &in_vsyscall;
  return &code;
}

} // namespace socktale::locate
