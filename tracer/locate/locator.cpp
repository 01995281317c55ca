#include "tracer/locate/locator.hpp"

#include "tracer/locate/made_code.hpp"
#include "tracer/locate/module.hpp"
#include "tracer/locate/native_names.hpp"
#include "tracer/locate/native_place.hpp"
#include "tracer/locate/perf_map.hpp"
#include "tracer/locate/process_image.hpp"
#include "tracer/locate/python/interpreter.hpp"
#include "tracer/locate/symbol_name.hpp"
#include "tracer/locate/unwind.hpp"
#include "tracer/locate/walk_memory.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace socktale::locate {

// Keeps its modules and interpreter, which outlive the process.
struct Sighting {
  NativeStack native;
  std::shared_ptr<python::Interpreter> interpreter; // nullptr: no Python in this process
  python::Sighting python;
  Maker maker = Maker::unknown;       // of code that is in no module
  std::shared_ptr<PerfMap> made_code; // nullptr: its names are not told
  std::uint64_t made_code_size = 0;
  bool operator==(const Sighting&) const = default;
};

namespace {

// Most calls of a program come from few places, so sightings are remembered, and what they resolve
// to.
using Remembered = std::shared_ptr<const Sighting>;
struct SightingHash {
  using is_transparent = void;
  std::size_t operator()(const Remembered& sighting) const { return (*this)(*sighting); }
  std::size_t operator()(const Sighting& sighting) const {
    std::size_t hash = sighting.native.frames.size();
    const auto mix = [&hash](std::size_t value) {
      hash = (hash ^ value) * 0x9e3779b97f4a7c15; // Fibonacci hashing
    };
    for (const NativeFrame& frame : sighting.native.frames) mix(frame.address);
    for (const python::FrameRef& frame : sighting.python.frames) {
      mix(std::hash<const void*>{}(frame.code.get()));
      mix(static_cast<std::size_t>(frame.instruction));
    }
    return hash;
  }
};
struct SightingEqual {
  using is_transparent = void;
  bool operator()(const Remembered& a, const Remembered& b) const { return *a == *b; }
  bool operator()(const Sighting& a, const Remembered& b) const { return a == *b; }
};
constexpr std::size_t most_remembered = 4096;

struct Process {
  Process(Pid pid, Modules& modules) : image(pid, modules) {}

  ProcessImage image;
  std::shared_ptr<python::Interpreter> interpreter;
  unsigned searched = 0; // the image's generation in which an interpreter was last looked for
  std::shared_ptr<PerfMap> made_code;
  unsigned looks_for_made_code = 0;
  WalkMemory walks;

  // A stack of it is a native one, and nothing else.
  [[nodiscard]] bool only_native() const { return !interpreter && image.maker() == Maker::unknown; }
};

bool names_python(const Mapping& mapping) {
  return mapping.path.find("python", mapping.path.rfind('/') + 1) != std::string::npos;
}

void find_interpreter(Pid pid, Process& process, Memory& memory) {
  const auto& maps = process.image.maps();
  if (process.interpreter || process.searched == process.image.generation()) return;
  process.searched = process.image.generation();
  if (std::ranges::none_of(maps, names_python)) return;
  process.interpreter = python::Interpreter::find(pid, maps, memory);
  if (process.interpreter)
    process.image.set_interpreter([interpreter = process.interpreter](const std::string& path) {
      return interpreter->owns_module(path);
    });
}

// The names of code that was made at run time. The file may come later than the first such code.
std::shared_ptr<PerfMap> find_made_code(Pid pid, Process& process) {
  constexpr unsigned looks = 16; // one in so many costs an open(2)
  if (!process.made_code && process.looks_for_made_code++ % looks == 0)
    process.made_code = PerfMap::open(pid);
  return process.made_code;
}

// The interpreter's loop: the native frames below it run the Python frames that follow.
bool is_interpreter_loop(const model::Frame& frame) {
  return frame.owner == model::Owner::interpreter &&
         frame.function.starts_with("_PyEval_EvalFrame");
}

} // namespace

class Locator::Impl {
 public:
  std::shared_ptr<const Sighting> look(Pid pid, Tid tid, const Registers& registers,
                                       Memory& memory) {
    Process& process = processes_.try_emplace(pid, pid, modules_).first->second;
    const StackTop top{registers.rip, registers.rsp};
    start_reading(process, top, memory, registers.narrow);
    const bool wide = !registers.narrow;
    auto known = wide ? remembered(process, top, &registers) : nullptr;
    if (known && process.only_native()) return known;
    Sighting& sighting = sighting_;
    const python::Interpreter* const interpreter = process.interpreter.get();
    RegisterSet ground = 0;
    if (known) {
      if (sighting.native != known->native) sighting.native = known->native; // counts modules
    } else {
      reader_.forget_asked();
      ground = walk_native(registers, process.image, reader_, sighting.native);
    }
    sighting.maker = process.image.maker();
    sighting.made_code = sighting.maker != Maker::unknown ? find_made_code(pid, process) : nullptr;
    sighting.made_code_size = sighting.made_code ? sighting.made_code->size() : 0;
    find_interpreter(pid, process, memory);
    sighting.interpreter = process.interpreter;
    sighting.python = process.interpreter ? process.interpreter->look(tid, registers, memory)
                                          : python::Sighting{};
    auto seen = seen_.find(sighting);
    if (seen == seen_.end()) {
      if (seen_.size() >= most_remembered) seen_.clear();
      seen = seen_.insert(std::make_shared<const Sighting>(sighting)).first;
    }
    const bool same_code = process.interpreter.get() == interpreter; // a walk ends in its code
    if (wide && !known && same_code && sighting.native.decided)
      process.walks.keep(registers, ground, reader_, process.image.generation(), *seen);
    return *seen;
  }

  Remembered recall(Pid pid, const StackTop& top, Memory& memory) {
    const auto found = processes_.find(pid);
    if (found == processes_.end() || !found->second.only_native()) return nullptr;
    start_reading(found->second, top, memory, false);
    return remembered(found->second, top, nullptr);
  }

  std::shared_ptr<const Located> resolve(const Remembered& sighting) {
    if (const auto known = memory_.find(sighting); known != memory_.end()) return known->second;
    if (memory_.size() >= most_remembered) memory_.clear();
    auto located = std::make_shared<const Located>(resolve_anew(*sighting));
    memory_.emplace(sighting, located);
    return located;
  }

  std::optional<Runtime> runtime(Pid pid) const {
    const auto found = processes_.find(pid);
    if (found == processes_.end() || !found->second.interpreter) return std::nullopt;
    return Runtime{"CPython", found->second.interpreter->version()};
  }

  [[nodiscard]] std::size_t usual_stack() const { return reader_.usual(); }
  void forget(Pid pid) { processes_.erase(pid); }

 private:
  void start_reading(Process& process, const StackTop& top, Memory& memory, bool narrow) {
    reader_.start(memory, top.rsp, process.image.end_of_mapping(top.rsp), narrow);
  }

  Remembered remembered(const Process& process, const StackTop& top, const Registers* registers) {
    return process.walks.find(top, registers, process.image.generation(), reader_);
  }

  Located resolve_anew(const Sighting& sighting) {
    auto native = name_native(sighting);
    Located located;
    if (sighting.python.state == python::Sighting::State::absent) {
      located.place = native_place(native, sighting.native.complete);
      located.place.libc = libc_function(native);
      located.stack.complete = sighting.native.complete;
      append(std::move(native), located.stack);
      return located;
    }
    native.erase(std::ranges::find_if(native, is_interpreter_loop, &NamedFrame::frame),
                 native.end());
    auto python = sighting.interpreter->name(sighting.python);
    // An extension module of the user's is nearer to the call than the Python that called it.
    auto nearer = user_place(native);
    auto loop = loop_place(python);
    located.place = nearer ? std::move(*nearer)
                    : loop ? std::move(*loop)
                           : sighting.interpreter->place(sighting.python, python);
    located.place.libc = libc_function(native);
    located.stack.complete = sighting.python.complete;
    append(std::move(native), located.stack);
    std::ranges::move(python, std::back_inserter(located.stack.frames));
    return located;
  }

  std::vector<NamedFrame> name_native(const Sighting& sighting) {
    std::vector<NamedFrame> named;
    for (const NativeFrame& frame : sighting.native.frames) {
      const bool interpreter = sighting.interpreter && frame.module &&
                               sighting.interpreter->owns_module(frame.module->path());
      if (!frame.module && sighting.maker != Maker::unknown) {
        const auto name = sighting.made_code
                              ? sighting.made_code->name_at(frame.address, sighting.made_code_size)
                              : std::nullopt;
        if (name) {
          named.push_back({made_frame(sighting.maker, *name)});
          continue;
        }
      }
      const std::string callee =
          named.empty() ? std::string{} : short_name(named.back().frame.function);
      std::ranges::copy(names_.name(frame, callee, interpreter), std::back_inserter(named));
    }
    // It is this function that entered the kernel; in a static program it lies next to the user's.
    if (!named.empty() && named.front().static_libc) {
      named.front().frame.owner = model::Owner::libc;
      named.front().frame.function = public_name(named.front().frame.function);
    }
    return named;
  }

  static void append(std::vector<NamedFrame> frames, model::Stack& stack) {
    for (NamedFrame& named : frames) stack.frames.push_back(std::move(named.frame));
  }

  // Of the stops; resolve uses nothing of these.
  Modules modules_;
  std::unordered_map<Pid, Process> processes_;
  StackReader reader_;
  Sighting sighting_; // the last one; its memory is used anew
  std::unordered_set<Remembered, SightingHash, SightingEqual> seen_;
  // Of resolve.
  NativeNames names_;
  std::unordered_map<Remembered, std::shared_ptr<const Located>> memory_; // by object
};

Locator::Locator() : impl_(std::make_unique<Impl>()) {}
Locator::~Locator() = default;

std::shared_ptr<const Sighting> Locator::look(Pid pid, Tid tid, const Registers& registers,
                                              Memory& memory) {
  return impl_->look(pid, tid, registers, memory);
}
std::shared_ptr<const Sighting> Locator::recall(Pid pid, const StackTop& top, Memory& memory) {
  return impl_->recall(pid, top, memory);
}
std::shared_ptr<const Located> Locator::resolve(const std::shared_ptr<const Sighting>& sighting) {
  return impl_->resolve(sighting);
}
std::size_t Locator::usual_stack() const { return impl_->usual_stack(); }
std::optional<Runtime> Locator::runtime(Pid pid) const { return impl_->runtime(pid); }
void Locator::on_exec(Pid pid) { impl_->forget(pid); }
void Locator::on_gone(Pid pid) { impl_->forget(pid); }

} // namespace socktale::locate
