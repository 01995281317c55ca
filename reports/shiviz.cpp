#include "reports/shiviz.hpp"

#include "reports/call_list.hpp"
#include "reports/call_origin.hpp"
#include "reports/in_order.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// A clock names every thread that it knows of, so that many threads make a log that grows with
// their square; nobody could look at so many columns either.
constexpr std::size_t most_hosts = 100;

using Clock = std::map<Index, std::uint64_t>; // host -> its events so far

void merge(Clock& into, const Clock& other) {
  for (const auto& [host, count] : other) {
    std::uint64_t& mine = into[host];
    mine = std::max(mine, count);
  }
}

// A name without a blank, of signs that mean nothing to JSON or to an expression.
std::string host_name(std::string_view role) {
  constexpr std::size_t most = 40;
  std::string out;
  for (const char c : role.substr(0, most))
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-'
               ? c
               : '_';
  return out.empty() ? "_" : out;
}

class Log {
 public:
  Log(const Story& story, const Options& options)
      : story_(story), options_(options), origins_(story, options) {
    find_causes();
    find_hosts();
  }

  std::string run() {
    std::vector<ListedCall> calls = list_calls(story_);
    put_in_order(calls, [this](const ListedCall& each) { return moment_of(*each.call); });
    for (const ListedCall& each : calls) tell(*each.call, story_.steps[each.step]);
    return std::move(out_);
  }

 private:
  // What gave is at its entry, what took is at its return: a cause comes before what it led to.
  [[nodiscard]] Instant moment_of(const model::Call& call) const {
    return gives_.contains(&call) || !call.outcome ? call.entered : call.outcome->left;
  }

  void cause(const model::Call* from, const model::Call* to) {
    if (!from || !to || from == to) return;
    std::vector<const model::Call*>& known = causes_[to];
    if (known.empty() || known.back() != from) known.push_back(from);
    gives_.insert(from);
  }

  void find_causes() {
    for (const Connection& connection : story_.connections)
      cause(connection.connect, connection.accept);
    for (const Transfer& transfer : story_.transfers)
      if (!transfer.contradicted) cause(transfer.send, transfer.recv);
  }

  // One a thread. A name is a role; of a role with several threads also the process, and of a
  // process with several the thread.
  void find_hosts() {
    std::map<std::string, std::set<Pid>> processes;
    std::map<Pid, std::set<Tid>> threads;
    for (const Step& step : story_.steps)
      for (const model::Call* call : step.calls) {
        processes[host_name(story_.sides[step.side].role)].insert(call->pid);
        threads[call->pid].insert(call->tid);
      }
    std::set<std::string> taken;
    for (const Step& step : story_.steps)
      for (const model::Call* call : step.calls) {
        const auto [host, fresh] =
            hosts_.try_emplace({step.side, call->pid, call->tid}, names_.size());
        if (!fresh) continue;
        std::string name = host_name(story_.sides[step.side].role);
        if (processes[name].size() > 1) name += fmt::format("-{}", call->pid.value);
        if (threads[call->pid].size() > 1) name += fmt::format("-{}", call->tid.value);
        while (!taken.insert(name).second) name += fmt::format("_{}", names_.size());
        names_.push_back(name);
      }
    clocks_.resize(names_.size());
  }

  void tell(const model::Call& call, const Step& step) {
    const Index host = hosts_.at({step.side, call.pid, call.tid});
    if (host >= most_hosts) return;
    Clock& clock = clocks_[host];
    if (const auto found = causes_.find(&call); found != causes_.end())
      for (const model::Call* from : found->second)
        if (const auto sent = sent_.find(from); sent != sent_.end()) merge(clock, sent->second);
    ++clock[host];
    if (gives_.contains(&call)) sent_[&call] = clock;
    out_ += names_[host] + " {";
    bool first = true;
    for (const auto& [known, count] : clock) {
      out_ += fmt::format("{}\"{}\":{}", first ? "" : ",", names_[known], count);
      first = false;
    }
    out_ += "}\n" + origins_.short_of(call);
    if (names_.size() > most_hosts && !said_left_out_) out_ += " " + left_out();
    said_left_out_ = true;
    out_ += '\n';
  }

  [[nodiscard]] std::string left_out() const {
    return printable(say(options_.language, {tr("({count} further thread is left out)",
                                                "({count} further threads are left out)", "count"),
                                             {{"count", names_.size() - most_hosts}}}));
  }

  const Story& story_;
  const Options& options_;
  CallOrigins origins_;
  std::unordered_map<const model::Call*, std::vector<const model::Call*>> causes_;
  std::unordered_set<const model::Call*> gives_;
  std::map<std::tuple<Index, Pid, Tid>, Index> hosts_;
  std::vector<std::string> names_;
  std::vector<Clock> clocks_;
  std::unordered_map<const model::Call*, Clock> sent_; // of what gave
  std::string out_;
  bool said_left_out_ = false;
};

} // namespace

std::string render_shiviz(const Story& story, const Options& options) {
  return Log(story, options).run();
}

} // namespace socktale::reports
