// Names the native frames of a sighting after the stop: function, file, line and call text, from
// symbols, debug information and source files. Remembers what it found. Never touches the process.
#pragma once

#include "tracer/locate/source_files.hpp"
#include "tracer/locate/unwind.hpp"
#include "tracer/model/place.hpp"

#include <compare>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace socktale::locate {

struct NamedFrame {
  model::Frame frame;
  bool end_of_scope = false; // no call is written there: a block ends and destructors run
  // A function without lines in a program that the C library was linked into: were it the innermost
  // frame, it would be the library's.
  bool static_libc = false;
};

class NativeNames {
 public:
  NativeNames();
  ~NativeNames();
  NativeNames(const NativeNames&) = delete;
  NativeNames& operator=(const NativeNames&) = delete;

  // The frames at one address, innermost first: one, and those that are inlined into it. `callee`
  // is the function that the innermost of them calls, empty: unknown. Frames of an `interpreter`'s
  // module get symbol names only.
  [[nodiscard]] const std::vector<NamedFrame>& name(const NativeFrame& native,
                                                    const std::string& callee, bool interpreter);

 private:
  struct ModuleNames;
  struct Key {
    const Module* module;
    std::uint64_t address;
    bool interpreter;
    std::string callee;
    auto operator<=>(const Key&) const = default;
  };
  [[nodiscard]] ModuleNames& names_of(const std::shared_ptr<const Module>& module);
  [[nodiscard]] std::vector<NamedFrame> find(const NativeFrame& native, const std::string& callee,
                                             bool interpreter);
  void add_text(NamedFrame& named, const std::string& callee, const ModuleNames& names);

  std::map<const Module*, std::unique_ptr<ModuleNames>> modules_;
  std::map<Key, std::vector<NamedFrame>> named_;
  SourceFiles sources_;
};

// The part of a function's name that a call of it shows: "say" of "chat::Conn::say<int>".
[[nodiscard]] std::string short_name(const std::string& function);

} // namespace socktale::locate
