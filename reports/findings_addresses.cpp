// Addresses that were taken, or written the wrong way: bind, listen, and what socket calls are
// told.
#include "reports/findings_rules.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace socktale::reports::rule {
namespace {

std::string_view about(const model::Note& note, std::string_view what) {
  for (const auto& [name, value] : note.about)
    if (name == what) return value;
  return {};
}

bool sets_option(const model::Call& call, std::string_view option) {
  const model::Field* name = call.name == "setsockopt" ? argument(call, "optname") : nullptr;
  const auto* symbol = name ? name->shown().get<model::Symbol>() : nullptr;
  if (!symbol || symbol->name != option || !succeeded(call)) return false;
  return number_argument(call, "optval").value_or(1) != 0;
}

bool had_option(const Ground& ground, const model::Call& bind, std::string_view option) {
  return std::ranges::any_of(ground.about(*bind.socket), [&](const model::Call* call) {
    return call->id < bind.id && sets_option(*call, option);
  });
}

// Who had the port, as the recorder saw it at that moment.
struct Holders {
  const model::Note* listens = nullptr;
  const model::Note* lingers = nullptr; // TIME_WAIT and other ends of connections
};

Holders holders_of(const Ground& ground, const model::Call& bind) {
  Holders holders;
  for (const model::Note* note : ground.notes_on(bind)) {
    if (note->code != "port-holder") continue;
    // A socket that is bound and does nothing else is CLOSE.
    const std::string_view state = about(*note, "state");
    const bool holds = state == "LISTEN" || state == "CLOSE";
    const model::Note*& holder = holds ? holders.listens : holders.lingers;
    if (!holder) holder = note;
  }
  return holders;
}

// Binds that met a taken address, in the order of the calls, and were given up.
Calls taken_binds(const Ground& ground) {
  Calls binds;
  for (const Step& step : ground.story.steps)
    for (const model::Call* call : step.calls) {
      if (call->name != "bind" || !call->socket || !failed_with(*call, "EADDRINUSE")) continue;
      if (!ground.written(*call)) continue;
      const Doings* doings = ground.chronicle.find(call->socket);
      if (doings && doings->binds.empty()) binds.push_back(call);
    }
  return binds;
}

// Calls that hand an address to the kernel, with it.
template <class Look> void each_address(const Ground& ground, Look look) {
  using enum tables::Effect;
  for (const Step& step : ground.story.steps)
    for (const model::Call* call : step.calls) {
      const auto effect = effect_of(*call);
      if (effect != binds && effect != connects && effect != sends) continue;
      if (!ground.written(*call)) continue;
      if (const auto address = named_address(*call)) look(*call, *address);
    }
}

// sizeof(struct sockaddr_in) and so on; of AF_UNIX the path may be shorter.
struct Size {
  std::string_view family, structure;
  std::int64_t least, most;
};
constexpr std::array sizes = {
    Size{"AF_INET", "struct sockaddr_in", 16, 16},
    Size{"AF_INET6", "struct sockaddr_in6", 28, 28},
    Size{"AF_UNIX", "struct sockaddr_un", 2, 110},
};

const Size* size_of(std::string_view family) {
  const auto* found = std::ranges::find(sizes, family, &Size::family);
  return found != sizes.end() ? found : nullptr;
}

// "SO_REUSEADDR | SO_REUSEPORT" in the text of a call: the two names, or nothing.
std::optional<std::pair<std::string, std::string>> ored_names(std::string_view text) {
  const auto part_of_name = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
  for (std::size_t at = text.find('|'); at != std::string_view::npos; at = text.find('|', at + 1)) {
    std::string_view before = text.substr(0, at);
    std::string_view after = text.substr(at + 1);
    while (before.ends_with(' ')) before.remove_suffix(1);
    while (after.starts_with(' ')) after.remove_prefix(1);
    const std::size_t dot = after.find("SO_");
    if (after.starts_with("socket.")) after.remove_prefix(std::min(dot, after.size()));
    std::size_t begin = before.size();
    while (begin > 0 && part_of_name(before[begin - 1])) --begin;
    std::size_t end = 0;
    while (end < after.size() && part_of_name(after[end])) ++end;
    before.remove_prefix(begin);
    after = after.substr(0, end);
    if (before.starts_with("SO_") && after.starts_with("SO_"))
      return std::pair(std::string(before), std::string(after));
  }
  return std::nullopt;
}

} // namespace

// Nobody listens there any more: what is left of earlier connections holds the port.
Cases port_lingers(const Ground& ground) {
  Cases cases;
  for (const model::Call* bind : taken_binds(ground)) {
    const Holders holders = holders_of(ground, *bind);
    if (holders.listens || !holders.lingers || had_option(ground, *bind, "SO_REUSEADDR")) continue;
    cases.push_back({bind,
                     {},
                     {{"address", about(*holders.lingers, "address")},
                      {"state", about(*holders.lingers, "state")}}});
  }
  return cases;
}

Cases port_taken(const Ground& ground) {
  Cases cases;
  for (const model::Call* bind : taken_binds(ground)) {
    const model::Note* holder = holders_of(ground, *bind).listens;
    if (!holder) continue;
    const std::string_view pid = about(*holder, "pid");
    Said who = tr("a process that is not to be seen from here");
    if (!pid.empty())
      who = {tr("process {pid} ({command})"),
             {{"pid", pid}, {"command", about(*holder, "command")}}};
    cases.push_back({bind, {}, {{"address", about(*holder, "address")}, {"who", who}}});
  }
  return cases;
}

// The port's two bytes are the wrong way round: the number that the program writes is the swapped
// one, and a line of it sets a port as it is.
Cases missing_htons(const Ground& ground) {
  Cases cases;
  each_address(ground, [&](const model::Call& call, const NamedAddress& address) {
    const std::uint16_t meant = swapped(address.port);
    const SourceFacts* facts = ground.source_facts(call.place);
    if (address.port == 0 || meant == address.port || !facts || facts->bare_port_line == 0) return;
    const Step* step = ground.step_of(call);
    const auto& argv = ground.story.sides[step->side].argv;
    const bool given = std::ranges::find(argv, std::to_string(meant)) != argv.end();
    if (facts->number_lines.contains(address.port)) return;
    if (!given && !facts->number_lines.contains(meant)) return;
    cases.push_back({&call,
                     {},
                     {{"port", address.port},
                      {"meant", meant},
                      {"line", line_label(ground.story, call.place.file, facts->bare_port_line)}}});
  });
  return cases;
}

// A listening socket without an address gets any port. Who asks for it afterwards has meant that.
Cases listen_before_bind(const Ground& ground) {
  Cases cases;
  for (const auto& [id, socket] : ground.story.sockets) {
    const Doings* doings = ground.chronicle.find(id);
    if (!doings || doings->listens.empty() || doings->made.empty()) continue;
    const model::Socket& last = *socket.last;
    if (last.family != "AF_INET" && last.family != "AF_INET6") continue;
    const model::Call& listen = *doings->listens.front();
    if (!ground.written(listen)) continue;
    if (!doings->binds.empty() && doings->binds.front()->id < listen.id) continue;
    Case found{&listen, {}, {}};
    const model::Call* failed = nullptr;
    bool asked = false;
    for (const model::Call* call : ground.about(id)) {
      asked = asked || call->name == "getsockname";
      if (call->name == "bind" && call->id > listen.id && !failed) failed = call;
    }
    if (asked) continue;
    if (failed) found.evidence.push_back(failed);
    cases.push_back(std::move(found));
  }
  return cases;
}

Cases wrong_family(const Ground& ground) {
  Cases cases;
  each_address(ground, [&](const model::Call& call, const NamedAddress& address) {
    const SocketStory* socket = ground.socket_of(call);
    const bool refused = failed_with(call, "EAFNOSUPPORT") || failed_with(call, "EINVAL");
    if (!socket || !refused || !size_of(address.family)) return;
    const std::string& family = socket->last->family;
    if (family.empty() || family == address.family) return;
    Case found{&call, {}, {{"family", family}, {"given", address.family}}};
    if (socket->made_in) found.evidence.push_back(&ground.story.steps[*socket->made_in].main());
    cases.push_back(std::move(found));
  });
  return cases;
}

Cases wrong_length(const Ground& ground) {
  Cases cases;
  each_address(ground, [&](const model::Call& call, const NamedAddress& address) {
    const SocketStory* socket = ground.socket_of(call);
    const Size* size = size_of(address.family);
    const auto length = number_argument(call, "addrlen");
    if (!size || !length || !socket || socket->last->family != address.family) return;
    if (*length >= size->least && *length <= size->most) return;
    cases.push_back({&call,
                     {},
                     {{"given", *length},
                      {"structure", size->structure},
                      {"size", size->most},
                      {"family", address.family}}});
  });
  return cases;
}

// The room that the program names was too small for the address, or was never set.
Cases cut_address(const Ground& ground) {
  Cases cases;
  for (const Step& step : ground.story.steps)
    for (const model::Call* call : step.calls) {
      const model::Field* length = argument(*call, "addrlen");
      if (!length || length->after.empty() || !succeeded(*call) || !ground.written(*call)) continue;
      const auto room = number_of(length->before);
      const auto size = number_of(length->after);
      if (!room || !size || *room < 0 || *size <= *room) continue;
      cases.push_back({call, {}, {{"room", *room}, {"size", *size}}});
    }
  return cases;
}

// The number alone cannot tell: SO_REUSEADDR|SO_REUSEPORT is SO_REUSEPORT. The program's text can.
Cases ored_options(const Ground& ground) {
  Cases cases;
  for (const Step& step : ground.story.steps)
    for (const model::Call* call : step.calls) {
      if (call->name != "setsockopt" || !ground.written(*call)) continue;
      auto names = ored_names(call->place.text);
      if (!names) names = ored_names(ground.source_line(call->place));
      const auto number = number_argument(*call, "optname");
      if (!names || !number) continue;
      const model::Field* option = argument(*call, "optname");
      const auto* symbol = option->shown().get<model::Symbol>();
      const bool known = symbol && !symbol->name.empty();
      cases.push_back(
          {call,
           {},
           {{"one", names->first},
            {"other", names->second},
            {"number", *number},
            {"option", known ? Said(as_it_is(symbol->name)) : Said(tr("no option's name"))}}});
    }
  return cases;
}

} // namespace socktale::reports::rule
