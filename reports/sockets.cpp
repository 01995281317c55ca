#include "reports/sockets.hpp"

#include "reports/facts.hpp"

#include <algorithm>
#include <string_view>

namespace socktale::reports {
namespace {

// The sockets that a successful call has made.
std::vector<model::SocketId> made_by(const model::Call& call) {
  if (!makes_socket(call) || !succeeded(call)) return {};
  std::vector<model::SocketId> made = call.touched;
  // accept(2) is about the listening socket, the others about what they make.
  if (call.socket && effect_of(call) != tables::Effect::accepts) made.push_back(*call.socket);
  return made;
}

class Teller {
 public:
  explicit Teller(Story& story) : story_(story) {}

  void run() {
    for (Index i = 0; i < story_.steps.size(); ++i)
      for (const model::Call* call : story_.steps[i].calls) follow(i, *call);
    for (const model::Event& event : story_.trace->events) {
      const auto* socket = std::get_if<model::Socket>(&event.body);
      const auto known = socket ? story_.sockets.find(socket->id) : story_.sockets.end();
      if (known == story_.sockets.end()) continue;
      known->second.last = socket;
      known->second.history.push_back(&event);
    }
    // Numbers that no socket event tells about cannot be told about here.
    std::erase_if(story_.sockets, [](const auto& entry) { return entry.second.last == nullptr; });
    for (auto& [id, socket] : story_.sockets) {
      std::ranges::sort(socket.descriptors);
      const auto twice = std::ranges::unique(socket.descriptors);
      socket.descriptors.erase(twice.begin(), twice.end());
      socket.closing = closing_of(socket);
    }
  }

 private:
  SocketStory& socket(model::SocketId id, Index step) {
    const auto [entry, fresh] = story_.sockets.try_emplace(id);
    if (fresh) entry->second.side = story_.steps[step].side;
    return entry->second;
  }

  void follow(Index step, const model::Call& call) {
    for (const model::SocketId id : made_by(call)) socket(id, step).made_in = step;
    for (const model::SocketId id : call.touched) socket(id, step);
    if (makes_socket(call) && succeeded(call)) note_results(step, call);
    if (!call.socket) return;
    SocketStory& about = socket(*call.socket, step);
    if (!makes_socket(call) || effect_of(call) == tables::Effect::accepts)
      note_descriptor(about, call);
    if (closes(call)) about.closed_in = step;
    if (effect_of(call) == tables::Effect::moves) return note_moved(about, call);
    const std::uint64_t moved = bytes_moved(call);
    (direction_of(call) == Direction::in ? about.bytes_in : about.bytes_out) += moved;
  }

  static bool closes(const model::Call& call) {
    using enum tables::Effect;
    const auto effect = effect_of(call);
    return succeeded(call) && (effect == tables::Effect::closes || effect == closes_range);
  }

  // sendfile(2), splice(2): out of the socket, if it is the one that is read from.
  static void note_moved(SocketStory& about, const model::Call& call) {
    if (!succeeded(call) || call.outcome->result <= 0) return;
    const model::Field* from = argument(call, call.name == "sendfile" ? "in_fd" : "fd_in");
    const auto number = from ? number_of(from->shown()) : std::nullopt;
    const bool read =
        number &&
        std::ranges::find(about.descriptors, Descriptor{call.pid, static_cast<int>(*number)}) !=
            about.descriptors.end();
    (read ? about.bytes_in : about.bytes_out) += static_cast<std::uint64_t>(call.outcome->result);
  }

  static void note_descriptor(SocketStory& about, const model::Call& call) {
    // Where several descriptors are given the first one need not be this socket.
    const auto effect = effect_of(call);
    if (effect == tables::Effect::moves || effect == tables::Effect::controls_epoll ||
        is_wait(call))
      return;
    const auto* fd = call.args.empty() ? nullptr : call.args[0].shown().get<model::Fd>();
    if (fd) add_descriptor(about, {call.pid, fd->number});
  }

  // The numbers that the new sockets got.
  void note_results(Index step, const model::Call& call) {
    const std::vector<model::SocketId> made = made_by(call);
    const model::Field* pair = argument(call, "sv");
    const auto* list = pair ? pair->shown().get<model::List>() : nullptr;
    if (!list) {
      if (made.size() == 1 && call.name != "socketpair")
        add_descriptor(socket(made[0], step), {call.pid, static_cast<int>(call.outcome->result)});
      return;
    }
    // socketpair(2): `touched` and the numbers are in the same order, as long as both are whole.
    if (list->items.size() != call.touched.size()) return;
    for (std::size_t i = 0; i < list->items.size(); ++i)
      if (const auto number = number_of(list->items[i]))
        add_descriptor(socket(call.touched[i], step), {call.pid, static_cast<int>(*number)});
  }

  static void add_descriptor(SocketStory& about, Descriptor descriptor) {
    if (about.descriptors.empty() || about.descriptors.back() != descriptor)
      about.descriptors.push_back(descriptor);
  }

  [[nodiscard]] Closing closing_of(const SocketStory& socket) const {
    const std::string_view by = socket.last->gone_by;
    if (by.empty()) return Closing::open;
    if (by == "exit") return Closing::exit;
    if (by == "exec") return Closing::exec;
    if (!socket.closed_in) return Closing::program;
    const model::Place& place = story_.steps[*socket.closed_in].place();
    switch (place.kind) {
    case model::PlaceKind::finalizing: return Closing::interpreter;
    case model::PlaceKind::library: return Closing::library;
    // The last reference went where no code of the user's runs any more.
    case model::PlaceKind::leaving:
      return place.file.empty() ? Closing::interpreter : Closing::program;
    case model::PlaceKind::call:
    case model::PlaceKind::unknown: break;
    }
    return Closing::program;
  }

  Story& story_;
};

} // namespace

void tell_sockets(Story& story) { Teller(story).run(); }

} // namespace socktale::reports
