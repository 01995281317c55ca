#include "tracer/locate/locator.hpp"

#include "tracer/locate/module.hpp"
#include "tracer/locate/native_names.hpp"
#include "tracer/locate/process_image.hpp"
#include "tracer/locate/python/interpreter.hpp"
#include "tracer/locate/symbol_name.hpp"
#include "tracer/locate/unwind.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace socktale::locate {

using model::Owner;
using model::PlaceKind;

// Keeps its modules and interpreter, which outlive the process.
struct Sighting {
  NativeStack native;
  std::shared_ptr<python::Interpreter> interpreter; // nullptr: no Python in this process
  python::Sighting python;
};

namespace {

struct Process {
  Process(Pid pid, Modules& modules) : image(pid, modules) {}

  ProcessImage image;
  std::shared_ptr<python::Interpreter> interpreter;
  unsigned searched = 0; // the image's generation in which an interpreter was last looked for
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

// The interpreter's loop: the native frames below it run the Python frames that follow.
bool is_interpreter_loop(const model::Frame& frame) {
  return frame.owner == Owner::interpreter && frame.function.starts_with("_PyEval_EvalFrame");
}

// The function that the innermost run of the C library's frames was entered by: getaddrinfo, though
// it is a connect of its own that is at work.
std::string libc_function(const std::vector<NamedFrame>& frames) {
  const auto is_libc = [](const NamedFrame& named) { return named.frame.owner == Owner::libc; };
  const auto first = std::ranges::find_if(frames, is_libc);
  const auto end = std::find_if_not(first, frames.end(), is_libc);
  if (first == end) return {};
  const model::Frame& entered = std::prev(end)->frame;
  // In a static program the run can go on in functions that nothing tells from the user's.
  const bool sure = end == frames.end() || end->frame.owner != Owner::unknown ||
                    end->frame.module != entered.module;
  return sure ? entered.function : std::string{};
}

model::Place place_at(const NamedFrame& named, PlaceKind kind) {
  const model::Frame& frame = named.frame;
  return {kind, frame.file, frame.span, frame.text, frame.function, {}};
}

const NamedFrame* first_of(const std::vector<NamedFrame>& frames, Owner owner) {
  const auto found = std::ranges::find(frames, owner, [](const auto& n) { return n.frame.owner; });
  return found == frames.end() ? nullptr : &*found;
}

std::optional<model::Place> user_place(const std::vector<NamedFrame>& frames) {
  const NamedFrame* user = first_of(frames, Owner::user);
  if (user == nullptr) return std::nullopt;
  return place_at(*user, user->end_of_scope ? PlaceKind::leaving : PlaceKind::call);
}

model::Place native_place(const std::vector<NamedFrame>& frames, bool complete) {
  if (auto place = user_place(frames)) return std::move(*place);
  const NamedFrame* unknown = first_of(frames, Owner::unknown);
  if (unknown != nullptr) {
    model::Place place;
    place.function = unknown->frame.function;
    return place;
  }
  const NamedFrame* library = first_of(frames, Owner::library);
  if (library == nullptr || !complete) return {};
  return place_at(*library, PlaceKind::library);
}

} // namespace

class Locator::Impl {
 public:
  std::shared_ptr<const Sighting> look(Pid pid, Tid tid, const Registers& registers,
                                       Memory& memory) {
    auto sighting = std::make_shared<Sighting>();
    Process& process = processes_.try_emplace(pid, pid, modules_).first->second;
    sighting->native = walk_native(registers, memory, process.image, reader_);
    find_interpreter(pid, process, memory);
    if (process.interpreter) {
      sighting->interpreter = process.interpreter;
      sighting->python = process.interpreter->look(tid, registers, memory);
    }
    return sighting;
  }

  Located resolve(const Sighting& sighting) {
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
    located.place =
        nearer ? std::move(*nearer) : sighting.interpreter->place(sighting.python, python);
    located.place.libc = libc_function(native);
    located.stack.complete = sighting.python.complete;
    append(std::move(native), located.stack);
    std::ranges::move(python, std::back_inserter(located.stack.frames));
    return located;
  }

  std::optional<Runtime> runtime(Pid pid) const {
    const auto found = processes_.find(pid);
    if (found == processes_.end() || !found->second.interpreter) return std::nullopt;
    return Runtime{"CPython", found->second.interpreter->version()};
  }

  void forget(Pid pid) { processes_.erase(pid); }

 private:
  std::vector<NamedFrame> name_native(const Sighting& sighting) {
    std::vector<NamedFrame> named;
    for (const NativeFrame& frame : sighting.native.frames) {
      const bool interpreter = sighting.interpreter && frame.module &&
                               sighting.interpreter->owns_module(frame.module->path());
      const std::string callee =
          named.empty() ? std::string{} : short_name(named.back().frame.function);
      std::ranges::copy(names_.name(frame, callee, interpreter), std::back_inserter(named));
    }
    // It is this function that entered the kernel; in a static program it lies next to the user's.
    if (!named.empty() && named.front().static_libc) {
      named.front().frame.owner = Owner::libc;
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
  // Of resolve.
  NativeNames names_;
};

Locator::Locator() : impl_(std::make_unique<Impl>()) {}
Locator::~Locator() = default;

std::shared_ptr<const Sighting> Locator::look(Pid pid, Tid tid, const Registers& registers,
                                              Memory& memory) {
  return impl_->look(pid, tid, registers, memory);
}
Located Locator::resolve(const Sighting& sighting) { return impl_->resolve(sighting); }
std::optional<Runtime> Locator::runtime(Pid pid) const { return impl_->runtime(pid); }
void Locator::on_exec(Pid pid) { impl_->forget(pid); }
void Locator::on_gone(Pid pid) { impl_->forget(pid); }

} // namespace socktale::locate
