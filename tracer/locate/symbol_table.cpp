#include "tracer/locate/symbol_table.hpp"

#include "tracer/locate/symbol_name.hpp"

#include <algorithm>
#include <utility>

namespace socktale::locate {
SymbolTable::SymbolTable(const ElfFile& file) { add(file); }

void SymbolTable::add(const ElfFile& file) {
  for (const char* table : {".dynsym", ".symtab"})
    for (auto& symbol : file.symbols(table))
      if (symbol.function && symbol.size != 0)
        functions_.push_back({symbol.address, symbol.size, std::move(symbol.name)});
  std::ranges::sort(functions_, [](const Function& a, const Function& b) {
    return a.address != b.address ? a.address < b.address : better_name(a.name, b.name);
  });
  holds_libc_ =
      std::ranges::find(functions_, "__libc_start_main", &Function::name) != functions_.end();
  std::vector<Function> merged;
  for (auto& function : functions_)
    if (!merged.empty() && merged.back().address == function.address)
      merged.back().size = std::max(merged.back().size, function.size);
    else
      merged.push_back(std::move(function));
  functions_ = std::move(merged);
}

const SymbolTable::Function* SymbolTable::at(std::uint64_t address) const {
  auto next = std::ranges::upper_bound(functions_, address, {}, &Function::address);
  // A short function may lie inside a longer one's bytes (hand-written assembly); look back a bit.
  constexpr int most_steps = 8;
  for (int i = 0; i < most_steps && next != functions_.begin(); ++i) {
    --next;
    if (address - next->address < next->size) return &*next;
  }
  return nullptr;
}

} // namespace socktale::locate
