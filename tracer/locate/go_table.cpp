// The layout is that of Go's runtime/symtab.go and runtime2.go (pcHeader, _func).
#include "tracer/locate/go_table.hpp"

#include <algorithm>
#include <utility>

#include <elf.h>

namespace socktale::locate {
namespace {

constexpr std::size_t largest_table = 256 << 20;
constexpr std::size_t largest_data = 64 << 20;
constexpr std::size_t longest_name = 4096;

std::string_view from(std::string_view bytes, std::uint64_t at) {
  return at < bytes.size() ? bytes.substr(at) : std::string_view{};
}

std::string text_at(std::string_view bytes, std::uint64_t at) {
  const std::string_view rest = from(bytes, at).substr(0, longest_name);
  return std::string(rest.substr(0, rest.find('\0')));
}

// LEB128, at most 32 bits; takes it off the front of `bytes`.
std::optional<std::uint32_t> take_varint(std::string_view& bytes) {
  std::uint32_t result = 0;
  for (unsigned shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    result |= static_cast<std::uint32_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return result;
  }
  return std::nullopt;
}

constexpr std::uint32_t magic_1_18 = 0xFFFFFFF0;
constexpr std::uint32_t magic_1_20 = 0xFFFFFFF1;

bool is_header(std::string_view bytes) {
  constexpr std::uint32_t of_x86_64 = 8 << 24 | 1 << 16; // pointers of 8 bytes, code by the byte
  const auto magic = load<std::uint32_t>(bytes, 0);
  return (magic == magic_1_18 || magic == magic_1_20) && load<std::uint32_t>(bytes, 4) == of_x86_64;
}

// Where the table is; no size: nowhere. A PIE that another linker than Go's made has it somewhere
// in a section with other things, told by its first bytes.
ElfFile::Section table_section(const ElfFile& file) {
  for (const char* name : {".gopclntab", ".data.rel.ro.gopclntab"})
    if (const auto* section = file.section(name)) return *section;
  const auto* mixed = file.section(".data.rel.ro");
  if (mixed == nullptr || file.section(".note.go.buildid") == nullptr) return {};
  constexpr std::size_t alignment = 32;
  const std::string data = file.bytes(*mixed, largest_data);
  for (std::size_t at = 0; at < data.size(); at += alignment)
    if (is_header(std::string_view(data).substr(at))) {
      ElfFile::Section rest = *mixed;
      rest.address += at;
      rest.offset += at;
      rest.size -= at;
      return rest;
    }
  return {};
}

// What the dynamic linker adds at `address`: in a PIE pointers stand in the relocations alone.
std::uint64_t relocated(const ElfFile& file, std::uint64_t address) {
  const auto* section = file.section(".rela.dyn");
  if (section == nullptr) return 0;
  const std::string bytes = file.bytes(*section, largest_data);
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(Elf64_Rela)) {
    const auto entry = load<Elf64_Rela>(bytes, at);
    if (entry && entry->r_offset == address && ELF64_R_TYPE(entry->r_info) == R_X86_64_RELATIVE)
      return static_cast<std::uint64_t>(entry->r_addend);
  }
  return 0;
}

// Where the runtime's own base of a stack is. mcall leaves a goroutine for good.
enum class Switch { none, leaves, continues };

Switch switch_of(std::string_view function, std::uint8_t flags) {
  constexpr std::uint8_t top_frame = 1;
  constexpr std::uint8_t writes_stack_pointer = 2;
  if ((flags & top_frame) != 0) return Switch::leaves;
  if ((flags & writes_stack_pointer) == 0) return Switch::none;
  // These two run C code and the runtime's on the thread's own stack, for the goroutine.
  const bool on_behalf =
      function.starts_with("runtime.systemstack") || function.starts_with("runtime.asmcgocall");
  return on_behalf ? Switch::continues : Switch::leaves;
}

} // namespace

std::uint32_t GoTable::Function::further_table(std::uint32_t index) const {
  const std::uint32_t count = number(28);
  return index < count ? number(fixed_size + index * std::size_t{4}) : 0;
}

std::optional<std::uint32_t> GoTable::Function::data(std::uint32_t index) const {
  if (index >= byte(fixed_size - 1)) return std::nullopt;
  const std::uint64_t before = std::uint64_t{number(28)} + index;
  const auto at = load<std::uint32_t>(record, fixed_size + before * 4);
  return at == ~0U ? std::nullopt : at;
}

std::unique_ptr<const GoTable> GoTable::read(const ElfFile& file) {
  std::unique_ptr<GoTable> table(new GoTable);
  return table->read_header(file) ? std::move(table) : nullptr;
}

bool GoTable::read_header(const ElfFile& file) {
  const ElfFile::Section section = table_section(file);
  bytes_ = file.bytes(section, largest_table);
  if (!is_header(bytes_)) return false;
  address_ = section.address;
  go_1_20_ = load<std::uint32_t>(bytes_, 0) == magic_1_20;
  const auto word = [&](std::uint64_t i) { return load<std::uint64_t>(bytes_, 8 + i * 8); };
  if (!word(7)) return false;
  text_ = *word(2) != 0 ? *word(2) : relocated(file, address_ + 24);
  names_ = from(bytes_, *word(3));
  units_ = from(bytes_, *word(4));
  files_ = from(bytes_, *word(5));
  values_ = from(bytes_, *word(6));
  functions_ = from(bytes_, *word(7));
  count_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(*word(0), functions_.size() / 8));
  return count_ > 0 && text_ != 0;
}

std::optional<GoTable::Function> GoTable::function_of(std::uint32_t index) const {
  const auto start = load<std::uint32_t>(functions_, index * std::uint64_t{8});
  const auto offset = load<std::uint32_t>(functions_, index * std::uint64_t{8} + 4);
  const std::size_t size = go_1_20_ ? 44 : 40;
  if (!start || !offset || from(functions_, *offset).size() < size) return std::nullopt;
  Function function{text_ + *start, from(functions_, *offset), size, {}};
  function.name = name(function.number(4));
  return function;
}

std::optional<GoTable::Function> GoTable::function_named(std::string_view name) const {
  for (std::uint32_t i = 0; i < count_; ++i)
    if (auto function = function_of(i); function && function->name == name) return function;
  return std::nullopt;
}

std::optional<GoTable::Function> GoTable::function_at(std::uint64_t address) const {
  if (address < text_) return std::nullopt;
  const auto start = [&](std::uint32_t i) {
    return load<std::uint32_t>(functions_, i * std::uint64_t{8}).value_or(~0U);
  };
  // The entry after the last is where the code ends.
  if (address - text_ >= start(count_)) return std::nullopt;
  std::uint32_t low = 0;
  for (std::uint32_t high = count_; high - low > 1;) {
    const std::uint32_t middle = low + (high - low) / 2;
    (start(middle) <= address - text_ ? low : high) = middle;
  }
  return start(low) <= address - text_ ? function_of(low) : std::nullopt;
}

std::optional<std::int32_t> GoTable::value(std::uint32_t table, std::uint64_t pc) const {
  if (table == 0) return std::nullopt;
  std::string_view rest = from(values_, table);
  std::uint32_t value = ~0U; // -1
  std::uint64_t end = 0;
  for (bool first = true;; first = false) {
    const auto change = take_varint(rest);
    if (!change || (*change == 0 && !first)) return std::nullopt;
    value += (*change & 1U) != 0 ? ~(*change >> 1U) : *change >> 1U; // zigzag
    const auto length = take_varint(rest);
    if (!length) return std::nullopt;
    end += *length;
    if (pc < end) return static_cast<std::int32_t>(value);
  }
}

std::string GoTable::name(std::uint32_t offset) const { return text_at(names_, offset); }

std::string GoTable::file(const Function& function, std::int32_t number) const {
  if (number < 0) return {};
  const std::uint64_t unit = function.number(32);
  const auto offset = load<std::uint32_t>(units_, (unit + static_cast<std::uint32_t>(number)) * 4);
  return offset && *offset != ~0U ? text_at(files_, *offset) : std::string{};
}

std::optional<Rule> GoTable::rule_at(std::uint64_t address) const {
  const auto function = function_at(address);
  if (!function) return std::nullopt;
  const Switch switches = switch_of(function->name, function->flags());
  if (switches == Switch::continues) {
    Rule rule = frame_pointer_rule();
    rule.switches_stack = true;
    return rule;
  }
  const auto size = value(function->stack_table(), address - function->start);
  Rule rule{.cfa = {Reg::rsp, size.value_or(0) + std::int64_t{8}}, .origins = {}};
  rule.origins[index(Reg::rip)] = {Origin::Kind::memory, {Reg::cfa, -8}};
  if (switches == Switch::leaves)
    rule.origins[index(Reg::rip)] = {Origin::Kind::lost, {}};
  else if (!size || *size < 0)
    return std::nullopt;
  // A function with a frame keeps its caller's frame pointer right below its return address.
  if (size.value_or(0) > 0) rule.origins[index(Reg::rbp)] = {Origin::Kind::memory, {Reg::cfa, -16}};
  return rule;
}

} // namespace socktale::locate
