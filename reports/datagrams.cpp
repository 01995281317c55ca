// Messages between sockets that keep them apart: the second half of transfers.hpp. By address, then
// by order; a length or bytes that do not fit rule a message out.
#include "reports/connections.hpp"
#include "reports/in_order.hpp"
#include "reports/payload.hpp"
#include "reports/transfers.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>

namespace socktale::reports {
namespace {

struct Letter {
  model::SocketId from;
  const model::Call* send;
  std::string to; // address_key; empty: the one at the other end
  Message message;
  std::size_t nth = 0; // of the messages of that call
};
using Box = std::deque<Letter>;

enum class Act { names, sends, takes };

struct Tick {
  Instant at;
  Act act;
  const model::Call* call;
  model::SocketId socket;
};

bool keeps_messages(const model::Socket& socket) {
  const bool family =
      socket.family == "AF_INET" || socket.family == "AF_INET6" || socket.family == "AF_UNIX";
  return family && (socket.type == "SOCK_DGRAM" || socket.type == "SOCK_SEQPACKET");
}

bool any_host(const std::string& key) {
  return key.starts_with("0.0.0.0:") || key.starts_with("[::]:");
}

class Postman {
 public:
  Postman(Story& story, const Chronicle& chronicle) : story_(story), chronicle_(chronicle) {}

  void run() {
    know_connections();
    for (const auto& [id, socket] : story_.sockets)
      if (keeps_messages(*socket.last)) plan(id, *chronicle_.find(id));
    // Without a common clock all that was sent may be taken at any time.
    std::ranges::sort(ticks_, {}, [this](const Tick& tick) {
      const auto first = story_.one_clock ? 0 : static_cast<int>(tick.act);
      return std::tuple(first, tick.at, tick.act, tick.call->id, tick.socket);
    });
    for (const Tick& tick : ticks_) go(tick);
    give_back();
    put_in_order(story_.transfers, &Transfer::connection);
  }

 private:
  struct Party {
    std::string local;              // key of its own address; empty: unknown
    std::string peer;               // where it sends to when no address is given
    std::optional<Index> connected; // socketpair, SOCK_SEQPACKET
  };

  void know_connections() {
    for (Index i = 0; i < story_.connections.size(); ++i)
      for (const auto& end : story_.connections[i].ends)
        if (end && keeps_messages(*story_.sockets.at(*end).last)) parties_[*end].connected = i;
  }

  void plan(model::SocketId id, const Doings& doings) {
    Party& party = parties_[id];
    const model::Socket& last = *doings.socket->last;
    if (last.local) party.local = address_key(*last.local);
    const bool named_by_call = !doings.binds.empty() || !doings.connects.empty();
    if (!named_by_call) name(id, last);
    for (const Calls* calls : {&doings.binds, &doings.connects})
      for (const model::Call* call : *calls)
        ticks_.push_back({left_of(*call), Act::names, call, id});
    for (const model::Call* call : doings.outs)
      if (call->outcome) ticks_.push_back({call->entered, Act::sends, call, id});
    for (const model::Call* call : doings.ins)
      if (call->outcome) ticks_.push_back({left_of(*call), Act::takes, call, id});
  }

  void name(model::SocketId id, const model::Socket& last) {
    Party& party = parties_[id];
    if (!party.local.empty()) {
      bound_[party.local] = id;
      if (any_host(party.local)) bound_[port_key(party.local)] = id;
    }
    if (last.peer) party.peer = address_key(*last.peer);
  }

  void go(const Tick& tick) {
    if (tick.act == Act::names) {
      Party& party = parties_[tick.socket];
      name(tick.socket, *story_.sockets.at(tick.socket).last);
      if (effect_of(*tick.call) != tables::Effect::connects) return;
      const model::Field* address = argument(*tick.call, "addr");
      party.peer = address ? address_key(address->shown()) : "";
      return;
    }
    const bool sequenced = story_.sockets.at(tick.socket).last->type == "SOCK_SEQPACKET";
    if (tick.act == Act::takes && sequenced && found_the_end(*tick.call)) return;
    nth_ = 0;
    for (Message& message : messages_of(*tick.call)) {
      tick.act == Act::sends ? post(tick, std::move(message)) : deliver(tick, message);
      ++nth_;
    }
  }

  // Where a message to that address waits: at the address that a socket is bound to, or with the
  // socket that is known to send from there. Empty: no such socket is in the trace.
  [[nodiscard]] std::string box_of(const std::string& to) const {
    if (bound_.contains(to)) return to;
    if (const auto found = seen_from_.find(to); found != seen_from_.end())
      return own_box(found->second);
    const std::string port = port_key(to);
    return !port.empty() && bound_.contains(port) ? port : "";
  }
  static std::string own_box(model::SocketId id) { return "#" + std::to_string(id.value); }

  void post(const Tick& tick, Message message) {
    const Party& party = parties_[tick.socket];
    Letter letter{tick.socket, tick.call, message.address, {}, nth_};
    std::string box;
    if (party.connected) {
      const auto other = other_end(*party.connected, tick.socket);
      if (other) box = own_box(*other);
    } else {
      if (letter.to.empty()) letter.to = party.peer;
      box = box_of(letter.to);
    }
    letter.message = std::move(message);
    if (box.empty()) return not_taken(letter, std::nullopt);
    boxes_[box].push_back(std::move(letter));
  }

  [[nodiscard]] std::optional<model::SocketId> other_end(Index connection,
                                                         model::SocketId id) const {
    const auto& ends = story_.connections[connection].ends;
    return ends[0] == id ? ends[1] : ends[0];
  }

  void deliver(const Tick& tick, const Message& message) {
    const Party& party = parties_[tick.socket];
    const bool everywhere = any_host(party.local);
    for (const std::string& name :
         {own_box(tick.socket), party.local, everywhere ? port_key(party.local) : std::string()}) {
      const auto box = name.empty() ? boxes_.end() : boxes_.find(name);
      if (box != boxes_.end() && deliver_from(box->second, tick, message)) return;
    }
    // By whom it was sent is not in the trace.
    const auto [connection, end] =
        party.connected
            ? std::pair(*party.connected, end_of(*party.connected, tick.socket))
            : connection_with(tick.socket, message.address.empty() ? party.peer : message.address,
                              true);
    tell(connection, 1 - end, {.recv = tick.call, .length = message.length, .taken_as = nth_});
  }

  bool deliver_from(Box& box, const Tick& tick, const Message& message) {
    constexpr std::size_t window = 64;
    const std::size_t end = std::min(window, box.size());
    for (std::size_t i = 0; i < end; ++i) {
      if (!fits(box[i], message, *tick.call)) continue;
      const Letter letter = std::move(box[i]);
      box.erase(box.begin() + static_cast<std::ptrdiff_t>(i));
      lose_overtaken(box, i, letter);
      hand_over(letter, tick, message);
      return true;
    }
    if (end == window) { // lost, and in the way
      not_taken(box.front(), tick.socket);
      box.pop_front();
    }
    return false;
  }

  [[nodiscard]] bool fits(const Letter& letter, const Message& message,
                          const model::Call& recv) const {
    const bool truncated = message.length < letter.message.length &&
                           (message.asked == 0 || message.length == message.asked);
    if (message.length != letter.message.length && !truncated) return false;
    const std::string& from = parties_.at(letter.from).local;
    if (!message.address.empty() && !from.empty()) {
      const bool same =
          any_host(from) ? port_key(from) == port_key(message.address) : from == message.address;
      if (!same) return false;
    }
    if (has_flag(recv, "MSG_TRUNC")) return true; // the buffer holds less than the result says
    return !differ(letter.message.kept, 0, message.kept, 0, UINT64_MAX);
  }

  // What the same socket had sent before: messages between two sockets do not overtake each other.
  void lose_overtaken(Box& box, std::size_t before, const Letter& letter) {
    for (std::size_t i = before; i-- > 0;) {
      if (box[i].from != letter.from || left_of(*box[i].send) > letter.send->entered) continue;
      not_taken(box[i], std::nullopt);
      box.erase(box.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void hand_over(const Letter& letter, const Tick& tick, const Message& message) {
    const Party& party = parties_[letter.from];
    if (!party.connected && party.local.empty() && !message.address.empty())
      seen_from_[message.address] = letter.from;
    const auto [connection, end] =
        party.connected ? std::pair(*party.connected, end_of(*party.connected, letter.from))
                        : connection_between(letter.from, tick.socket, letter.to, message.address);
    const std::uint64_t whole = letter.message.length;
    const std::uint64_t length = std::min(whole, message.length);
    tell(connection, end,
         {.send = letter.send,
          .recv = tick.call,
          .length = length,
          .cut = whole - length,
          .sent_as = letter.nth,
          .taken_as = nth_});
  }

  void not_taken(const Letter& letter, std::optional<model::SocketId> owner) {
    const Party& party = parties_[letter.from];
    if (!owner)
      if (const auto found = bound_.find(letter.to); found != bound_.end()) owner = found->second;
    const auto [connection, end] =
        party.connected ? std::pair(*party.connected, end_of(*party.connected, letter.from))
        : owner         ? connection_between(letter.from, *owner, letter.to, "")
                        : connection_with(letter.from, letter.to, false);
    tell(connection, end,
         {.send = letter.send, .length = letter.message.length, .sent_as = letter.nth});
  }

  void tell(Index index, std::size_t from, Transfer transfer) {
    Connection& connection = story_.connections[index];
    std::uint64_t& position = positions_[{index, from}];
    transfer.connection = index;
    transfer.from = from;
    transfer.offset = position;
    const std::uint64_t whole = transfer.length + transfer.cut;
    position += whole;
    if (transfer.send) connection.sent.at(from) += whole;
    if (transfer.recv) connection.received.at(1 - from) += transfer.length;
    const Instant at = transfer.send ? transfer.send->entered : left_of(*transfer.recv);
    connection.established = std::min(connection.established.value_or(at_no_time), at);
    story_.transfers.push_back(transfer);
  }

  void give_back() {
    for (auto& [name, box] : boxes_)
      for (const Letter& letter : box) not_taken(letter, std::nullopt);
  }

  [[nodiscard]] std::size_t end_of(Index connection, model::SocketId id) const {
    return story_.connections[connection].ends[0] == id ? 0 : 1;
  }

  using Found = std::pair<Index, std::size_t>; // a connection, and the end that was asked for

  Found connection_between(model::SocketId from, model::SocketId to, const std::string& to_key,
                           const std::string& from_key) {
    const auto [known, fresh] =
        between_.try_emplace(std::minmax(from.value, to.value), story_.connections.size());
    if (fresh) {
      Connection connection;
      connection.kind = Connection::Kind::datagram;
      connection.ends = {from, to};
      connection.addresses = {address_of(from, from_key), address_of(to, to_key)};
      story_.connections.push_back(connection);
      story_.sockets.at(from).other_end = to;
      if (const auto& one = story_.sockets.at(to).last; one->peer)
        story_.sockets.at(to).other_end = from;
    }
    return {known->second, end_of(known->second, from)};
  }

  // With an address that no socket of the trace has. `receives`: the traced one got a message.
  Found connection_with(model::SocketId id, const std::string& address, bool receives) {
    const auto [known, fresh] = with_.try_emplace({id, address}, story_.connections.size());
    const std::size_t end = receives ? 1 : 0;
    if (fresh) {
      Connection connection;
      connection.kind = Connection::Kind::datagram;
      connection.ends.at(end) = id;
      connection.addresses.at(end) = story_.sockets.at(id).last->local;
      connection.addresses.at(1 - end) = endpoint_of(address);
      story_.connections.push_back(connection);
    }
    return {known->second, end_of(known->second, id)};
  }

  [[nodiscard]] std::optional<model::Endpoint> address_of(model::SocketId id,
                                                          const std::string& key) const {
    const auto& local = story_.sockets.at(id).last->local;
    return local ? local : endpoint_of(key);
  }

  static std::optional<model::Endpoint> endpoint_of(const std::string& key) {
    constexpr std::string_view unix_prefix = "unix ";
    if (key.starts_with(unix_prefix))
      return model::Endpoint{"AF_UNIX", "", 0, key.substr(unix_prefix.size()), ""};
    const std::size_t colon = key.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    model::Endpoint out;
    out.family = key.starts_with('[') ? "AF_INET6" : "AF_INET";
    out.host = out.family == "AF_INET" ? key.substr(0, colon) : key.substr(1, colon - 2);
    for (const char digit : key.substr(colon + 1))
      out.port = static_cast<std::uint16_t>(out.port * 10 + (digit - '0'));
    return out;
  }

  Story& story_;
  const Chronicle& chronicle_;
  std::vector<Tick> ticks_;
  std::size_t nth_ = 0; // the message of the tick's call that is told
  std::unordered_map<model::SocketId, Party> parties_;
  std::unordered_map<std::string, model::SocketId> bound_;     // address or port -> last bound
  std::unordered_map<std::string, model::SocketId> seen_from_; // learnt from who got its messages
  std::map<std::string, Box> boxes_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Index> between_;
  std::map<std::pair<model::SocketId, std::string>, Index> with_;
  std::map<std::pair<Index, std::size_t>, std::uint64_t> positions_;
};

} // namespace

void match_datagrams(Story& story, const Chronicle& chronicle) { Postman(story, chronicle).run(); }

} // namespace socktale::reports
