// Traces taken apart, joined: what clocks and numbers become. The chat of the samples is cut in
// two.
#include "reports/joining.hpp"
#include "reports/story.hpp"
#include "reports/wording.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <algorithm>
#include <map>

using namespace socktale;
using namespace socktale::test;
using reports::build_story;

namespace {

constexpr int server_pid = 812;

std::optional<Pid> pid_of(const model::Event& event) {
  return std::visit(
      [](const auto& body) -> std::optional<Pid> {
        if constexpr (requires { body.pid.value; })
          return body.pid;
        else
          return std::nullopt;
      },
      event.body);
}

// One side's part of the chat, by a clock that is `ahead` of the other's, with its ids from 1.
model::Trace half(bool server, std::int64_t ahead) {
  model::Trace whole = python_chat();
  model::Trace out;
  out.header = whole.header;
  std::erase_if(out.header.programs,
                [&](const model::Program& each) { return (each.role == "server") != server; });
  for (model::Event event : whole.events) {
    const auto pid = pid_of(event);
    const auto* socket = std::get_if<model::Socket>(&event.body);
    const bool servers = pid ? pid->value == server_pid : socket && socket->id.value != 2;
    const bool keep = pid || socket ? servers == server : true;
    if (!keep) continue;
    event.at.ns += ahead;
    if (auto* call = std::get_if<model::Call>(&event.body)) {
      call->entered.ns += ahead;
      if (call->outcome) call->outcome->left.ns += ahead;
    }
    out.events.push_back(std::move(event));
  }
  return out;
}

const model::Note& clock_note(const reports::Story& story) {
  return **std::ranges::find_if(
      story.notes, [](const model::Note* note) { return note->code.starts_with("clock"); });
}

} // namespace

TEST_CASE("two halves with different clocks are one story again", "[joining]") {
  constexpr std::int64_t day = 86'400'000'000'000;
  for (const std::int64_t ahead : {std::int64_t{0}, day, -day}) {
    const model::Trace trace =
        reports::join({{"s.jsonl", half(true, 0)}, {"c.jsonl", half(false, ahead)}});
    const reports::Story story = build_story(trace);
    REQUIRE(story.connections.size() == 1);
    CHECK(story.connections[0].both());
    CHECK(story.transfers.size() == 2);
    CHECK(std::ranges::all_of(story.transfers, [](const reports::Transfer& each) {
      return each.send && each.recv && !each.contradicted;
    }));
    CHECK(clock_note(story).code == "clock-bounded");
    CHECK(std::ranges::is_sorted(trace.events, {}, &model::Event::seq));
    CHECK(story.end != nullptr);
    CHECK(std::ranges::all_of(story.transfers, [](const reports::Transfer& each) {
      return each.send->entered <= each.recv->outcome->left;
    }));
    const reports::Connection& only = story.connections[0];
    CHECK(only.connect->entered <= only.accept->outcome->left);
    CHECK(story.steps.size() == 14);
    CHECK(std::ranges::any_of(remarks(story), [](const Said& said) {
      const std::string each = fill_in(said);
      return each.find("s.jsonl") != std::string::npos &&
             each.find("give or take") != std::string::npos;
    }));
  }
}

TEST_CASE("the same numbers and roles are told apart", "[joining]") {
  const model::Trace trace =
      reports::join({{"a", python_chat()}, {"b", python_chat()}, {"c", python_chat()}});
  const reports::Story story = build_story(trace);
  CHECK(story.sides.size() == 6);
  CHECK(story.sockets.size() == 9);
  CHECK(story.processes.size() == 6);
  CHECK(story.sides[2].role == "server 2");
}

TEST_CASE("samples go with their calls and sockets", "[joining]") {
  model::Trace second = python_chat();
  model::SocketState state;
  state.socket = model::SocketId{2};
  second.events.push_back({900, {7}, model::Sample{model::CallId{3}, false, {7}, {state}}});
  second.events.push_back({901, {8}, model::Sample{model::CallId{99}, false, {8}, {}}});
  const model::Trace trace = reports::join({{"a", python_chat()}, {"b", std::move(second)}});
  std::vector<const model::Sample*> samples;
  std::map<model::CallId, std::string> names;
  for (const model::Event& event : trace.events) {
    if (const auto* sample = std::get_if<model::Sample>(&event.body)) samples.push_back(sample);
    if (const auto* call = std::get_if<model::Call>(&event.body)) names[call->id] = call->name;
  }
  REQUIRE(samples.size() == 2);
  CHECK(names.at(*samples[0]->call) == "listen");
  CHECK(samples[0]->sockets[0].socket == model::SocketId{5});
  CHECK_FALSE(samples[1]->call);
}

TEST_CASE("without a call that depends on another the dates are all there is", "[joining]") {
  model::Trace late = port_in_use();
  late.header.began_at += 5'000'000'000;
  const model::Trace trace = reports::join({{"a", port_in_use()}, {"b", late}});
  CHECK(clock_note(build_story(trace)).code == "clock-by-date");
  CHECK(clock_note(build_story(trace)).about[2].second == "5.00 s");
  model::Trace unknown = port_in_use();
  unknown.header.began_at = 0;
  const model::Trace other = reports::join({{"a", port_in_use()}, {"b", unknown}});
  CHECK(clock_note(build_story(other)).code == "clock-unknown");
}

TEST_CASE("a forged trace is joined without harm", "[joining]") {
  model::Trace forged = python_chat();
  for (model::Event& event : forged.events) {
    event.at.ns = INT64_MIN;
    if (auto* call = std::get_if<model::Call>(&event.body)) {
      call->id.value = UINT64_MAX - call->id.value;
      call->entered.ns = INT64_MAX;
      if (call->socket) call->socket->value = UINT32_MAX;
      call->pid.value = INT32_MAX;
    }
  }
  const model::Trace trace = reports::join({{"a", forged}, {"b", python_chat()}, {"c", forged}});
  CHECK(build_story(trace).steps.size() > 0);
}
