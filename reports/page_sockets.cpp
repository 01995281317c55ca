#include "reports/page_sockets.hpp"

#include "reports/facts.hpp"
#include "reports/sentences.hpp"
#include "reports/states.hpp"
#include "reports/talk_text.hpp"
#include "reports/wording.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

std::string address_of(const std::optional<model::Endpoint>& endpoint) {
  return endpoint ? endpoint_text(*endpoint) : "";
}

// "timewait 59.9 s".
std::string timer_text(const model::SocketState& state) {
  if (state.timer.empty()) return "";
  return fmt::format("{} {:.1f} s", state.timer, state.timer_ms / 1000.0);
}

struct StateRow {
  Instant at;
  std::int64_t socket;
  std::string_view state, how;
};

} // namespace

PageJson page_socket(const Story& story, const PageIndex& index, PagePhrases& phrases,
                     const SocketStory& socket, std::int64_t connection) {
  const model::Socket& last = *socket.last;
  return {{"side", socket.side},
          {"label", phrases.of(socket_label(story, socket))},
          {"kind", phrases.of(socket_kind(last))},
          {"descriptors", descriptors_text(socket)},
          {"local", address_of(last.local)},
          {"peer", address_of(last.peer)},
          {"listening", last.role == "listening"},
          {"other_end", index.of(socket.other_end)},
          {"connection", connection},
          {"made", phrases.of(made_text(story, socket))},
          {"closing", phrases.of(closing_text(story, socket))},
          {"never_closed", socket.never_closed()},
          {"bytes_in", socket.bytes_in},
          {"bytes_out", socket.bytes_out}};
}

PageJson page_connection(const Story& story, const PageIndex& index, PagePhrases& phrases,
                         const Connection& connection) {
  PageJson closed = PageJson::array();
  for (const Ending& ending : connection.endings)
    closed.push_back(ending.how == Ended::open ? page_none : ending.at.ns);
  const std::int64_t first =
      connection.closed_first ? static_cast<std::int64_t>(*connection.closed_first) : page_none;
  const bool stream = connection.kind == Connection::Kind::stream;
  return {{"kind", stream ? "stream" : "datagram"},
          {"ends", {index.of(connection.ends[0]), index.of(connection.ends[1])}},
          {"listener", index.of(connection.listener)},
          {"labels", {address_of(connection.addresses[0]), address_of(connection.addresses[1])}},
          {"connect", index.of(connection.connect)},
          {"accept", index.of(connection.accept)},
          {"begun", connection.established ? connection.established->ns : page_none},
          {"first_closer", first},
          {"closed", std::move(closed)},
          {"reset", connection.reset},
          {"says", phrases.of(end_sentence(story, connection))}};
}

PageJson page_transfer(const PageIndex& index, const Transfer& transfer) {
  const std::int64_t send = index.of(transfer.send);
  const std::int64_t recv = index.of(transfer.recv);
  if (send == page_none && recv == page_none) return nullptr;
  return {{"connection", transfer.connection},
          {"from", transfer.from},
          {"send", send},
          {"recv", recv},
          {"offset", transfer.offset},
          {"length", transfer.length}};
}

PageJson page_wait(const Story& story, const PageIndex& index, PagePhrases& phrases,
                   const Wait& wait) {
  const std::int64_t call = index.of(wait.call);
  if (call == page_none) return nullptr;
  return {{"call", call},
          {"by", index.of(wait.released_by)},
          {"took", wait.ns},
          {"says", phrases.of(wait_sentence(story, wait))}};
}

std::vector<PageJson> page_states(const Story& story, const PageIndex& index) {
  std::vector<StateRow> rows;
  for (const auto& [socket, changes] : story.states)
    for (const StateChange& change : changes)
      rows.push_back(
          {change.at, index.of(socket), state_name(change.state), known_name(change.known)});
  for (const SampleStory& told : tell_samples(*story.trace))
    for (const SampledSocket& socket : told.sockets)
      if (socket.is->protocol == "IPPROTO_TCP" && !socket.is->state.empty() && socket.is->socket &&
          (!socket.was || socket.was->state != socket.is->state))
        rows.push_back(
            {told.sample->taken, index.of(socket.is->socket), socket.is->state, "sampled"});
  std::erase_if(rows, [](const StateRow& row) { return row.socket == page_none; });
  std::ranges::stable_sort(rows, {}, &StateRow::at);
  std::vector<PageJson> out;
  out.reserve(rows.size());
  for (const StateRow& row : rows)
    out.push_back({{"at", row.at.ns},
                   {"socket", row.socket},
                   {"connection", page_none},
                   {"end", page_none},
                   {"state", row.state},
                   {"how", row.how}});
  return out;
}

PageJson page_sample(const PageIndex& index, const model::Sample& sample) {
  PageJson sockets = PageJson::array();
  for (const model::SocketState& state : sample.sockets) {
    if (state.state.empty()) continue; // the kernel has it no more
    sockets.push_back({{"socket", index.of(state.socket)},
                       {"local", address_of(state.local)},
                       {"peer", address_of(state.peer)},
                       {"state", state.state},
                       {"recv_queue", state.recv_queue},
                       {"send_queue", state.send_queue},
                       {"timer", timer_text(state)}});
  }
  return {{"at", sample.taken.ns}, {"call", page_none}, {"sockets", std::move(sockets)}};
}

} // namespace socktale::reports
