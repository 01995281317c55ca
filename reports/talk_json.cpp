#include "reports/talk_json.hpp"

#include "reports/states.hpp"
#include "reports/talk_text.hpp"
#include "tracer/model/json.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> ended_names = {"open", "shutdown", "closed", "exec",
                                                         "exit"};
constexpr std::array<std::string_view, 6> for_names = {"connection", "bytes", "ending",
                                                       "room",       "queue", "still"};

Json call_ref(const model::Call* call) { return call ? Json(call->id.value) : Json(nullptr); }
Json socket_ref(std::optional<model::SocketId> id) { return id ? Json(id->value) : Json(nullptr); }

Json end_json(const Connection& one, std::size_t end) {
  const Ending& ending = one.endings.at(end);
  const auto& address = one.addresses.at(end);
  Json out = {{"socket", socket_ref(one.ends.at(end))}};
  out["address"] = address ? model::to_json(*address) : Json(nullptr);
  out["sent"] = one.sent.at(end);
  out["received"] = one.received.at(end);
  out["unread"] = one.unread.at(end);
  out["ended"] = ended_names.at(static_cast<std::size_t>(ending.how));
  out["ended_by"] = call_ref(ending.by);
  out["ended_ns"] = ending.how == Ended::open ? Json(nullptr) : Json(ending.at.ns);
  out["closed_by"] = call_ref(one.closed_by.at(end));
  out["reset_seen"] = call_ref(one.reset_seen.at(end));
  return out;
}

} // namespace

Json connection_json(const Story& story, const Connection& one, Language language) {
  Json out = {{"kind", one.kind == Connection::Kind::stream ? "stream" : "datagram"}};
  out["ends"] = {end_json(one, 0), end_json(one, 1)};
  out["listener"] = socket_ref(one.listener);
  out["connect"] = call_ref(one.connect);
  out["accept"] = call_ref(one.accept);
  out["established_ns"] = one.established ? Json(one.established->ns) : Json(nullptr);
  out["closed_first"] = one.closed_first ? Json(*one.closed_first) : Json(nullptr);
  out["reset"] = one.reset;
  out["says"] = say(language, end_sentence(story, one));
  return out;
}

Json transfer_json(const Transfer& transfer) {
  return {{"connection", transfer.connection},
          {"from", transfer.from},
          {"send", call_ref(transfer.send)},
          {"recv", call_ref(transfer.recv)},
          {"offset", transfer.offset},
          {"length", transfer.length},
          {"cut", transfer.cut},
          {"urgent", transfer.urgent},
          {"contradicted", transfer.contradicted}};
}

Json wait_json(const Story& story, const Wait& wait, Language language) {
  return {{"call", call_ref(wait.call)},
          {"for", for_names.at(static_cast<std::size_t>(wait.until))},
          {"released_by", call_ref(wait.released_by)},
          {"connection", wait.connection ? Json(*wait.connection) : Json(nullptr)},
          {"ns", wait.ns},
          {"says", say(language, wait_sentence(story, wait))}};
}

Json deadlock_json(const Story& story, const Deadlock& deadlock, Language language) {
  return {{"connection", deadlock.connection},
          {"calls", {call_ref(deadlock.calls[0]), call_ref(deadlock.calls[1])}},
          {"says", say(language, deadlock_sentence(story, deadlock))}};
}

Json states_json(model::SocketId socket, const std::vector<StateChange>& changes) {
  Json list = Json::array();
  for (const StateChange& change : changes)
    list.push_back({{"state", state_name(change.state)},
                    {"known", known_name(change.known)},
                    {"at_ns", change.at.ns},
                    {"call", call_ref(change.by)}});
  return {{"socket", socket.value}, {"changes", std::move(list)}};
}

} // namespace socktale::reports
