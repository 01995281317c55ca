// One of the two files that know libdw; the other is dwarf.cpp.
#include "tracer/locate/cfi.hpp"

#include <array>
#include <cstdlib>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <libelf.h>

namespace socktale::locate {
namespace {

constexpr std::size_t most_rules = 1 << 16; // then the cache starts anew

// Which DWARF numbers the followed registers have; the others are never followed.
struct Numbers {
  std::array<std::pair<Dwarf_Word, Reg>, followed> followed_as;
  int columns; // registers, without the return address
};

// psABI of x86-64, figure 3.36.
constexpr Numbers wide_numbers = {{{{3, Reg::rbx},
                                    {6, Reg::rbp},
                                    {7, Reg::rsp},
                                    {12, Reg::r12},
                                    {13, Reg::r13},
                                    {14, Reg::r14},
                                    {15, Reg::r15},
                                    {16, Reg::rip}}},
                                  16};
// psABI of i386, table 2.14; what r14 and r15 would be is asked for under no number.
constexpr Dwarf_Word no_number = ~Dwarf_Word{0};
constexpr Numbers narrow_numbers = {{{{3, Reg::rbx},
                                      {4, Reg::rsp},
                                      {5, Reg::rbp},
                                      {6, Reg::r12},
                                      {7, Reg::r13},
                                      {8, Reg::rip},
                                      {no_number, Reg::r14},
                                      {no_number, Reg::r15}}},
                                    8};

std::optional<Reg> followed_register(Dwarf_Word dwarf, const Numbers& numbers) {
  for (const auto& [number, reg] : numbers.followed_as)
    if (number == dwarf && dwarf != no_number) return reg;
  return std::nullopt;
}

// The first operations of an expression as a sum, and how many they were.
struct Parsed {
  Sum sum;
  std::size_t used = 0;
};

bool is_register(const Dwarf_Op& op) {
  return (op.atom >= DW_OP_breg0 && op.atom <= DW_OP_breg31) || op.atom == DW_OP_bregx;
}

std::optional<Parsed> parse_sum(std::span<const Dwarf_Op> ops, const Numbers& numbers) {
  if (ops.empty()) return std::nullopt;
  const Dwarf_Op& op = ops[0];
  // A register's own expression begins with the frame address on the stack, used or not.
  if (op.atom == DW_OP_call_frame_cfa && ops.size() > 1 && is_register(ops[1])) {
    auto rest = parse_sum(ops.subspan(1), numbers);
    if (rest) ++rest->used;
    return rest;
  }
  if (op.atom == DW_OP_call_frame_cfa) {
    const bool more = ops.size() > 1 && ops[1].atom == DW_OP_plus_uconst;
    return Parsed{{Reg::cfa, more ? static_cast<std::int64_t>(ops[1].number) : 0}, more ? 2U : 1U};
  }
  // A definition by register and offset comes from libdw as bregx, one written as an expression as
  // breg0 and up.
  if (!is_register(op)) return std::nullopt;
  const bool numbered = op.atom != DW_OP_bregx;
  const auto base =
      followed_register(numbered ? op.atom - std::uint64_t{DW_OP_breg0} : op.number, numbers);
  if (!base) return std::nullopt;
  return Parsed{{*base, static_cast<std::int64_t>(numbered ? op.number : op.number2)}, 1};
}

bool set_cfa(Dwarf_Frame* frame, const Numbers& numbers, Rule& rule) {
  Dwarf_Op* raw = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_cfa(frame, &raw, &count) != 0 || raw == nullptr) return false;
  const std::span<const Dwarf_Op> ops(raw, count);
  const auto parsed = parse_sum(ops, numbers);
  if (!parsed || parsed->sum.base == Reg::cfa) return false;
  rule.cfa = parsed->sum;
  rule.cfa_in_memory = count == parsed->used + 1 && ops[parsed->used].atom == DW_OP_deref;
  return rule.cfa_in_memory || count == parsed->used;
}

Origin origin_of(Dwarf_Frame* frame, int dwarf_register, const Numbers& numbers) {
  constexpr Origin lost{Origin::Kind::lost, {}};
  Dwarf_Op space[3];
  Dwarf_Op* raw = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_register(frame, dwarf_register, space, &raw, &count) != 0) return lost;
  if (count == 0) return raw == nullptr ? Origin{} : lost;
  const std::span<const Dwarf_Op> ops(raw, count);
  const auto parsed = parse_sum(ops, numbers);
  if (!parsed) return lost;
  if (count == parsed->used) return {Origin::Kind::memory, parsed->sum};
  if (count == parsed->used + 1 && ops[parsed->used].atom == DW_OP_stack_value)
    return {Origin::Kind::value, parsed->sum};
  return lost;
}

std::optional<Rule> rule_of(Dwarf_Frame* frame, const Numbers& numbers) {
  Rule rule;
  Dwarf_Addr start = 0;
  Dwarf_Addr end = 0;
  const int return_column = dwarf_frame_info(frame, &start, &end, &rule.signal);
  if (return_column < 0 || !set_cfa(frame, numbers, rule)) return std::nullopt;
  for (int column = 0; column < numbers.columns; ++column)
    if (const auto reg = followed_register(static_cast<Dwarf_Word>(column), numbers))
      rule.origins[index(*reg)] = origin_of(frame, column, numbers);
  rule.origins[index(Reg::rip)] = origin_of(frame, return_column, numbers);
  // "same" cannot be meant of a return address; libdw says it where the table says nothing.
  if (rule.origins[index(Reg::rip)].kind == Origin::Kind::same) return std::nullopt;
  return rule;
}

} // namespace

class UnwindTable::Impl {
 public:
  Impl(int fd, bool narrow) : numbers_(narrow ? narrow_numbers : wide_numbers) {
    elf_version(EV_CURRENT);
    elf_ = elf_begin(fd, ELF_C_READ, nullptr);
    if (elf_ == nullptr) return;
    eh_frame_ = dwarf_getcfi_elf(elf_);
    if (eh_frame_ != nullptr) return;
    dwarf_ = dwarf_begin_elf(elf_, DWARF_C_READ, nullptr);
    if (dwarf_ != nullptr) debug_frame_ = dwarf_getcfi(dwarf_);
  }
  ~Impl() {
    if (eh_frame_ != nullptr) dwarf_cfi_end(eh_frame_);
    if (dwarf_ != nullptr) dwarf_end(dwarf_);
    if (elf_ != nullptr) elf_end(elf_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  const Rule* at(std::uint64_t address) {
    auto found = rules_.find(address);
    if (found == rules_.end()) {
      if (rules_.size() >= most_rules) rules_.clear();
      found = rules_.emplace(address, compute(address)).first;
    }
    return found->second ? &*found->second : nullptr;
  }

 private:
  std::optional<Rule> compute(std::uint64_t address) {
    Dwarf_CFI* cfi = eh_frame_ != nullptr ? eh_frame_ : debug_frame_;
    Dwarf_Frame* frame = nullptr;
    if (cfi == nullptr || dwarf_cfi_addrframe(cfi, address, &frame) != 0) return std::nullopt;
    const std::unique_ptr<Dwarf_Frame, decltype(&std::free)> owner(frame, &std::free);
    return rule_of(frame, numbers_);
  }

  const Numbers& numbers_;
  Elf* elf_ = nullptr;
  Dwarf* dwarf_ = nullptr;
  Dwarf_CFI* eh_frame_ = nullptr;
  Dwarf_CFI* debug_frame_ = nullptr; // belongs to dwarf_
  std::unordered_map<std::uint64_t, std::optional<Rule>> rules_;
};

UnwindTable::UnwindTable(int fd, bool narrow) : impl_(std::make_unique<Impl>(fd, narrow)) {}
UnwindTable::~UnwindTable() = default;

const Rule* UnwindTable::at(std::uint64_t address) { return impl_->at(address); }

} // namespace socktale::locate
