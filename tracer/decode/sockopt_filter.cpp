// Classic BPF programs of SO_ATTACH_FILTER and its kin: {len=1, filter=0x7ffe...} as strace shows
// them, and their instructions: [BPF_STMT(BPF_RET|BPF_K, 0)].
#include "tracer/decode/layout.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockopt_readings.hpp"
#include "tracer/decode/structure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

#include <linux/filter.h>

namespace socktale::decode {
namespace {

using model::Value;

struct Program { // struct sock_fprog
  std::uint16_t length;
  std::uint64_t filter;
};

std::optional<Program> program_of(const OptionBytes& option) {
  const std::size_t word = option.layout.word; // the length is padded to one
  if (option.stated != static_cast<std::int64_t>(2 * word) || option.bytes.size() < 2 * word)
    return std::nullopt;
  const auto filter = word_in(std::as_bytes(std::span(option.bytes.substr(word))), option.layout);
  return Program{load<std::uint16_t>(option.bytes), filter.value_or(0)};
}

std::size_t bytes_of(std::uint64_t instructions) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(instructions, BPF_MAXINSNS)) *
         sizeof(sock_filter);
}

struct Part {
  std::uint16_t code;
  std::string_view name;
};
constexpr std::array classes = {Part{BPF_LD, "BPF_LD"},   Part{BPF_LDX, "BPF_LDX"},
                                Part{BPF_ST, "BPF_ST"},   Part{BPF_STX, "BPF_STX"},
                                Part{BPF_ALU, "BPF_ALU"}, Part{BPF_JMP, "BPF_JMP"},
                                Part{BPF_RET, "BPF_RET"}, Part{BPF_MISC, "BPF_MISC"}};
constexpr std::array sizes = {Part{BPF_W, "BPF_W"}, Part{BPF_H, "BPF_H"}, Part{BPF_B, "BPF_B"}};
constexpr std::array modes = {Part{BPF_IMM, "BPF_IMM"}, Part{BPF_ABS, "BPF_ABS"},
                              Part{BPF_IND, "BPF_IND"}, Part{BPF_MEM, "BPF_MEM"},
                              Part{BPF_LEN, "BPF_LEN"}, Part{BPF_MSH, "BPF_MSH"}};
constexpr std::array sources = {Part{BPF_K, "BPF_K"}, Part{BPF_X, "BPF_X"}};
constexpr std::array sums = {
    Part{BPF_ADD, "BPF_ADD"}, Part{BPF_SUB, "BPF_SUB"}, Part{BPF_MUL, "BPF_MUL"},
    Part{BPF_DIV, "BPF_DIV"}, Part{BPF_OR, "BPF_OR"},   Part{BPF_AND, "BPF_AND"},
    Part{BPF_LSH, "BPF_LSH"}, Part{BPF_RSH, "BPF_RSH"}, Part{BPF_NEG, "BPF_NEG"},
    Part{BPF_MOD, "BPF_MOD"}, Part{BPF_XOR, "BPF_XOR"}};
constexpr std::array jumps = {Part{BPF_JA, "BPF_JA"}, Part{BPF_JEQ, "BPF_JEQ"},
                              Part{BPF_JGT, "BPF_JGT"}, Part{BPF_JGE, "BPF_JGE"},
                              Part{BPF_JSET, "BPF_JSET"}};
constexpr std::array returned = {Part{BPF_K, "BPF_K"}, Part{BPF_X, "BPF_X"}, Part{BPF_A, "BPF_A"}};
constexpr std::array moves = {Part{BPF_TAX, "BPF_TAX"}, Part{BPF_TXA, "BPF_TXA"}};
// Loads from beyond these are of what the kernel knows of the packet (linux/filter.h).
constexpr std::array packet_facts = {Part{0, "SKF_AD_PROTOCOL"},
                                     Part{4, "SKF_AD_PKTTYPE"},
                                     Part{8, "SKF_AD_IFINDEX"},
                                     Part{12, "SKF_AD_NLATTR"},
                                     Part{16, "SKF_AD_NLATTR_NEST"},
                                     Part{20, "SKF_AD_MARK"},
                                     Part{24, "SKF_AD_QUEUE"},
                                     Part{28, "SKF_AD_HATYPE"},
                                     Part{32, "SKF_AD_RXHASH"},
                                     Part{36, "SKF_AD_CPU"},
                                     Part{40, "SKF_AD_ALU_XOR_X"},
                                     Part{44, "SKF_AD_VLAN_TAG"},
                                     Part{48, "SKF_AD_VLAN_TAG_PRESENT"},
                                     Part{52, "SKF_AD_PAY_OFFSET"},
                                     Part{56, "SKF_AD_RANDOM"},
                                     Part{60, "SKF_AD_VLAN_TPID"}};

std::string spelled(std::span<const Part> parts, std::uint32_t code, std::string_view unknown) {
  const auto at = std::ranges::find(parts, code, &Part::code);
  return at == parts.end() ? fmt::format("{} /* {} */", c_hex(code), unknown)
                           : std::string(at->name);
}
std::string part(std::span<const Part> parts, std::uint32_t code) {
  return spelled(parts, code, "BPF_???");
}
std::string left_over(std::uint32_t code) {
  return code == 0 ? "" : fmt::format("|{:#x} /* BPF_??? */", code);
}

// BPF_LD|BPF_H|BPF_ABS: which parts an instruction's code has depends on its class.
std::string code_text(std::uint16_t code) {
  const std::uint32_t rest = code & ~std::uint32_t{BPF_CLASS(0xff)};
  const std::string of_class = part(classes, BPF_CLASS(code));
  switch (BPF_CLASS(code)) {
  case BPF_LD:
  case BPF_LDX:
    return fmt::format("{}|{}|{}", of_class, part(sizes, BPF_SIZE(code)),
                       part(modes, BPF_MODE(code)));
  case BPF_ALU:
    return fmt::format("{}|{}|{}", of_class, part(sources, BPF_SRC(code)),
                       part(sums, BPF_OP(code)));
  case BPF_JMP:
    return fmt::format("{}|{}|{}", of_class, part(sources, BPF_SRC(code)),
                       part(jumps, BPF_OP(code)));
  case BPF_RET:
    return fmt::format("{}|{}{}", of_class, part(returned, BPF_RVAL(code)),
                       left_over(rest & ~std::uint32_t{BPF_RVAL(0xff)}));
  case BPF_MISC:
    return fmt::format("{}|{}{}", of_class, part(moves, BPF_MISCOP(code)),
                       left_over(rest & ~std::uint32_t{BPF_MISCOP(0xff)}));
  default: return of_class + left_over(rest);
  }
}

std::string operand_text(const sock_filter& one) {
  constexpr auto facts = static_cast<std::uint32_t>(SKF_AD_OFF);
  constexpr auto network = static_cast<std::uint32_t>(SKF_NET_OFF);
  constexpr auto link = static_cast<std::uint32_t>(SKF_LL_OFF);
  if (BPF_CLASS(one.code) == BPF_LD && BPF_MODE(one.code) == BPF_ABS) {
    if (one.k >= facts) return "SKF_AD_OFF+" + spelled(packet_facts, one.k - facts, "SKF_AD_???");
    if (one.k >= network) return fmt::format("SKF_NET_OFF+{}", one.k - network);
    if (one.k >= link) return fmt::format("SKF_LL_OFF+{}", one.k - link);
  }
  return c_hex(one.k);
}

Value instruction(const sock_filter& one) {
  Value code{model::Symbol{one.code, code_text(one.code)}};
  if (one.jt != 0 || one.jf != 0)
    return {model::Made{"BPF_JUMP", {std::move(code), hex(one.k), hex(one.jt), hex(one.jf)}}};
  return {model::Made{"BPF_STMT", {std::move(code), {model::Symbol{one.k, operand_text(one)}}}}};
}

Value instructions(Memory& memory, Remote<> at, std::uint64_t count) {
  const auto code = read_array<sock_filter>(memory, at, bytes_of(count) / sizeof(sock_filter));
  if (code.empty() && count > 0) return {model::Unreadable{at.address, EFAULT}};
  model::List list{{}, count};
  for (const sock_filter& one : code) list.items.push_back(instruction(one));
  return {std::move(list)};
}

} // namespace

// getsockopt gives instructions and counts these, not bytes (sk_get_filter, net/core/filter.c).
std::optional<Capture::Want> filter_want(const OptionBytes& option) {
  if (option.get) {
    if (option.stated <= 0) return std::nullopt;
    return Capture::Want{{option.address}, bytes_of(static_cast<std::uint64_t>(option.stated))};
  }
  const auto program = program_of(option);
  if (!program) return std::nullopt;
  return Capture::Want{{program->filter}, bytes_of(program->length)};
}

Value filter_head(const OptionBytes& option) {
  const auto program = program_of(option);
  if (!program) return {model::Pointer{option.address}};
  return {model::Struct{
      {{"len", integer(program->length), {}}, {"filter", {model::Pointer{program->filter}}, {}}}}};
}

Value filter_program(const OptionBytes& option, Memory& memory) {
  if (option.get)
    return option.stated > 0
               ? instructions(memory, {option.address}, static_cast<std::uint64_t>(option.stated))
               : Value{};
  const auto program = program_of(option);
  if (!program || program->filter == 0) return {};
  return {
      model::Struct{{{"len", integer(program->length), {}},
                     {"filter", instructions(memory, {program->filter}, program->length), {}}}}};
}

} // namespace socktale::decode
