#include "tracer/locate/native_names.hpp"

#include "tracer/locate/debug_file.hpp"
#include "tracer/locate/dwarf.hpp"
#include "tracer/locate/go_names.hpp"
#include "tracer/locate/made_code.hpp"
#include "tracer/locate/module.hpp"
#include "tracer/locate/symbol_name.hpp"
#include "tracer/locate/symbol_table.hpp"
#include "tracer/locate/user_code.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace socktale::locate {
namespace {

using model::Owner;

constexpr std::size_t most_named = 1 << 16; // then the memory starts anew

} // namespace

// What is known of one module's names. Keeps the module, so that its address stays its own.
struct NativeNames::ModuleNames {
  explicit ModuleNames(std::shared_ptr<const Module> of)
      : module(std::move(of)),
        symbols(module->elf()),
        libc(is_libc(module->path())),
        runtime(holds_runtime(module->path())),
        maker(file_owner(module->fd())) {
    if (module->go_table() != nullptr) go.emplace(*module->go_table(), module->elf());
  }

  // Go's own table says all that its debug information does, at once, unless it cannot tell which
  // function was expanded; of C code in the program it says nothing.
  std::vector<SourceFrame> lines_at(std::uint64_t address) {
    auto frames = go ? go->at(address) : std::vector<SourceFrame>{};
    if (!frames.empty() && !frames.front().function.empty()) return frames;
    auto others = debug().at(address);
    return others.empty() ? frames : others;
  }

  // Opened at the first question, which can take long.
  DebugInfo& debug() {
    if (debug_info) return *debug_info;
    int fd = module->fd();
    if (maker && module->elf().section(".debug_info") == nullptr &&
        module->elf().section(".zdebug_info") == nullptr) {
      debug_fd = find_debug_file(module->elf(), module->path(), *maker);
      if (debug_fd) fd = debug_fd.get();
      if (const auto file = debug_fd ? ElfFile::read(fd) : std::nullopt) symbols.add(*file);
    }
    debug_info = std::make_unique<DebugInfo>(fd);
    return *debug_info;
  }

  std::shared_ptr<const Module> module;
  SymbolTable symbols;
  bool libc, runtime; // runtime: Node's or Java's
  std::optional<GoNames> go;
  std::optional<FileUser> maker; // who can have put claims into it
  UniqueFd debug_fd;
  std::unique_ptr<DebugInfo> debug_info;
};

NativeNames::NativeNames() = default;
NativeNames::~NativeNames() = default;

NativeNames::ModuleNames& NativeNames::names_of(const std::shared_ptr<const Module>& module) {
  auto& names = modules_[module.get()];
  if (!names) names = std::make_unique<ModuleNames>(module);
  return *names;
}

const std::vector<NamedFrame>& NativeNames::name(const NativeFrame& native,
                                                 const std::string& callee, bool interpreter) {
  Key key{native.module.get(), native.address, interpreter, callee};
  auto found = named_.find(key);
  if (found == named_.end()) {
    if (named_.size() >= most_named) named_.clear();
    found = named_.emplace(std::move(key), find(native, callee, interpreter)).first;
  }
  return found->second;
}

std::vector<NamedFrame> NativeNames::find(const NativeFrame& native, const std::string& callee,
                                          bool interpreter) {
  model::Frame bare;
  bare.language = model::Language::native;
  bare.offset = native.address;
  if (!native.module) return {{bare}};
  ModuleNames& names = names_of(native.module);
  bare.module = names.module->path();
  interpreter = interpreter || names.runtime;

  // The C library's own lines are nobody's lesson, and the same call must look the same whether or
  // not its debug file is installed; the interpreter's debug information is large.
  std::vector<NamedFrame> result;
  if (!names.libc && !interpreter) {
    for (auto& source : names.lines_at(native.address)) {
      NamedFrame named{bare};
      named.frame.function = std::move(source.function);
      named.frame.file = std::move(source.file);
      named.frame.span = {source.line, source.column, 0, 0};
      named.frame.inlined = source.inlined;
      result.push_back(std::move(named));
    }
  }
  if (result.empty()) result.push_back({bare});

  const SymbolTable::Function* symbol = names.symbols.at(native.address);
  std::string& outermost = result.back().frame.function;
  if (outermost.empty() && symbol != nullptr)
    outermost = names.libc ? public_name(symbol->name) : readable_name(symbol->name);
  const std::string* called = &callee;
  std::string inner;
  for (NamedFrame& named : result) {
    named.frame.owner = owner_of(bare.module, named.frame.file);
    if (interpreter && !names.libc) named.frame.owner = Owner::interpreter;
    if (names.runtime && runs_script(named.frame.function)) {
      named.frame.owner = Owner::unknown;
      named.frame.language = model::Language::javascript;
      named.frame.function.clear();
    }
    if (names.go && names.go->is_library_source(named.frame.file))
      named.frame.owner = Owner::library;
    add_text(named, *called, names);
    inner = short_name(named.frame.function);
    called = &inner;
  }
  NamedFrame& named = result.back();
  named.static_libc = named.frame.owner == Owner::unknown && symbol != nullptr &&
                      names.symbols.holds_libc() && names.module->elf().is_static_program();
  return result;
}

void NativeNames::add_text(NamedFrame& named, const std::string& callee, const ModuleNames& names) {
  model::Frame& frame = named.frame;
  if (frame.span.line == 0 || !names.maker) return;
  const SourceText* source =
      sources_.text(frame.file, *names.maker, names.module->identity().changed_ns);
  if (source == nullptr) return;
  auto call = source->call_at(frame.span.line, frame.span.column, callee);
  frame.text = std::move(call.text);
  frame.span = call.span;
  named.end_of_scope = call.end_of_scope;
}

std::string short_name(const std::string& function) {
  std::size_t end = function.size();
  // Template arguments, of Go in brackets.
  if (function.ends_with('>') || function.ends_with(']')) {
    std::size_t depth = 0;
    while (end > 0) {
      const char c = function[--end];
      if (c == '>' || c == ']') ++depth;
      if ((c == '<' || c == '[') && --depth == 0) break;
    }
  }
  const std::size_t joint = end == 0 ? std::string::npos : function.find_last_of(":.", end - 1);
  const std::size_t begin = joint == std::string::npos ? 0 : joint + 1;
  std::string_view name = std::string_view(function).substr(begin, end - begin);
  for (const std::string_view of_cgo : {"_Cfunc_", "_C2func_"}) // Go's C.close(fd)
    if (name.starts_with(of_cgo)) name.remove_prefix(of_cgo.size());
  return std::string(name);
}

} // namespace socktale::locate
