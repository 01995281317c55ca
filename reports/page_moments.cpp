#include "reports/page_calls.hpp"

#include <algorithm>
#include <unordered_map>

#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

struct Moment {
  Instant at;
  char kind;
  Index side;
  std::int64_t call;
  PageJson says;
};

class Moments {
 public:
  Moments(const Story& story, const PageIndex& index, PagePhrases& phrases)
      : story_(story), index_(index), phrases_(phrases) {}

  std::vector<PageJson> run() {
    for (const PageCall& each : index_.calls()) {
      const model::Call& call = *each.call;
      const Index side = story_.steps[each.step].side;
      moments_.push_back({call.entered, 'e', side, index_.of(&call), nullptr});
      if (call.outcome)
        moments_.push_back({call.outcome->left, 'r', side, index_.of(&call), nullptr});
      if (index_.calls_left_out() > 0) until_ = std::max(until_, call.entered);
    }
    for (const model::Event& event : story_.trace->events)
      if (index_.calls_left_out() == 0 || event.at <= until_)
        std::visit([&](const auto& body) { on(event.at, body); }, event.body);
    std::ranges::stable_sort(moments_, {}, &Moment::at);
    std::vector<PageJson> out;
    out.reserve(moments_.size());
    for (Moment& each : moments_)
      out.push_back({{"at", each.at.ns},
                     {"kind", std::string(1, each.kind)},
                     {"side", each.side},
                     {"call", each.call},
                     {"says", std::move(each.says)}});
    return out;
  }

 private:
  // Processes of one number follow each other, so the next unborn one of that number is meant.
  void on(Instant at, const model::TaskBorn& born) {
    if (born.pid.value != born.tid.value) return;
    std::size_t& from = next_[born.pid];
    while (from < story_.processes.size() && story_.processes[from].pid != born.pid) ++from;
    if (from == story_.processes.size()) return;
    alive_[born.pid] = from++;
    if (shown(born.pid))
      add(at, 'b', born.pid, {tr("Process {pid} begins."), {{"pid", born.pid.value}}});
  }
  void on(Instant at, const model::TaskExec& exec) {
    if (shown(exec.pid))
      add(at, 'x', exec.pid,
          {tr("Process {pid} runs {program} from here on."),
           {{"pid", exec.pid.value}, {"program", exec.exe}}});
  }
  void on(Instant at, const model::TaskGone& gone) {
    if (!gone.last || !shown(gone.pid)) return;
    if (gone.signal)
      add(at, 'g', gone.pid,
          {tr("Process {pid} was killed by signal {signal}."),
           {{"pid", gone.pid.value}, {"signal", *gone.signal}}});
    else if (gone.status)
      add(at, 'g', gone.pid,
          {tr("Process {pid} ended with exit status {status}."),
           {{"pid", gone.pid.value}, {"status", *gone.status}}});
    else
      add(at, 'g', gone.pid, {tr("Process {pid} ended."), {{"pid", gone.pid.value}}});
  }
  void on(Instant at, const model::Signal& signal) {
    if (shown(signal.pid))
      add(at, 's', signal.pid,
          {tr("Process {pid} got {signal}."),
           {{"pid", signal.pid.value}, {"signal", signal.name}}});
  }
  void on(Instant, const auto&) {}

  // Whether it is of the story: its side's first process, or one that made a call that is shown.
  bool shown(Pid pid) const {
    const auto process = alive_.find(pid);
    if (process == alive_.end()) return false;
    const Process& each = story_.processes[process->second];
    return each.shown_calls > 0 || story_.sides[each.side].process == process->second;
  }
  void add(Instant at, char kind, Pid pid, const Said& says) {
    moments_.push_back(
        {at, kind, story_.processes[alive_.at(pid)].side, page_none, phrases_.of(says)});
  }

  const Story& story_;
  const PageIndex& index_;
  PagePhrases& phrases_;
  Instant until_{0}; // the last entry that the page holds, where it does not hold all
  std::vector<Moment> moments_;
  std::unordered_map<Pid, std::size_t> next_;
  std::unordered_map<Pid, Index> alive_;
};

} // namespace

std::vector<PageJson> page_moments(const Story& story, const PageIndex& index,
                                   PagePhrases& phrases) {
  return Moments(story, index, phrases).run();
}

} // namespace socktale::reports
