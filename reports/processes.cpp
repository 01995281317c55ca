#include "reports/processes.hpp"

#include "reports/in_order.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace socktale::reports {
namespace {

std::string base_name(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

class Assigner {
 public:
  explicit Assigner(Story& story) : story_(story) {
    for (const model::Program& program : story.trace->header.programs) {
      const std::string name = program.argv.empty() ? "" : base_name(program.argv[0]);
      Side& side = story_.sides[side_of(program.role.empty() ? name : program.role)];
      if (side.argv.empty()) side.argv = program.argv;
    }
  }

  std::vector<OwnedCall> run() {
    // What a process runs is told late, with the time at which it began: with its first call.
    std::vector<const model::Event*> events;
    for (const model::Event& event : story_.trace->events) events.push_back(&event);
    put_in_order(events, &model::Event::at);
    for (const model::Event* event : events)
      std::visit([this](const auto& body) { on(body); }, event->body);
    std::ranges::sort(calls_, {}, [](const OwnedCall& owned) { return owned.call->id; });
    mark_launchers();
    name_sides();
    return std::move(calls_);
  }

 private:
  void on(const model::TaskBorn& born) {
    if (born.pid.value != born.tid.value) return; // a further thread
    Process process;
    process.pid = born.pid;
    process.images.emplace_back();
    if (const auto parent = alive_.find(born.parent); parent != alive_.end()) {
      process.parent = parent->second;
      process.parent_image = story_.processes[parent->second].images.size() - 1;
      process.side = story_.processes[parent->second].side;
      process.images.back().interpreted =
          story_.processes[parent->second].images.back().interpreted;
    }
    if (!born.role.empty() || !process.parent) process.side = side_of(born.role);
    add(std::move(process));
  }

  void on(const model::TaskExec& exec) {
    std::vector<Image>& images = story_.processes[process_of(exec.pid)].images;
    images.back().replaced = true;
    images.push_back({.exec = &exec, .interpreted = !exec.runtime.empty()});
  }

  void on(const model::TaskGone& gone) {
    if (gone.last) story_.processes[process_of(gone.pid)].gone = &gone;
  }

  void on(const model::Call& call) {
    const Index process = process_of(call.pid);
    std::vector<Image>& images = story_.processes[process].images;
    if (is_user_code(call.place)) images.back().user_code = true;
    const OwnedCall owned{&call, process, images.size() - 1};
    const auto [known, fresh] = by_id_.try_emplace(call.id, calls_.size());
    if (fresh)
      calls_.push_back(owned);
    else
      calls_[known->second] = owned;
  }

  void on(const model::Note& note) { story_.notes.push_back(&note); }
  void on(const model::End& end) { story_.end = &end; }
  // Other events tell nothing about processes.
  template <class Other> void on(const Other&) {}
  void on(const model::SourceFile& source) { story_.sources.push_back(&source); }

  Index add(Process process) {
    const Index index = story_.processes.size();
    alive_.insert_or_assign(process.pid, index);
    story_.processes.push_back(std::move(process));
    return index;
  }

  // A trace may begin or be cut so that a process was never seen to be born.
  Index process_of(Pid pid) {
    if (const auto found = alive_.find(pid); found != alive_.end()) return found->second;
    Process process;
    process.pid = pid;
    process.side = side_of("");
    process.images.emplace_back();
    return add(std::move(process));
  }

  Index side_of(const std::string& role) {
    // Without a role there is one program; it is the first one of the header, if that has any.
    if (role.empty() && !story_.sides.empty()) return 0;
    const auto found = std::ranges::find(story_.sides, role, &Side::role);
    if (found != story_.sides.end()) return static_cast<Index>(found - story_.sides.begin());
    story_.sides.emplace_back().role = role.empty() ? "program" : role;
    return story_.sides.size() - 1;
  }

  // A program that is replaced in its own process, and of which no line of source is known, only
  // led to another one; and so did what its children did without a program or line of the user's.
  void mark_launchers() {
    for (Process& process : story_.processes) {
      const bool helper = process.parent &&
                          story_.processes[*process.parent].images[process.parent_image].launcher &&
                          std::ranges::none_of(process.images, &Image::user_code);
      for (Image& image : process.images)
        image.launcher = helper || (image.replaced && !image.user_code);
    }
  }

  void name_sides() {
    for (Index i = 0; i < story_.processes.size(); ++i) {
      const Process& process = story_.processes[i];
      Side& side = story_.sides[process.side];
      if (side.process) continue;
      side.process = i;
      side.runs = process.images.back().exec;
      side.gone = process.gone;
      if (side.argv.empty() && side.runs) side.argv = side.runs->argv;
    }
  }

  Story& story_;
  std::vector<OwnedCall> calls_;
  std::unordered_map<model::CallId, std::size_t> by_id_;
  std::unordered_map<Pid, Index> alive_; // the latest process of that number
};

} // namespace

std::vector<OwnedCall> assign_calls(Story& story) { return Assigner(story).run(); }

bool by_launcher(const Story& story, const OwnedCall& owned) {
  return story.processes[owned.process].images[owned.image].launcher;
}

} // namespace socktale::reports
