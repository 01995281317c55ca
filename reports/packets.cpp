#include "reports/packets.hpp"

#include "reports/doings.hpp"
#include "reports/in_order.hpp"
#include "reports/payload.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace socktale::reports {
namespace {

constexpr std::uint64_t longest_segment = 65'495;  // an IPv4 packet without the two headers
constexpr std::uint64_t longest_datagram = 65'507; // the same of UDP
// Of bytes that nobody recorded only the first packets are made: a trace may name any length.
constexpr std::uint64_t most_unrecorded = 16;
constexpr std::uint64_t first_seq = 1000; // of either end; any number would do

// The bytes of messages, of which several transfers in a row read.
class Reader {
 public:
  // What was recorded of `length` bytes of the call from `skip` on.
  std::string read(const model::Call* call, std::size_t nth, std::uint64_t skip,
                   std::uint64_t length) {
    if (!call) return "";
    if (call != call_) {
      call_ = call;
      messages_ = messages_of(*call);
    }
    if (nth >= messages_.size()) return "";
    const std::string& kept = messages_[nth].kept;
    if (skip >= kept.size()) return "";
    return kept.substr(static_cast<std::size_t>(skip), static_cast<std::size_t>(length));
  }

 private:
  const model::Call* call_ = nullptr;
  std::vector<Message> messages_;
};

// Where a call's own bytes begin in the next of its transfers.
struct Position {
  const model::Call* call = nullptr;
  std::uint64_t done = 0;

  std::uint64_t advance(const model::Call* next, std::uint64_t length) {
    if (next != call) *this = {next, 0};
    const std::uint64_t at = done;
    done += length;
    return at;
  }
};

// The transfers of one direction, in order, with their bytes.
class Contents {
 public:
  explicit Contents(bool in_messages) : in_messages_(in_messages) {}

  std::string of(const Transfer& transfer) {
    const std::uint64_t whole = transfer.length + transfer.cut;
    const std::uint64_t sent_from = sent_.advance(transfer.send, whole);
    const std::uint64_t taken_from = taken_.advance(transfer.recv, transfer.length);
    std::string sent = sends_.read(transfer.send, transfer.sent_as, skip(sent_from), whole);
    // What lies in the buffer after MSG_TRUNC is not what was thrown away (tcp(7)).
    const bool dropped = transfer.recv && has_flag(*transfer.recv, "MSG_TRUNC");
    if (dropped || sent.size() == whole || transfer.contradicted) return sent;
    std::string taken =
        recvs_.read(transfer.recv, transfer.taken_as, skip(taken_from), transfer.length);
    return taken.size() > sent.size() ? taken : sent;
  }

 private:
  [[nodiscard]] std::uint64_t skip(std::uint64_t at) const { return in_messages_ ? 0 : at; }

  bool in_messages_;
  Reader sends_, recvs_;
  Position sent_, taken_;
};

Instant moment_of(const Transfer& transfer) {
  if (transfer.send) return transfer.send->entered;
  return transfer.recv ? left_of(*transfer.recv) : Instant{};
}

bool in_messages(const Story& story, const Connection& connection) {
  return std::ranges::any_of(connection.ends, [&](const auto& end) {
    return end && story.sockets.at(*end).last->type != "SOCK_STREAM";
  });
}

// One connection of a stream as TCP. The kernel's own packets have the moments of the calls that
// they lead to: an end acknowledges bytes when its program takes them.
class Stream {
 public:
  Stream(const Story& story, Index index, std::vector<Packet>& out)
      : connection_(story.connections[index]),
        index_(index),
        out_(out),
        in_messages_(in_messages(story, connection_)) {}

  void run(std::span<const Transfer> transfers) {
    shake_hands();
    for (const std::size_t from : {0UZ, 1UZ}) plan_bytes(transfers, from);
    for (const std::size_t from : {0UZ, 1UZ}) plan_ending(from);
    plan_reset();
    put_in_order(acts_, &Act::at);
    for (Act& act : acts_) go(act);
    // The kernel acknowledges an ending that its program did not look at.
    for (const std::size_t end : {0UZ, 1UZ})
      if (!reset_ && finished_.at(1 - end) && acked_.at(end) < next_.at(1 - end)) {
        acked_.at(end) = next_.at(1 - end);
        put({.at = now_, .from = end, .flags = ack});
      }
  }

 private:
  struct Act {
    enum class Is { bytes, taking, ending, resetting };
    Is is = Is::bytes;
    Instant at;
    std::size_t from = 0; // who sends the packet
    const Transfer* transfer = nullptr;
    const model::Call* call = nullptr;
    std::uint64_t until = 0; // of `taking`: the bytes that are acknowledged
  };

  void put(Packet packet) {
    packet.connection = index_;
    if (packet.at != at_no_time) now_ = std::max(packet.at, now_);
    packet.at = now_;
    packet.seq = static_cast<std::uint32_t>(next_.at(packet.from));
    if (packet.flags != syn) packet.acked = static_cast<std::uint32_t>(acked_.at(packet.from));
    out_.push_back(std::move(packet));
  }

  // Of a connection that was there before anybody looked none was seen.
  void shake_hands() {
    const model::Call* connect = connection_.connect;
    const model::Call* accept = connection_.accept;
    next_ = acked_ = {first_seq + 1, first_seq + 1};
    if (!connect && !accept) {
      now_ = connection_.established.value_or(Instant{INT64_MIN});
      return;
    }
    const model::Call& first = connect ? *connect : *accept;
    const Instant done =
        connection_.established.value_or(first.outcome ? first.outcome->left : first.entered);
    const Instant begun = connect ? std::min(connect->entered, done) : done;
    next_ = {first_seq, first_seq};
    now_ = Instant{INT64_MIN};
    put({.at = begun, .from = 0, .flags = syn, .sent = connect});
    acked_ = {first_seq + 1, first_seq + 1};
    put({.at = done, .from = 1, .flags = syn | ack, .sent = accept});
    next_ = {first_seq + 1, first_seq + 1};
    put({.at = done, .from = 0, .flags = ack, .sent = connect});
  }

  void plan_bytes(std::span<const Transfer> transfers, std::size_t from) {
    Instant sent = now_, taken = now_;
    std::uint64_t until = first_seq + 1;
    for (const Transfer& transfer : transfers) {
      const std::uint64_t whole = transfer.length + transfer.cut;
      if (transfer.from != from || whole == 0) continue;
      until += whole;
      sent = std::max(sent, moment_of(transfer));
      acts_.push_back({Act::Is::bytes, sent, from, &transfer, transfer.send, 0});
      if (!transfer.recv) continue;
      taken = std::max({taken, sent, left_of(*transfer.recv)});
      acts_.push_back({Act::Is::taking, taken, 1 - from, &transfer, transfer.recv, until});
    }
    last_sent_.at(from) = sent;
  }

  // With bytes that were closed upon, the kernel resets instead (RFC 2525, 2.17).
  void plan_ending(std::size_t from) {
    const Ending& ending = connection_.endings.at(from);
    if (ending.how == Ended::open) return;
    const bool resets = connection_.unread.at(from) > 0;
    acts_.push_back({resets ? Act::Is::resetting : Act::Is::ending,
                     std::max(ending.from, last_sent_.at(from)), from, nullptr, ending.by, 0});
  }

  // A reset that a call was told of, or one that SO_LINGER made and nobody was told of.
  void plan_reset() {
    if (!connection_.reset || connection_.unread[0] > 0 || connection_.unread[1] > 0) return;
    for (const std::size_t end : {0UZ, 1UZ})
      if (const model::Call* told = connection_.reset_seen.at(end)) {
        acts_.push_back({Act::Is::resetting, std::max(left_of(*told), last_sent_.at(1 - end)),
                         1 - end, nullptr, nullptr, 0});
        return;
      }
    for (Act& act : acts_)
      if (act.is == Act::Is::ending && connection_.closed_first.value_or(act.from) == act.from) {
        act.is = Act::Is::resetting;
        return;
      }
  }

  void go(const Act& act) {
    const std::size_t other = 1 - act.from;
    switch (act.is) {
    case Act::Is::bytes: return send(act);
    case Act::Is::taking: {
      std::uint64_t until = act.until;
      if (finished_.at(other) && until + 1 == next_.at(other)) ++until;
      if (reset_ || until <= acked_.at(act.from)) return;
      acked_.at(act.from) = until;
      return put({.at = act.at, .from = act.from, .flags = ack, .sent = act.call});
    }
    case Act::Is::ending:
      if (reset_) return;
      acked_.at(act.from) = next_.at(other);
      put({.at = act.at, .from = act.from, .flags = fin | ack, .sent = act.call});
      ++next_.at(act.from);
      finished_.at(act.from) = true;
      return;
    case Act::Is::resetting:
      if (reset_) return;
      acked_.at(act.from) = next_.at(other);
      put({.at = act.at, .from = act.from, .flags = rst | ack, .sent = act.call});
      reset_ = true;
      return;
    }
  }

  void send(const Act& act) {
    const Transfer& transfer = *act.transfer;
    const std::string data = contents_.at(act.from).of(transfer);
    std::uint64_t left = transfer.length + transfer.cut;
    std::size_t at = 0;
    for (std::uint64_t unrecorded = 0; left > 0;) {
      Packet packet{.at = act.at, .from = act.from, .flags = psh | ack, .sent = act.call};
      packet.taken = act.call ? nullptr : transfer.recv;
      if (transfer.urgent) packet.flags |= urg;
      packet.length = static_cast<std::uint32_t>(std::min(left, longest_segment));
      packet.data = data.substr(at, packet.length);
      at = std::min(data.size(), at + packet.length);
      left -= packet.length;
      if (packet.data.empty() && ++unrecorded == most_unrecorded) packet.skipped = left;
      const std::uint64_t gone = packet.length + packet.skipped;
      left -= packet.skipped;
      put(std::move(packet));
      next_.at(act.from) += gone;
    }
  }

  const Connection& connection_;
  Index index_;
  std::vector<Packet>& out_;
  bool in_messages_;
  std::vector<Act> acts_;
  std::array<Contents, 2> contents_{Contents{in_messages_}, Contents{in_messages_}};
  std::array<std::uint64_t, 2> next_{}, acked_{};
  std::array<Instant, 2> last_sent_{};
  std::array<bool, 2> finished_{};
  bool reset_ = false;
  Instant now_{};
};

void add_datagrams(Index index, std::span<const Transfer> transfers, std::vector<Packet>& out) {
  std::array<Contents, 2> contents{Contents{true}, Contents{true}};
  std::vector<Packet> packets;
  for (const Transfer& transfer : transfers) {
    const std::uint64_t whole = transfer.length + transfer.cut;
    Packet packet{.at = moment_of(transfer), .connection = index, .from = transfer.from};
    packet.length = static_cast<std::uint32_t>(std::min(whole, longest_datagram));
    packet.cut = whole - packet.length;
    packet.data = contents.at(transfer.from).of(transfer).substr(0, packet.length);
    packet.sent = transfer.send;
    packet.taken = transfer.recv;
    packets.push_back(std::move(packet));
  }
  put_in_order(packets, &Packet::at);
  std::ranges::move(packets, std::back_inserter(out));
}

} // namespace

std::vector<Packet> packets_of(const Story& story) {
  std::vector<Packet> out;
  std::span<const Transfer> rest = story.transfers;
  for (Index i = 0; i < story.connections.size(); ++i) {
    const auto end = std::ranges::partition_point(
        rest, [i](const Transfer& transfer) { return transfer.connection <= i; });
    const auto count = static_cast<std::size_t>(end - rest.begin());
    if (story.connections[i].kind == Connection::Kind::datagram)
      add_datagrams(i, rest.first(count), out);
    else
      Stream(story, i, out).run(rest.first(count));
    rest = rest.subspan(count);
  }
  put_in_order(out, &Packet::at);
  return out;
}

} // namespace socktale::reports
