#include "reports/kernel_view.hpp"

#include "reports/facts.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

using model::Endpoint;
using model::Sample;
using model::SocketState;

// A TCP connection is one by its ends, whoever holds it or no longer does; other sockets by inode.
using Key = std::string;

std::string end_key(const std::optional<Endpoint>& end) {
  return end ? fmt::format("{}|{}|{}", end->host, end->port, end->path) : "";
}

Key key_of(const SocketState& state) {
  const bool connection = state.protocol == "IPPROTO_TCP" && state.peer;
  if (connection) return fmt::format("{} {}", end_key(state.local), end_key(state.peer));
  return fmt::format("{} {} {}", state.family, state.protocol, state.inode);
}

// Listening sockets, then their ends of connections, then all others: the same on every run.
void sort_rows(std::vector<ViewRow>& rows) {
  std::set<std::uint16_t> listened;
  for (const ViewRow& row : rows)
    if (row.state->state == "LISTEN" && row.state->local) listened.insert(row.state->local->port);
  std::array<std::vector<ViewRow>, 3> groups;
  for (const ViewRow& row : rows) {
    const bool theirs = row.state->local && listened.contains(row.state->local->port);
    groups.at(row.state->state == "LISTEN" ? 0 : theirs ? 1 : 2).push_back(row);
  }
  rows.clear();
  for (const auto& group : groups) rows.insert(rows.end(), group.begin(), group.end());
}

// Everything that was sampled by a moment, brought together sample by sample.
class Known {
 public:
  void add(const Sample& sample) {
    at_ = sample.taken;
    for (const SocketState& state : sample.sockets) {
      const auto [at, fresh] = index_.try_emplace(key_of(state), rows_.size());
      if (fresh) rows_.emplace_back();
      rows_[at->second] = {&state, &sample};
    }
  }
  [[nodiscard]] KernelView view() const {
    KernelView view;
    view.at = at_;
    std::ranges::copy_if(rows_, std::back_inserter(view.rows),
                         [](const ViewRow& row) { return !row.state->state.empty(); });
    sort_rows(view.rows);
    return view;
  }

 private:
  Instant at_;
  std::vector<ViewRow> rows_;
  std::map<Key, std::size_t> index_;
};

bool is_stream(const Story& story, const model::Call& call) {
  const auto socket = call.socket ? story.sockets.find(*call.socket) : story.sockets.end();
  return socket != story.sockets.end() && socket->second.last->type == "SOCK_STREAM" &&
         socket->second.last->family.starts_with("AF_INET");
}

// The step whose call was the first to return with bytes, over TCP if there was any.
std::optional<Index> first_received(const Story& story) {
  std::optional<Index> found;
  std::pair<bool, std::int64_t> best{true, std::numeric_limits<std::int64_t>::max()};
  for (Index i = 0; i < story.steps.size(); ++i) {
    const model::Call& call = story.steps[i].main();
    if (direction_of(call) != Direction::in || bytes_moved(call) == 0) continue;
    const std::pair rank{!is_stream(story, call), call.outcome->left.ns};
    if (rank >= best) continue;
    best = rank;
    found = i;
  }
  return found;
}

// A member of a state that can change, as text.
struct Member {
  std::string_view what;
  std::string (*text)(const SocketState&);
};
const std::array members = {
    Member{"socket",
           [](const SocketState& s) { return s.socket ? fmt::to_string(s.socket->value) : ""; }},
    Member{"state", [](const SocketState& s) { return s.state; }},
    Member{"local", [](const SocketState& s) { return s.local ? endpoint_text(*s.local) : ""; }},
    Member{"peer", [](const SocketState& s) { return s.peer ? endpoint_text(*s.peer) : ""; }},
    Member{"recv_queue", [](const SocketState& s) { return fmt::to_string(s.recv_queue); }},
    Member{"send_queue", [](const SocketState& s) { return fmt::to_string(s.send_queue); }},
    Member{"timer", [](const SocketState& s) { return s.timer; }},
    Member{"retransmits", [](const SocketState& s) { return fmt::to_string(s.retransmits); }},
    Member{"peer_inode", [](const SocketState& s) { return fmt::to_string(s.peer_inode); }},
};

} // namespace

KernelView kernel_view_at(const model::Trace& trace, Instant moment) {
  Known known;
  for (const model::Event& event : trace.events)
    if (const auto* sample = std::get_if<Sample>(&event.body); sample && sample->taken <= moment)
      known.add(*sample);
  return known.view();
}

KernelView kernel_view_after(const model::Trace& trace, const model::Call& call) {
  Instant moment = call.outcome ? call.outcome->left : call.entered;
  for (const model::Event& event : trace.events)
    if (const auto* sample = std::get_if<Sample>(&event.body);
        sample && sample->call == call.id && !sample->at_entry)
      moment = sample->taken; // a moment after the call had returned, before its task went on
  return kernel_view_at(trace, moment);
}

std::optional<DocumentCheck> document_check(const Story& story) {
  const auto step = first_received(story);
  if (!step) return std::nullopt;
  const model::Call& call = story.steps[*step].main();
  DocumentCheck check{*step, false, kernel_view_after(*story.trace, call)};
  check.exact = check.view.at >= call.outcome->left;
  return check.view.rows.empty() ? std::nullopt : std::optional(std::move(check));
}

std::vector<SampleStory> tell_samples(const model::Trace& trace) {
  std::vector<SampleStory> out;
  std::map<Key, const SocketState*> last;
  for (const model::Event& event : trace.events) {
    const auto* sample = std::get_if<Sample>(&event.body);
    if (!sample) continue;
    SampleStory& told = out.emplace_back();
    told.sample = sample;
    for (const SocketState& state : sample->sockets) {
      const SocketState*& before = last[key_of(state)];
      SampledSocket& socket = told.sockets.emplace_back();
      socket.is = &state;
      socket.was = before;
      if (before)
        for (const Member& member : members)
          if (auto was = member.text(*before), is = member.text(state); was != is)
            socket.changes.push_back({member.what, std::move(was), std::move(is)});
      before = &state;
    }
  }
  return out;
}

} // namespace socktale::reports
