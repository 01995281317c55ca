// One of the two files that know libdw; the other is cfi.cpp. Compilers differ in what they write
// (clang and Go leave out .debug_aranges, Rust nests functions in namespaces), so the indexes from
// address to unit and from address to function are our own. Every walk is bounded: files can be
// forged.
#include "tracer/locate/dwarf.hpp"

#include "tracer/locate/symbol_name.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gelf.h>
#include <libelf.h>

namespace socktale::locate {
namespace {

constexpr std::size_t most_units = 1 << 18;
constexpr std::size_t most_entries = 1 << 22; // DIEs of one unit
constexpr std::size_t most_ranges = 1 << 16;  // of one DIE
constexpr std::size_t deepest = 128;          // nested DIEs, and links followed

struct Position {
  std::string file;
  std::int32_t line = 0, column = 0;
};

// Addresses [low, high) belong to the DIE at `entry`.
struct Range {
  std::uint64_t low = 0, high = 0;
  Dwarf_Off entry = 0;
};

// One unit's functions by address, and its scopes by offset, as names are built of them.
struct Unit {
  struct Scope {
    Dwarf_Off entry = 0;
    Dwarf_Off parent = 0; // 0: the unit itself
  };
  std::vector<Range> functions;
  std::vector<Scope> scopes; // in order of `entry`: DIEs are visited as they lie in the file
};

bool is_scope(int tag) {
  switch (tag) {
  case DW_TAG_namespace:
  case DW_TAG_module:
  case DW_TAG_class_type:
  case DW_TAG_structure_type:
  case DW_TAG_union_type:
  case DW_TAG_enumeration_type: // Rust's enums have methods
  case DW_TAG_subprogram: return true;
  default: return false;
  }
}

bool is_block(int tag) {
  return tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine ||
         tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
}

void add_ranges(Dwarf_Die& die, Dwarf_Off entry, std::vector<Range>& into) {
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  std::ptrdiff_t next = 0;
  for (std::size_t i = 0; i < most_ranges; ++i) {
    next = dwarf_ranges(&die, next, &base, &low, &high);
    if (next <= 0) return;
    // Functions that the linker dropped keep a range that begins at 0.
    if (low != 0 && low < high) into.push_back({low, high, entry});
  }
}

// The smallest of the ranges that hold `address`.
const Range* innermost(const std::vector<Range>& sorted, std::uint64_t address) {
  constexpr int most_steps = 64; // overlapping ranges are rare, and then near
  const Range* best = nullptr;
  auto next = std::ranges::upper_bound(sorted, address, {}, &Range::low);
  for (int i = 0; i < most_steps && next != sorted.begin(); ++i) {
    --next;
    if (address < next->high &&
        (best == nullptr || next->high - next->low < best->high - best->low))
      best = &*next;
  }
  return best;
}

std::optional<Dwarf_Die> linked(Dwarf_Die& die, unsigned attribute) {
  Dwarf_Attribute value;
  Dwarf_Die target;
  if (dwarf_attr(&die, attribute, &value) == nullptr ||
      dwarf_formref_die(&value, &target) == nullptr)
    return std::nullopt;
  return target;
}

// The DIE that stands where the function was declared: in its class or namespace.
Dwarf_Die declaration_of(Dwarf_Die die) {
  for (std::size_t i = 0; i < deepest; ++i) {
    auto next = linked(die, DW_AT_abstract_origin);
    if (!next) next = linked(die, DW_AT_specification);
    if (!next) return die;
    die = *next;
  }
  return die;
}

std::string_view name_of(Dwarf_Die& die) {
  const char* name = dwarf_diename(&die);
  return name == nullptr ? std::string_view{} : name;
}

std::string linkage_name(Dwarf_Die& die) {
  Dwarf_Attribute value;
  if (dwarf_attr_integrate(&die, DW_AT_linkage_name, &value) == nullptr) return {};
  const char* name = dwarf_formstring(&value);
  return name == nullptr ? std::string{} : readable_name(name);
}

std::int32_t number(Dwarf_Die& die, unsigned attribute) {
  constexpr Dwarf_Word largest = 1U << 30;
  Dwarf_Attribute value;
  Dwarf_Word result = 0;
  if (dwarf_attr(&die, attribute, &value) == nullptr || dwarf_formudata(&value, &result) != 0 ||
      result > largest)
    return 0;
  return static_cast<std::int32_t>(result);
}

// libdw does not always join a relative path with the directory that the compiler ran in.
std::string absolute_path(Dwarf_Die& unit, const char* path) {
  if (path == nullptr) return {};
  Dwarf_Attribute value;
  const char* folder = *path != '/' && dwarf_attr(&unit, DW_AT_comp_dir, &value) != nullptr
                           ? dwarf_formstring(&value)
                           : nullptr;
  const std::filesystem::path base(folder == nullptr ? "" : folder);
  return (base / path).lexically_normal().string();
}

Position line_at(Dwarf_Die& unit, std::uint64_t address) {
  Dwarf_Line* line = dwarf_getsrc_die(&unit, address);
  Position position;
  if (line == nullptr || dwarf_lineno(line, &position.line) != 0 || position.line <= 0) return {};
  if (dwarf_linecol(line, &position.column) != 0) position.column = 0;
  position.file = absolute_path(unit, dwarf_linesrc(line, nullptr, nullptr));
  return position;
}

// Where the function that `inlined` stands for was called.
Position call_position(Dwarf_Die& unit, Dwarf_Die& inlined) {
  Position position{{}, number(inlined, DW_AT_call_line), number(inlined, DW_AT_call_column)};
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  const auto file = static_cast<std::size_t>(number(inlined, DW_AT_call_file));
  if (dwarf_getsrcfiles(&unit, &files, &count) == 0 && file < count)
    position.file = absolute_path(unit, dwarf_filesrc(files, file, nullptr, nullptr));
  return position;
}

// The inlined functions around `address` within `function`, outermost first.
std::vector<Dwarf_Die> inlined_at(Dwarf_Die function, std::uint64_t address) {
  std::vector<Dwarf_Die> chain;
  Dwarf_Die die;
  std::size_t visited = 0;
  for (std::size_t depth = 0; depth < deepest; ++depth) {
    if (dwarf_child(&function, &die) != 0) return chain;
    while (!is_block(dwarf_tag(&die)) || dwarf_haspc(&die, address) != 1)
      if (++visited > most_entries || dwarf_siblingof(&die, &die) != 0) return chain;
    if (dwarf_tag(&die) == DW_TAG_inlined_subroutine) chain.push_back(die);
    function = die;
  }
  return chain;
}

// Visits the DIEs below `root` that can hold functions, each with the entry of its scope.
template <class Visit> void walk_scopes(Dwarf_Die& root, Visit visit) {
  struct Level {
    Dwarf_Die die;
    Dwarf_Off scope;
  };
  std::vector<Level> levels(1);
  if (dwarf_child(&root, &levels[0].die) != 0) return;
  for (std::size_t i = 0; i < most_entries && !levels.empty(); ++i) {
    Level current = levels.back();
    if (dwarf_siblingof(&current.die, &levels.back().die) != 0) levels.pop_back();
    const int tag = dwarf_tag(&current.die);
    if (!is_scope(tag) && tag != DW_TAG_lexical_block) continue;
    if (is_scope(tag)) visit(current.die, tag, current.scope);
    const Dwarf_Off scope = is_scope(tag) ? dwarf_dieoffset(&current.die) : current.scope;
    Dwarf_Die child;
    if (levels.size() < deepest && dwarf_child(&current.die, &child) == 0)
      levels.push_back({child, scope});
  }
}

Unit index_unit(Dwarf_Die& root) {
  Unit unit;
  walk_scopes(root, [&](Dwarf_Die& die, int tag, Dwarf_Off parent) {
    const Dwarf_Off entry = dwarf_dieoffset(&die);
    unit.scopes.push_back({entry, parent});
    if (tag == DW_TAG_subprogram) add_ranges(die, entry, unit.functions);
  });
  std::ranges::sort(unit.functions, {}, &Range::low);
  std::ranges::sort(unit.scopes, {}, &Unit::Scope::entry); // forged links can go backwards
  return unit;
}

// A lambda's class: g++ calls it "<lambda(int)>", clang leaves it without a name.
std::string scope_name(Dwarf_Die& die) {
  const std::string_view name = name_of(die);
  const int tag = dwarf_tag(&die);
  if (tag == DW_TAG_namespace) return std::string(name.empty() ? "(anonymous namespace)" : name);
  const bool lambda = name.starts_with("<lambda") ||
                      (name.empty() && (tag == DW_TAG_class_type || tag == DW_TAG_structure_type));
  return std::string(lambda ? "<lambda>" : name);
}

// libdw takes it that each string of these sections has its NUL, and reads on where a forged one
// has none. They are as it reads them once it has begun: it decompresses them then.
bool strings_end(Elf* elf) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return false;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) return false;
    const char* found = elf_strptr(elf, names, header.sh_name);
    const std::string_view name = found == nullptr ? "" : found;
    if (!name.ends_with("debug_str") && !name.ends_with("debug_line_str")) continue;
    const Elf_Data* data = elf_rawdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr || data->d_size == 0) continue;
    if (static_cast<const char*>(data->d_buf)[data->d_size - 1] != '\0') return false;
  }
  return true;
}

} // namespace

class DebugInfo::Impl {
 public:
  explicit Impl(int fd) {
    elf_version(EV_CURRENT);
    elf_ = elf_begin(fd, ELF_C_READ, nullptr);
    if (elf_ != nullptr) dwarf_ = dwarf_begin_elf(elf_, DWARF_C_READ, nullptr);
    if (dwarf_ != nullptr && strings_end(elf_)) index_units();
  }
  ~Impl() {
    if (dwarf_ != nullptr) dwarf_end(dwarf_);
    if (elf_ != nullptr) elf_end(elf_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::vector<SourceFrame> at(std::uint64_t address) {
    Dwarf_Die root;
    const Range* range = innermost(units_by_address_, address);
    if (range == nullptr || dwarf_offdie(dwarf_, range->entry, &root) == nullptr) return {};
    Position position = line_at(root, address);
    std::vector<SourceFrame> frames;
    const auto add = [&](std::string function, bool inlined) {
      frames.push_back(
          {std::move(function), position.file, position.line, position.column, inlined});
    };
    Dwarf_Die function;
    const Range* code = innermost(unit(root).functions, address);
    if (code == nullptr || dwarf_offdie(dwarf_, code->entry, &function) == nullptr) {
      if (position.line != 0) add({}, false);
      return frames;
    }
    auto chain = inlined_at(function, address);
    for (auto inlined = chain.rbegin(); inlined != chain.rend(); ++inlined) {
      add(qualified_name(*inlined), true);
      position = call_position(root, *inlined);
    }
    add(qualified_name(function), false);
    return frames;
  }

 private:
  void index_units() {
    Dwarf_CU* cu = nullptr;
    Dwarf_Die root;
    for (std::size_t i = 0; i < most_units; ++i) {
      if (dwarf_get_units(dwarf_, cu, &cu, nullptr, nullptr, &root, nullptr) != 0) break;
      add_ranges(root, dwarf_dieoffset(&root), units_by_address_);
    }
    std::ranges::sort(units_by_address_, {}, &Range::low);
  }

  const Unit& unit(Dwarf_Die& root) {
    const Dwarf_Off entry = dwarf_dieoffset(&root);
    auto found = units_.find(entry);
    if (found == units_.end()) found = units_.emplace(entry, index_unit(root)).first;
    return found->second;
  }

  // The entries of the scopes around `die`, innermost first.
  std::vector<Dwarf_Off> scopes_around(Dwarf_Die& die) {
    std::vector<Dwarf_Off> result;
    Dwarf_Die root;
    // The unit can lie in the file that dwz(1) made, whose offsets are another space.
    if (dwarf_cu_getdwarf(die.cu) != dwarf_ ||
        dwarf_diecu(&die, &root, nullptr, nullptr) == nullptr)
      return result;
    const auto& scopes = unit(root).scopes;
    Dwarf_Off entry = dwarf_dieoffset(&die);
    while (result.size() < deepest) {
      const auto found = std::ranges::lower_bound(scopes, entry, {}, &Unit::Scope::entry);
      if (found == scopes.end() || found->entry != entry || found->parent == 0) return result;
      entry = found->parent;
      result.push_back(entry);
    }
    return result;
  }

  std::string qualified_name(Dwarf_Die& die) {
    Dwarf_Die declaration = declaration_of(die);
    std::string name(name_of(declaration));
    if (name.empty()) return linkage_name(die);
    for (const Dwarf_Off entry : scopes_around(declaration)) {
      Dwarf_Die scope;
      if (dwarf_offdie(dwarf_, entry, &scope) == nullptr) break;
      // The function around a local class can itself be defined apart from its declaration.
      if (dwarf_tag(&scope) == DW_TAG_subprogram && name_of(scope).empty())
        return qualified_name_within(scope, name);
      const std::string outer = scope_name(scope);
      if (outer == "<lambda>" && name == "operator()")
        name = outer;
      else
        name.insert(0, outer + "::");
    }
    return name;
  }

  std::string qualified_name_within(Dwarf_Die& function, const std::string& name) {
    Dwarf_Die declaration = declaration_of(function);
    const std::string_view outer = name_of(declaration);
    return outer.empty() ? name : std::string(outer) + "::" + name;
  }

  Elf* elf_ = nullptr;
  Dwarf* dwarf_ = nullptr;
  std::vector<Range> units_by_address_;
  std::unordered_map<Dwarf_Off, Unit> units_;
};

DebugInfo::DebugInfo(int fd) : impl_(std::make_unique<Impl>(fd)) {}
DebugInfo::~DebugInfo() = default;

std::vector<SourceFrame> DebugInfo::at(std::uint64_t address) { return impl_->at(address); }

} // namespace socktale::locate
