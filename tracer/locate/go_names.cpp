// The layout is that of Go's runtime/symtab.go (inlinedCall, moduledata).
#include "tracer/locate/go_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace socktale::locate {
namespace {

constexpr std::size_t largest_data = 64 << 20;
constexpr int most_expanded = 64; // functions within one

} // namespace

GoNames::GoNames(const GoTable& table, const ElfFile& file) : table_(table), file_(file) {
  find_trees();
  constexpr std::string_view known = "runtime/asm_amd64.s"; // every program has it
  const auto function = table_.function_named("runtime.goexit");
  if (!function) return;
  root_ = frame(*function, 0).file;
  const bool whole = root_.starts_with('/') && root_.ends_with(known);
  root_.resize(whole ? root_.size() - known.size() : 0);
}

// Expanded functions are described elsewhere, in the data that funcdata offsets count from: only
// the runtime's moduledata says where. It begins with pointers to the parts of the table.
void GoNames::find_trees() {
  constexpr std::uint64_t functions_at = 104;                          // moduledata.pclntable
  const std::uint64_t base_at = table_.is_1_20_or_later() ? 320 : 304; // moduledata.gofunc
  const auto* holder = file_.section(".rodata");
  if (holder == nullptr) return;
  for (const char* name : {".noptrdata", ".data", ".go.module"}) {
    const auto* section = file_.section(name);
    const std::string data = section == nullptr ? "" : file_.bytes(*section, largest_data);
    for (std::uint64_t at = 0; at + base_at < data.size(); at += 8) {
      if (load<std::uint64_t>(data, at) != table_.address()) continue;
      if (load<std::uint64_t>(data, at + functions_at) != table_.address_of_functions()) continue;
      const std::uint64_t base = load<std::uint64_t>(data, at + base_at).value_or(0);
      if (base < holder->address || base - holder->address >= holder->size) return;
      trees_ = *holder;
      trees_.offset += base - holder->address;
      trees_.size -= base - holder->address;
      return;
    }
  }
}

SourceFrame GoNames::frame(const Function& function, std::uint64_t pc) const {
  SourceFrame result;
  result.function = function.name;
  result.file = table_.file(function, table_.value(function.file_table(), pc).value_or(-1));
  result.line = std::max(0, table_.value(function.line_table(), pc).value_or(0));
  return result;
}

// The number of the expanded function there; negative: none.
std::int32_t GoNames::expanded_at(const Function& function, std::uint64_t pc) const {
  constexpr std::uint32_t inline_index = 2; // PCDATA_InlTreeIndex
  return table_.value(function.further_table(inline_index), pc).value_or(-1);
}

// Puts the functions that are expanded at `pc` before the one around them, which is in `frames`.
// False: it is not known which they are.
bool GoNames::expand(const Function& function, std::uint64_t pc,
                     std::vector<SourceFrame>& frames) const {
  constexpr std::uint32_t inline_tree = 3; // FUNCDATA_InlTree
  const bool newer = table_.is_1_20_or_later();
  const std::size_t size = newer ? 16 : 20;
  const auto tree = function.data(inline_tree);
  auto index = expanded_at(function, pc);
  for (int i = 0; i < most_expanded; ++i) {
    if (index < 0) return true;
    const std::uint64_t at = tree.value_or(0) + static_cast<std::uint64_t>(index) * size;
    if (!tree || at >= trees_.size) return false;
    ElfFile::Section place = trees_;
    place.offset += at;
    place.size -= at;
    const std::string entry = file_.bytes(place, size);
    const auto name = load<std::int32_t>(entry, newer ? 4 : 12);
    const auto call = load<std::int32_t>(entry, newer ? 8 : 16); // the call's pc
    if (!name || *name < 0 || !call || *call < 0) return false;
    SourceFrame outer = frames.back();
    frames.back().function = table_.name(static_cast<std::uint32_t>(*name));
    frames.back().inlined = true;
    if (newer) {
      outer = frame(function, static_cast<std::uint64_t>(*call));
      index = expanded_at(function, static_cast<std::uint64_t>(*call));
    } else {
      outer.file = table_.file(function, load<std::int32_t>(entry, 4).value_or(-1));
      outer.line = std::max(0, load<std::int32_t>(entry, 8).value_or(0));
      index = load<std::int16_t>(entry, 0).value_or(-1);
    }
    frames.push_back(std::move(outer));
  }
  return false;
}

std::vector<SourceFrame> GoNames::at(std::uint64_t address) const {
  const auto function = table_.function_at(address);
  if (!function) return {};
  const std::uint64_t pc = address - function->start;
  const SourceFrame here = frame(*function, pc);
  std::vector<SourceFrame> frames{here};
  if (expand(*function, pc, frames)) return frames;
  frames = {here, here};
  frames[0].function.clear();
  frames[0].inlined = true;
  frames[1].file.clear();
  frames[1].line = 0;
  return frames;
}

bool GoNames::is_library_source(std::string_view file) const {
  if (!root_.empty()) return file.starts_with(root_);
  // With -trimpath only the import path is left. The first parts of those of Go 1.25:
  constexpr std::array own = {
      "archive", "bufio",    "builtin", "bytes",   "cmp",      "compress", "container", "context",
      "crypto",  "database", "debug",   "embed",   "encoding", "errors",   "expvar",    "flag",
      "fmt",     "go",       "hash",    "html",    "image",    "index",    "internal",  "io",
      "iter",    "log",      "maps",    "math",    "mime",     "net",      "os",        "path",
      "plugin",  "reflect",  "regexp",  "runtime", "slices",   "sort",     "strconv",   "strings",
      "structs", "sync",     "syscall", "testing", "text",     "time",     "unicode",   "unique",
      "unsafe",  "vendor",   "weak"};
  return std::ranges::find(own, file.substr(0, file.find('/'))) != own.end() ||
         file.find('@') != std::string_view::npos; // of another module: name@version
}

} // namespace socktale::locate
