// A stream taken for messages, and parts taken for the whole. Says so only where the bytes of both
// ends, or the calls that follow, show it: how a program marks its messages is the program's
// matter.
#include "reports/connections.hpp"
#include "reports/findings_rules.hpp"
#include "reports/payload.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace socktale::reports::rule {
namespace {

using OneWay = std::span<const Transfer>; // of one connection, one way, in order

// Each direction of each stream whose two ends were traced.
template <class Look> void each_direction(const Ground& ground, Look look) {
  const std::vector<Transfer>& all = ground.story.transfers;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && all[end].connection == all[begin].connection &&
           all[end].from == all[begin].from)
      ++end;
    const Connection& connection = ground.story.connections[all[begin].connection];
    if (connection.kind == Connection::Kind::stream && connection.both())
      look(connection, OneWay(all.data() + begin, end - begin));
    begin = end;
  }
}

std::uint64_t named_length(const model::Call& call) {
  for (const char* name : {"len", "count"})
    if (const auto length = number_argument(call, name))
      return static_cast<std::uint64_t>(std::max<std::int64_t>(*length, 0));
  return asked_for(call);
}

// What a send was given, as far as it was kept: also the bytes that the kernel did not take.
std::string_view offered(const model::Call& call) {
  const model::Field* buffer = argument(call, "buf");
  const auto* data = buffer ? buffer->shown().get<model::Bytes>() : nullptr;
  return data ? std::string_view(data->data) : std::string_view();
}

// Text without any mark that could tell where a message ends: what is sent as it is typed.
struct Marks {
  bool plain = true;
  char last = 0;
  bool same_last = true; // every one ends with the same sign of punctuation
  void add(const std::string& kept, std::uint64_t length) {
    const bool whole = kept.size() == length && !kept.empty();
    const bool steered =
        std::ranges::any_of(kept, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    const bool counted = whole && kept.front() >= '0' && kept.front() <= '9';
    plain = plain && whole && !steered && !counted;
    if (!whole) return;
    const char end = kept.back();
    const bool sign = (end > ' ' && end < '0') || (end > '9' && end < 'A') ||
                      (end > 'Z' && end < 'a') || (end > 'z' && end < 0x7f) || end == ' ';
    same_last = same_last && sign && (last == 0 || last == end);
    last = end;
  }
  [[nodiscard]] bool none() const { return plain && !same_last; }
};

bool sent_as_plain_messages(const Ground& ground, OneWay transfers) {
  Marks marks;
  const model::Call* last = nullptr;
  for (const Transfer& transfer : transfers) {
    if (!transfer.send || transfer.urgent || !ground.written(*transfer.send)) return false;
    if (transfer.recv && !ground.written(*transfer.recv)) return false;
    if (transfer.send == last) continue;
    last = transfer.send;
    marks.add(kept_bytes(*last), carried(*last));
    if (!marks.plain) return false;
  }
  return marks.none();
}

// What the receiver sent next on the same connection, before it received again; not an echo, and
// not the same number of bytes either: a stream that is handed on piece by piece, changed.
const model::Call* answer_to(const Ground& ground, const model::Call& recv) {
  const model::Call* next = ground.next_about(recv);
  if (!next || direction_of(*next) != Direction::out || carried(*next) == 0) return nullptr;
  if (!ground.written(*next) || carried(*next) == carried(recv)) return nullptr;
  return next;
}

bool same_line(const model::Call& a, const model::Call& b) {
  return a.place.file == b.place.file && a.place.span == b.place.span;
}

// The same line had received before, and nothing was sent since: a loop that collects.
bool collects(const Ground& ground, const model::Call& recv) {
  if (!recv.socket) return false;
  const Calls& calls = ground.about(*recv.socket);
  const auto at = std::ranges::lower_bound(calls, recv.id, {}, &model::Call::id);
  if (at == calls.begin()) return false;
  const model::Call& before = **std::prev(at);
  return direction_of(before) == Direction::in && carried(before) > 0 && same_line(before, recv);
}

// Another recv of the program's, written further down, that got nothing: the message that it was
// for had come already.
const model::Call* empty_handed(const Ground& ground, const model::Call& recv) {
  const model::Call* next = ground.next_about(recv);
  if (!next || direction_of(*next) != Direction::in || same_line(*next, recv)) return nullptr;
  const bool waits = !next->outcome || restarts(*next);
  return ground.written(*next) && (waits || found_the_end(*next)) ? next : nullptr;
}

Case joined(const model::Call& recv, std::span<const Transfer> parts, const model::Call& shown_by) {
  Case found{&recv, {&shown_by}, {{"bytes", carried(recv)}, {"sent", carried(*parts[0].send)}}};
  for (const Transfer& part : parts) found.evidence.push_back(part.send);
  return found;
}

// Bytes at the end of `text` that begin a character of UTF-8 and do not end it, 0: none.
std::size_t open_character(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < length ? back : 0;
  }
  return 0;
}

std::size_t character_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
}

// The program used the half character: it decodes what this recv gave, died of it, or answered.
bool took_as_text(const Ground& ground, const model::Call& recv) {
  if (answer_to(ground, recv)) return true;
  if (ground.source_line(recv.place).find(".decode(") != std::string_view::npos) return true;
  const model::Call* next = ground.next_about(recv);
  const bool last = !next || effect_of(*next) == tables::Effect::closes;
  return last && ground.exit_status(recv.pid).value_or(0) != 0;
}

} // namespace

// The rest of a send that took only a part was never offered again.
Cases short_send(const Ground& ground) {
  Cases cases;
  for (const auto& [id, socket] : ground.story.sockets) {
    const auto at = ground.end_of(id);
    if (!at) continue;
    const Connection& connection = ground.story.connections[at->connection];
    const Calls& calls = ground.about(id);
    const model::Call* part = nullptr; // the last short send, until it is known what became of it
    for (const model::Call* call : calls) {
      if (direction_of(*call) != Direction::out) continue;
      if (part) {
        const std::uint64_t taken = carried(*part);
        const std::string_view whole = offered(*part);
        const bool continued = named_length(*call) == named_length(*part) - taken;
        const bool other = whole.size() > taken && carried(*call) > 0 &&
                           differ(whole, taken, kept_bytes(*call), 0, UINT64_MAX);
        if (!continued && other)
          cases.push_back({part, {call}, {{"asked", named_length(*part)}, {"taken", taken}}});
      }
      const std::uint64_t taken = carried(*call);
      part = taken > 0 && taken < named_length(*call) && ground.written(*call) ? call : nullptr;
    }
    const bool own_end = connection.closed_first.value_or(at->end) == at->end && !connection.reset;
    const model::Call* next = part ? ground.next_about(*part) : nullptr;
    const bool ended = socket.closing == Closing::program ||
                       (socket.never_closed() && part && ground.exit_status(part->pid) == 0);
    if (part && next && ended && own_end)
      cases.push_back({part, {next}, {{"asked", named_length(*part)}, {"taken", carried(*part)}}});
  }
  return cases;
}

// The last recv took a part of what one send had given, and the program left the rest.
Cases short_recv(const Ground& ground) {
  Cases cases;
  each_direction(ground, [&](const Connection& connection, OneWay transfers) {
    const std::size_t to = 1 - transfers[0].from;
    const SocketStory& receiver = ground.story.sockets.at(*connection.ends.at(to));
    for (std::size_t i = 1; i < transfers.size(); ++i) {
      const Transfer& taken = transfers[i - 1];
      const Transfer& rest = transfers[i];
      if (!taken.recv || rest.recv || taken.send != rest.send || !rest.send) continue;
      const Ending& ending = connection.endings.at(to);
      const bool ended = receiver.closing == Closing::program ||
                         (receiver.never_closed() && ground.exit_status(taken.recv->pid) == 0);
      if (!ended || !ground.written(*taken.recv) || left_of(*rest.send) >= ending.from) return;
      Case found{taken.recv,
                 {taken.send},
                 {{"asked", named_length(*taken.recv)},
                  {"got", carried(*taken.recv)},
                  {"sent", carried(*taken.send)},
                  {"left", rest.length}}};
      if (ending.by) found.evidence.push_back(ending.by);
      cases.push_back(std::move(found));
      return;
    }
  });
  return cases;
}

Cases recv_per_send(const Ground& ground) {
  Cases cases;
  each_direction(ground, [&](const Connection&, OneWay transfers) {
    if (!sent_as_plain_messages(ground, transfers)) return;
    for (std::size_t i = 0; i < transfers.size();) {
      const model::Call* recv = transfers[i].recv;
      std::size_t end = i + 1;
      while (end < transfers.size() && recv && transfers[end].recv == recv) ++end;
      const auto parts = transfers.subspan(i, end - i);
      const Transfer& last = parts.back();
      const bool split = recv && end < transfers.size() && transfers[end].send == last.send;
      const model::Call* answer = recv ? answer_to(ground, *recv) : nullptr;
      const model::Call* shown_by = answer;
      if (recv && !shown_by) shown_by = empty_handed(ground, *recv);
      // A record of a fixed size is read as such.
      const bool sized = recv && named_length(*recv) == carried(*parts[0].send);
      i = end;
      if (!recv || sized || collects(ground, *recv)) continue;
      const bool several = ground.step_of(*parts[0].send) != ground.step_of(*last.send);
      if (several && shown_by) {
        cases.push_back(joined(*recv, parts, *shown_by));
        return;
      }
      if (split && answer) {
        cases.push_back(joined(*recv, parts, *answer));
        return;
      }
    }
  });
  return cases;
}

Cases cut_character(const Ground& ground) {
  Cases cases;
  each_direction(ground, [&](const Connection&, OneWay transfers) {
    std::uint64_t given = 0; // of the bytes of this transfer's send, up to its end
    for (std::size_t i = 0; i + 1 < transfers.size(); ++i) {
      const model::Call* recv = transfers[i].recv;
      const Transfer& next = transfers[i + 1];
      const bool fresh = i == 0 || transfers[i - 1].send != transfers[i].send;
      given = (fresh ? 0 : given) + transfers[i].length;
      if (!recv || next.recv == recv || !next.send || !ground.written(*recv)) continue;
      const std::string kept = kept_bytes(*recv);
      const std::size_t open = kept.size() == carried(*recv) ? open_character(kept) : 0;
      if (open == 0) continue;
      // What follows in the stream: received next or, if never, still in the send that gave it.
      std::string rest = next.recv ? kept_bytes(*next.recv) : kept_bytes(*next.send);
      if (!next.recv && next.send == transfers[i].send)
        rest.erase(0, std::min<std::uint64_t>(rest.size(), given));
      std::string character = kept.substr(kept.size() - open);
      const std::size_t length = character_length(character.front());
      character += rest.substr(0, length - open);
      if (character.size() != length || !is_utf8(character)) continue;
      if (!took_as_text(ground, *recv)) continue;
      Case found{recv, {next.send}, {{"character", character}, {"open", open}, {"length", length}}};
      if (next.recv) found.evidence.push_back(next.recv);
      cases.push_back(std::move(found));
      return;
    }
  });
  return cases;
}

} // namespace socktale::reports::rule
