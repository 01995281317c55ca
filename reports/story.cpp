#include "reports/story.hpp"

#include "reports/connections.hpp"
#include "reports/processes.hpp"
#include "reports/sockets.hpp"
#include "reports/states.hpp"
#include "reports/steps.hpp"
#include "reports/transfers.hpp"
#include "reports/waits.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

Step new_step(const Story& story, const OwnedCall& owned) {
  Step step;
  step.process = owned.process;
  step.side = story.processes[owned.process].side;
  step.api = api_of(owned.call->place);
  return step;
}

void group(Story& story, const std::vector<OwnedCall>& calls, const StoryOptions& options) {
  StepGrouper grouper;
  for (const model::Event& event : story.trace->events)
    if (const auto* stack = std::get_if<model::Stack>(&event.body)) grouper.learn(*stack);
  std::vector<bool> has_main;
  std::set<Index> launched;
  for (const OwnedCall& owned : calls) {
    Process& process = story.processes[owned.process];
    Side& side = story.sides[process.side];
    if (!options.unfold_launchers && by_launcher(story, owned)) {
      ++side.folded.calls;
      if (launched.insert(owned.process).second) ++side.folded.processes;
      continue;
    }
    ++side.calls;
    if (process.shown_calls++ == 0) ++side.processes;
    const auto placed = grouper.add(*owned.call, process.images[owned.image].interpreted);
    if (placed.opened) {
      story.steps.push_back(new_step(story, owned));
      has_main.push_back(false);
    }
    Step& step = story.steps[placed.step];
    step.calls.push_back(owned.call);
    // Of a call that had to be made again the last one tells; sendall is told by its first part.
    const ApiRow* row = api_row(step.api);
    const bool first_tells = row == nullptr || row->repeat == Repeat::until_all_sent;
    if (!placed.main || (first_tells && has_main[placed.step])) continue;
    step.main_call = step.calls.size() - 1;
    has_main[placed.step] = true;
  }
}

void number_steps(Story& story) {
  for (Index i = 0; i < story.steps.size(); ++i) {
    Side& side = story.sides[story.steps[i].side];
    side.steps.push_back(i);
    story.steps[i].number = side.steps.size();
  }
}

std::string_view tail(std::string_view path, std::size_t parts) {
  std::size_t at = path.size();
  while (parts-- > 0 && at != std::string_view::npos && at > 0) at = path.rfind('/', at - 1);
  return at == std::string_view::npos || at == 0 ? path : path.substr(at + 1);
}

// The file's name alone, or with as many folders before it as tell it from others of that name.
void label_files(Story& story) {
  constexpr std::size_t most_parts = 8;
  for (const Step& step : story.steps)
    if (!step.place().file.empty()) story.file_labels.try_emplace(step.place().file);
  for (const model::SourceFile* source : story.sources) story.file_labels.try_emplace(source->file);
  for (std::size_t parts = 1; parts <= most_parts; ++parts) {
    std::map<std::string_view, int> seen;
    for (const auto& [file, label] : story.file_labels)
      if (label.empty()) ++seen[tail(file, parts)];
    for (auto& [file, label] : story.file_labels)
      if (label.empty() && (seen[tail(file, parts)] == 1 || parts == most_parts))
        label = tail(file, parts);
  }
}

// Each part stands on those before it.
void tell_talk(Story& story) {
  const Chronicle chronicle = chronicle_of(story);
  pair_streams(story, chronicle);
  match_streams(story, chronicle);
  match_datagrams(story, chronicle);
  tell_endings(story, chronicle);
  tell_waits(story, chronicle);
  tell_states(story, chronicle);
}

} // namespace

Story build_story(const model::Trace& trace, const StoryOptions& options) {
  Story story;
  story.trace = &trace;
  story.one_clock = options.one_clock;
  const std::vector<OwnedCall> calls = assign_calls(story);
  group(story, calls, options);
  number_steps(story);
  label_files(story);
  tell_sockets(story);
  tell_talk(story);
  return story;
}

bool is_user_code(const model::Place& place) {
  return (place.kind == model::PlaceKind::call || place.kind == model::PlaceKind::leaving) &&
         !place.file.empty();
}

std::string line_label(const Story& story, const model::Place& place) {
  return line_label(story, place.file, place.span.line);
}

std::string line_label(const Story& story, const std::string& file, std::int32_t line) {
  if (file.empty()) return "";
  const auto label = story.file_labels.find(file);
  const std::string_view name = label != story.file_labels.end() ? label->second : file;
  return line > 0 ? fmt::format("{}:{}", name, line) : std::string(name);
}

} // namespace socktale::reports
