#include "reports/doings.hpp"

#include "reports/facts.hpp"

#include <algorithm>
#include <array>

namespace socktale::reports {
namespace {

using tables::Effect;

bool is_about(const SocketStory& socket, const model::Call& call, std::string_view argument_name) {
  const model::Field* field = argument(call, argument_name);
  const auto number = field ? number_of(field->shown()) : std::nullopt;
  return number && std::ranges::binary_search(socket.descriptors,
                                              Descriptor{call.pid, static_cast<int>(*number)});
}

bool is_option(const model::Call& call, std::string_view option) {
  const model::Field* name = argument(call, "optname");
  const auto* symbol = name ? name->shown().get<model::Symbol>() : nullptr;
  return symbol && symbol->name == option;
}

void note_option(Doings& about, const model::Call& call) {
  const model::Field* value = call.name == "setsockopt" ? argument(call, "optval") : nullptr;
  if (!value || !succeeded(call)) return;
  if (is_option(call, "SO_OOBINLINE")) about.urgent_inline = number_of(value->shown()) != 0;
  if (!is_option(call, "SO_LINGER")) return;
  const model::Field* on = member(value->shown(), "l_onoff");
  const model::Field* seconds = member(value->shown(), "l_linger");
  about.aborts =
      on && seconds && number_of(on->shown()).value_or(0) != 0 && number_of(seconds->shown()) == 0;
}

bool is_reset(const model::Call& call) {
  return call.outcome &&
         (call.outcome->error_name == "ECONNRESET" || call.outcome->error_name == "EPIPE");
}

class Writer {
 public:
  explicit Writer(const Story& story) : story_(story) {}

  Chronicle run() {
    for (const Step& step : story_.steps)
      chronicle_.calls.insert(chronicle_.calls.end(), step.calls.begin(), step.calls.end());
    std::ranges::sort(chronicle_.calls, {},
                      [](const model::Call* call) { return std::pair(left_of(*call), call->id); });
    chronicle_.of.reserve(story_.sockets.size());
    for (const auto& [id, socket] : story_.sockets) {
      Doings& doings = chronicle_.of[id];
      doings.socket = &socket;
      for (const model::Event* event : socket.history)
        if (!std::get<model::Socket>(event->body).gone_by.empty() && !doings.gone_at)
          doings.gone_at = event->at;
    }
    for (const model::Call* call : chronicle_.calls) write(*call);
    return std::move(chronicle_);
  }

 private:
  Doings* doings(model::SocketId id) {
    const auto found = chronicle_.of.find(id);
    return found != chronicle_.of.end() ? &found->second : nullptr;
  }

  void write(const model::Call& call) {
    const auto effect = effect_of(call);
    if (!effect) return;
    for (const model::SocketId id : call.touched)
      if (Doings* touched = doings(id)) write_touched(*touched, call, *effect);
    if (Doings* about = call.socket ? doings(*call.socket) : nullptr)
      write_about(*about, call, *effect);
  }

  static void write_touched(Doings& touched, const model::Call& call, Effect effect) {
    if (is_wait(call)) touched.polls.push_back(&call);
    if (!succeeded(call)) return;
    if (effect == Effect::accepts || effect == Effect::creates_pair) touched.made.push_back(&call);
    if (effect == Effect::closes_range || effect == Effect::duplicates)
      touched.closes.push_back(&call);
  }

  static void write_about(Doings& about, const model::Call& call, Effect effect) {
    using enum Effect;
    const bool done = succeeded(call);
    if (is_reset(call)) about.resets.push_back(&call);
    switch (effect) {
    case creates:
    case creates_pair:
      if (done) about.made.push_back(&call);
      return;
    case binds:
      if (done) about.binds.push_back(&call);
      return;
    case listens:
      if (done) about.listens.push_back(&call);
      return;
    case connects: about.connects.push_back(&call); return;
    case accepts: about.accepts.push_back(&call); return;
    case options: note_option(about, call); return;
    case shuts_down:
      if (done) about.shutdowns.push_back(&call);
      return;
    case closes:
    case closes_range:
    case duplicates: about.closes.push_back(&call); return;
    case waits_poll:
    case waits_select:
    case waits_epoll: about.polls.push_back(&call); return;
    case sends:
    case receives:
    case moves: write_carrier(about, call); return;
    default: return;
    }
  }

  static void write_carrier(Doings& about, const model::Call& call) {
    const bool in = way_of(call, *about.socket) == Direction::in;
    if (in && (has_flag(call, "MSG_PEEK") || has_flag(call, "MSG_ERRQUEUE") ||
               (call.outcome && call.outcome->error != 0))) {
      about.looks.push_back(&call);
      return;
    }
    if (call.outcome && call.outcome->error != 0) return;
    (in ? about.ins : about.outs).push_back(&call);
  }

  const Story& story_;
  Chronicle chronicle_;
};

} // namespace

const Doings* Chronicle::find(std::optional<model::SocketId> id) const {
  const auto found = id ? of.find(*id) : of.end();
  return found != of.end() ? &found->second : nullptr;
}

Chronicle chronicle_of(const Story& story) { return Writer(story).run(); }

std::int64_t between(Instant from, Instant to) {
  std::int64_t out = 0;
  if (!__builtin_sub_overflow(to.ns, from.ns, &out)) return out;
  return to < from ? INT64_MIN : INT64_MAX;
}

bool has_flag(const model::Call& call, std::string_view flag) {
  const model::Field* field = argument(call, "flags");
  const auto* set = field ? field->shown().get<model::Flags>() : nullptr;
  return set && std::ranges::find(set->names, flag) != set->names.end();
}

// The descriptor that is this socket decides. Where the program has used both numbers for it, what
// was meant at the time is not knowable, and the socket is taken for the one that is written to.
Direction way_of(const model::Call& call, const SocketStory& socket) {
  const Direction told = direction_of(call);
  if (told != Direction::neither) return told;
  const bool file = call.name == "sendfile";
  const bool from = is_about(socket, call, file ? "in_fd" : "fd_in");
  const bool to = is_about(socket, call, file ? "out_fd" : "fd_out");
  return from && !to ? Direction::in : Direction::out;
}

} // namespace socktale::reports
