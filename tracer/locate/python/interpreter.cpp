#include "tracer/locate/python/interpreter.hpp"

#include "tracer/locate/python/code.hpp"
#include "tracer/locate/python/expression.hpp"
#include "tracer/locate/python/frames.hpp"
#include "tracer/locate/python/namer.hpp"
#include "tracer/locate/python/owner.hpp"
#include "tracer/locate/python/place.hpp"
#include "tracer/locate/python/process.hpp"
#include "tracer/locate/python/runtime.hpp"
#include "tracer/locate/python/threads.hpp"

#include <unordered_map>
#include <utility>

namespace socktale::locate::python {

class Interpreter::Impl {
 public:
  Impl(Process process, Runtime runtime, const std::vector<Mapping>& mappings)
      : process_(std::move(process)),
        runtime_(std::move(runtime)),
        owners_(runtime_.file, runtime_.version, mappings),
        namer_(process_, runtime_.version, owners_),
        threads_(runtime_.offsets, runtime_.state),
        codes_(runtime_.offsets, runtime_.code_type,
               [this](const std::string& file) { return owners_.is_library_by_name(file); }) {}

  Sighting look(Tid tid, const Registers& registers, Memory& memory) {
    if (memos_.size() >= most_threads && !memos_.contains(tid)) memos_.clear();
    ThreadMemo& memo = memos_[tid];
    memo.ahead.begin(memory);
    codes_.begin();
    Sighting sighting;
    if (const auto thread = threads_.find(tid, registers, memo, memory)) {
      if (thread->frame) walk(*thread, memo, memory, sighting);
      if (thread->finalizing) sighting.state = Sighting::State::finalizing;
    }
    memo.ahead.end();
    return sighting;
  }

  [[nodiscard]] const Runtime& runtime() const { return runtime_; }
  [[nodiscard]] const Owners& owners() const { return owners_; }
  [[nodiscard]] Namer& namer() { return namer_; }

 private:
  static constexpr std::size_t most_threads = 1024; // remembered

  void walk(const ThreadFound& thread, ThreadMemo& memo, Memory& memory, Sighting& sighting) {
    Walk walk = walk_frames(runtime_.offsets, thread.frame, codes_, memo.ahead, memory);
    sighting.frames = std::move(walk.frames);
    sighting.complete = walk.complete;
    if (!sighting.frames.empty())
      sighting.state = Sighting::State::running;
    else if (!sighting.complete)
      sighting.state = Sighting::State::unreadable;
  }

  const Process process_;
  const Runtime runtime_;
  Owners owners_;
  Namer namer_;
  const ThreadFinder threads_;
  CodeCache codes_;
  std::unordered_map<Tid, ThreadMemo> memos_;
};

Interpreter::Interpreter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Interpreter::~Interpreter() = default;

std::unique_ptr<Interpreter> Interpreter::find(Pid pid, const std::vector<Mapping>& mappings,
                                               Memory& memory) {
  Process process(pid);
  auto runtime = find_runtime(process, mappings, memory);
  if (!runtime) return nullptr;
  auto impl = std::make_unique<Impl>(std::move(process), std::move(*runtime), mappings);
  return std::unique_ptr<Interpreter>(new Interpreter(std::move(impl)));
}

std::string Interpreter::version() const { return impl_->runtime().version.text(); }

Sighting Interpreter::look(Tid tid, const Registers& registers, Memory& memory) {
  return impl_->look(tid, registers, memory);
}

std::vector<model::Frame> Interpreter::name(const Sighting& sighting) {
  return impl_->namer().frames_of(sighting);
}

model::Place Interpreter::place(const Sighting& sighting,
                                const std::vector<model::Frame>& frames) const {
  return place_of(sighting, frames);
}

bool Interpreter::owns_module(std::string_view path) const {
  return path == impl_->runtime().file || impl_->owners().is_own_extension(path);
}

} // namespace socktale::locate::python
