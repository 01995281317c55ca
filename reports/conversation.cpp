#include "reports/conversation.hpp"

#include "reports/facts.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

using tables::Effect;

// How a call went, as far as it makes another step of it.
enum class Ending { any, ended, must_wait };

// What a kernel call is called in a row; the first row that fits. `weight`: such calls mark places
// in a conversation (bind is there once), others are found by their neighbours. Calls that are not
// `apart` go along with the one of the same API call.
struct ActRow {
  Effect effect;
  Ending ending;
  Phrase what;
  int weight;
  bool apart;
};
// clang-format off
constexpr std::array act_rows = {
    ActRow{Effect::creates,        Ending::any,       tr("make a socket"), 4, true},
    ActRow{Effect::creates_pair,   Ending::any,       tr("make a pair of sockets"), 4, true},
    ActRow{Effect::binds,          Ending::any,       tr("give it an address"), 5, true},
    ActRow{Effect::listens,        Ending::any,       tr("listen"), 5, true},
    ActRow{Effect::accepts,        Ending::must_wait, tr("accept: nobody is there yet"), 1, true},
    ActRow{Effect::accepts,        Ending::any,       tr("accept"), 5, true},
    ActRow{Effect::connects,       Ending::any,       tr("connect"), 5, true},
    ActRow{Effect::sends,          Ending::must_wait, tr("send: no room yet"), 1, true},
    ActRow{Effect::sends,          Ending::any,       tr("send"), 4, true},
    ActRow{Effect::receives,       Ending::must_wait, tr("receive: nothing is there yet"), 1, true},
    ActRow{Effect::receives,       Ending::ended,     tr("receive: the peer has closed"), 5, true},
    ActRow{Effect::receives,       Ending::any,       tr("receive"), 4, true},
    ActRow{Effect::moves,          Ending::any,       tr("move bytes between descriptors"), 3, true},
    ActRow{Effect::shuts_down,     Ending::any,       tr("shut down"), 4, true},
    ActRow{Effect::closes,         Ending::any,       tr("close"), 5, true},
    ActRow{Effect::closes_range,   Ending::any,       tr("close a range"), 3, true},
    ActRow{Effect::waits_poll,     Ending::any,       tr("wait"), 1, false},
    ActRow{Effect::waits_select,   Ending::any,       tr("wait"), 1, false},
    ActRow{Effect::waits_epoll,    Ending::any,       tr("wait"), 1, false},
    ActRow{Effect::controls_epoll, Ending::any,       tr("tell epoll what to wait for"), 1, true},
    ActRow{Effect::names,          Ending::any,       tr("ask for an address"), 1, false},
    ActRow{Effect::options,        Ending::any,       tr("option"), 2, false},
    ActRow{Effect::duplicates,     Ending::any,       tr("duplicate a descriptor"), 2, false},
    ActRow{Effect::controls_fd,    Ending::any,       tr("control a descriptor"), 1, false},
    ActRow{Effect::controls_io,    Ending::any,       tr("control a descriptor"), 1, false},
};
// clang-format on
constexpr ActRow other_act = {Effect::names, Ending::any, tr("another call"), 1, false};

Ending ending_of(const model::Call& call) {
  if (!call.outcome) return Ending::any;
  if (call.outcome->error == EAGAIN || restarts(call)) return Ending::must_wait;
  const model::Field* asked = argument(call, "len");
  if (asked == nullptr) asked = argument(call, "count");
  const bool for_nothing = asked != nullptr && number_of(asked->shown()) == 0;
  return succeeded(call) && call.outcome->result == 0 && !for_nothing ? Ending::ended : Ending::any;
}

const ActRow& act_row(const model::Call& call) {
  const auto effect = effect_of(call);
  const Ending ending = ending_of(call);
  const auto* row = std::ranges::find_if(act_rows, [&](const ActRow& each) {
    return effect == each.effect && (each.ending == Ending::any || each.ending == ending);
  });
  return row != act_rows.end() ? *row : other_act;
}

bool sets_option(const model::Call& call) { return call.name == "setsockopt"; }
bool stands_apart(const model::Call& call) { return act_row(call).apart || sets_option(call); }
// What other calls of the same API call can go along with.
bool leads(const model::Call& call) { return act_row(call).apart && act_row(call).weight > 1; }

std::string option_name(const model::Call& call) {
  const model::Field* option = argument(call, "optname");
  const auto* known = option ? option->shown().get<model::Symbol>() : nullptr;
  if (known == nullptr) return "?";
  return known->name.empty() ? fmt::to_string(known->number) : known->name.text();
}

// Which of the conversation's sockets is closed.
Phrase closed_socket(const Story& story, const model::Call& call) {
  const auto socket = call.socket ? story.sockets.find(*call.socket) : story.sockets.end();
  if (socket == story.sockets.end()) return tr("close a socket");
  const std::string& role = socket->second.last->role;
  if (role == "listening") return tr("close the listening socket");
  return role == "connected" ? tr("close the connection") : tr("close a socket");
}

Said what_of(const Story& story, const model::Call& call) {
  const ActRow& row = act_row(call);
  if (row.effect == Effect::closes) return closed_socket(story, call);
  if (row.effect == Effect::options)
    return {sets_option(call) ? tr("set {option}") : tr("ask for {option}"),
            {{"option", option_name(call)}}};
  return row.what;
}

// A step cut into acts. Calls before the first that can lead go along with it.
std::vector<Cell> cut(const Step& step) {
  std::vector<Cell> out;
  std::optional<std::size_t> leader;
  std::vector<const model::Call*> waiting;
  for (std::size_t i = 0; i < step.calls.size(); ++i) {
    const model::Call* call = step.calls[i];
    if (!stands_apart(*call)) {
      (leader ? out[*leader].calls : waiting).push_back(call);
      continue;
    }
    Cell cell{&step, {call}, 0, step.hides(i), 1};
    if (leads(*call)) {
      cell.calls = std::exchange(waiting, {});
      cell.main_call = cell.calls.size();
      cell.calls.push_back(call);
      leader = out.size();
    }
    out.push_back(std::move(cell));
  }
  if (waiting.empty()) return out;
  const auto main = std::ranges::find(waiting, &step.main());
  const bool hidden = main == waiting.end();
  const auto at = hidden ? std::size_t{0} : static_cast<std::size_t>(main - waiting.begin());
  out.push_back({&step, std::move(waiting), at, hidden, 1});
  return out;
}

void mix(std::size_t& key, std::size_t more) { key = key * 0x100000001b3U + more; }
void mix(std::size_t& key, const std::string& text) { mix(key, std::hash<std::string>{}(text)); }

std::size_t key_of(const Story& story, const Act& act) {
  std::size_t key = 0;
  const model::Place& place = act.cell.main().place;
  mix(key, line_label(story, place));
  mix(key, place.text);
  for (std::size_t i = 0; i < act.cell.calls.size(); ++i) {
    mix(key, act.cell.calls[i]->name);
    for (const auto& [name, text] : act.named[i].args) {
      mix(key, name);
      mix(key, text.hash);
    }
    mix(key, act.named[i].result.hash);
  }
  return key;
}

// The steps of a side in an order that two runs have in common: of runs each thread by itself,
// since threads take turns as they like.
std::vector<Index> ordered_steps(const Story& story, const Side& side, View view) {
  std::vector<Index> steps = side.steps;
  if (view == View::languages) return steps;
  std::map<std::pair<Index, Tid>, std::size_t> threads;
  std::vector<std::tuple<Index, std::size_t, Index>> keys;
  for (const Index step : steps) {
    const Step& each = story.steps[step];
    const auto thread =
        threads.try_emplace({each.process, each.main().tid}, threads.size()).first->second;
    keys.emplace_back(each.process, thread, step);
  }
  std::ranges::sort(keys);
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = std::get<2>(keys[i]);
  return steps;
}

// How often the `period` acts at `at` come one after the other.
std::size_t repeats(const std::vector<Act>& acts, std::size_t at, std::size_t period) {
  std::size_t end = at + period;
  while (end < acts.size() && acts[end].what == acts[end - period].what) ++end;
  return (end - at) / period;
}

// A loop's first turn stands for all of them.
std::vector<Act> without_loops(std::vector<Act> acts) {
  constexpr std::size_t longest = 6;
  constexpr std::size_t fewest = 3;
  std::vector<Act> out;
  for (std::size_t at = 0; at < acts.size();) {
    std::size_t period = 1;
    std::size_t times = 1;
    for (std::size_t tried = 1; tried <= longest && at + tried <= acts.size(); ++tried) {
      const std::size_t found = repeats(acts, at, tried);
      if (found < fewest || found * tried <= times * period) continue;
      period = tried;
      times = found;
    }
    for (std::size_t i = 0; i < period; ++i) {
      acts[at + i].cell.times = times;
      out.push_back(std::move(acts[at + i]));
    }
    at += period * times;
  }
  return out;
}

} // namespace

bool waits_by_chance(const model::Call& call) { return call.place.event_loop && is_wait(call); }

std::vector<Act> acts_of(const Story& story, const Side& side, View view, Renaming& renaming) {
  std::vector<Act> out;
  for (const Index step : ordered_steps(story, side, view)) {
    for (Cell& cell : cut(story.steps[step])) {
      if (view == View::runs && waits_by_chance(cell.main())) continue;
      Act act;
      act.cell = std::move(cell);
      act.what = what_of(story, act.cell.main());
      act.weight = act_row(act.cell.main()).weight;
      for (const model::Call* call : act.cell.calls) act.named.push_back(renaming.rename(*call));
      act.key = key_of(story, act);
      out.push_back(std::move(act));
    }
  }
  return view == View::languages ? without_loops(std::move(out)) : out;
}

} // namespace socktale::reports
