// Sockets that were closed too late, too early or not at all; and ends that were not noticed.
#include "reports/connections.hpp"
#include "reports/findings_rules.hpp"

#include <algorithm>

namespace socktale::reports::rule {
namespace {

// The process ended in good order: nothing but its program left the socket open.
bool ended_well(const Ground& ground, const SocketStory& socket) {
  return std::ranges::all_of(socket.descriptors, [&](const Descriptor& descriptor) {
    return ground.exit_status(descriptor.pid) == 0 && !ground.was_stopped(descriptor.pid);
  });
}

bool of_one_process(const SocketStory& socket) {
  return !socket.descriptors.empty() &&
         socket.descriptors.front().pid == socket.descriptors.back().pid;
}

// The peer's last descriptor, gone before `call` began.
const model::Call* closed_before(const Ground& ground, const model::Call& call) {
  const auto at = ground.end_of(call.socket);
  if (!at) return nullptr;
  const Connection& connection = ground.story.connections[at->connection];
  const model::Call* by = connection.closed_by.at(1 - at->end);
  return by && ground.story.one_clock && left_of(*by) <= call.entered ? by : nullptr;
}

bool shut_down_before(const Ground& ground, const model::Call& call) {
  const Doings* doings = ground.chronicle.find(call.socket);
  return doings && std::ranges::any_of(doings->shutdowns, [&](const model::Call* shutdown) {
           return shutdown->id < call.id && number_argument(*shutdown, "how").value_or(0) != 0;
         });
}

// Killed by SIGPIPE in the call, or told so by EPIPE or ECONNRESET.
bool broken(const Ground& ground, const model::Call& call) {
  if (failed_with(call, "EPIPE") || failed_with(call, "ECONNRESET")) return true;
  return !call.outcome && ground.was_signalled(call.pid, "SIGPIPE");
}

} // namespace

// The interpreter or the kernel had to clean up after a program that ended of itself. A socket that
// a library made is the library's to close, and a process that was stopped closes nothing.
Cases never_closed(const Ground& ground) {
  Cases cases;
  for (const auto& [id, socket] : ground.story.sockets) {
    const bool left = socket.closing == Closing::interpreter || socket.closing == Closing::exit;
    if (!left || !socket.made_in || !of_one_process(socket)) continue;
    const model::Call& made = ground.story.steps[*socket.made_in].main();
    if (!ground.written(made) || !makes_socket(made) || !ended_well(ground, socket)) continue;
    Case found{
        &made, {}, {{"call", (made.place.text.empty() ? made.name : made.place.text).text()}}};
    const Calls& calls = ground.about(id);
    if (!calls.empty()) found.evidence.push_back(calls.back());
    cases.push_back(std::move(found));
  }
  return cases;
}

Cases send_after_close(const Ground& ground) {
  Cases cases;
  for (const auto& [id, socket] : ground.story.sockets) {
    const model::Call* last_good = nullptr;
    bool saw_end = false;
    for (const model::Call* call : ground.about(id)) {
      saw_end = saw_end || (direction_of(*call) == Direction::in && found_the_end(*call));
      if (direction_of(*call) != Direction::out) continue;
      if (succeeded(*call)) last_good = call;
      if (!broken(ground, *call) || !ground.written(*call)) continue;
      if (saw_end || shut_down_before(ground, *call) || !ground.end_of(id)) break;
      Case found{call, {}, {}};
      if (const model::Call* closed = closed_before(ground, *call)) {
        found.evidence.push_back(closed);
        if (last_good && last_good->entered >= closed->entered) found.evidence.push_back(last_good);
      }
      cases.push_back(std::move(found));
      break;
    }
  }
  return cases;
}

// recv has said that nothing will come any more, and the program asks again and again, or answers
// somebody who has gone. A peer that only shut down its sending may well be answered.
Cases end_as_data(const Ground& ground) {
  constexpr std::size_t enough = 3;
  Cases cases;
  for (const auto& [id, socket] : ground.story.sockets) {
    if (!ground.end_of(id)) continue;
    Calls ends;
    for (const model::Call* call : ground.about(id)) {
      const Direction way = direction_of(*call);
      const bool answer = way == Direction::out && !ends.empty() && asked_for(*call) > 0 &&
                          ground.written(*call) && closed_before(ground, *ends.back());
      if (way == Direction::in && found_the_end(*call) && ground.written(*call))
        ends.push_back(call);
      if (!answer && ends.size() < enough) continue;
      Case found{ends.front(), ends, {}};
      if (answer) found.evidence.push_back(call);
      cases.push_back(std::move(found));
      break;
    }
  }
  return cases;
}

} // namespace socktale::reports::rule
