// Connects that were refused, and what was listening at that moment instead. Knows only programs
// that are in the trace: of others nothing is said.
#include "reports/findings_rules.hpp"

#include <algorithm>
#include <map>

namespace socktale::reports::rule {
namespace {

struct Listening {
  std::string family, host, text; // "127.0.0.1", "127.0.0.1:80"; hosts of inet6 as "[::1]"
  std::uint16_t port = 0;
  const model::Call* listen = nullptr;
  Instant from, to;
  const model::Call* v6only = nullptr; // the call that set it
};

// A hostile trace may have any number of listening sockets; so many are looked at for one connect.
constexpr std::size_t most_looked_at = 32;

const model::Call* v6only_call(const Ground& ground, model::SocketId id) {
  for (const model::Call* call : ground.about(id)) {
    const model::Field* name = call->name == "setsockopt" ? argument(*call, "optname") : nullptr;
    const auto* symbol = name ? name->shown().get<model::Symbol>() : nullptr;
    if (symbol && symbol->name == "IPV6_V6ONLY" && number_argument(*call, "optval") == 1)
      return call;
  }
  return nullptr;
}

class Listeners {
 public:
  explicit Listeners(const Ground& ground) {
    for (const auto& [id, socket] : ground.story.sockets) {
      const Doings* doings = ground.chronicle.find(id);
      const auto& local = socket.last->local;
      if (!doings || doings->listens.empty() || !local || local->port == 0) continue;
      const std::string text = endpoint_text(*local);
      all_.push_back({local->family, text.substr(0, text.rfind(':')), text, local->port,
                      doings->listens.front(), left_of(*doings->listens.front()),
                      doings->gone_at.value_or(at_no_time), v6only_call(ground, id)});
    }
    std::ranges::sort(all_, {},
                      [](const Listening& each) { return std::pair(each.from, each.listen->id); });
    for (const Listening& each : all_) by_port_[each.port].push_back(&each);
  }

  // On the port, in the order in which they began to listen.
  [[nodiscard]] const std::vector<const Listening*>& at(std::uint16_t port) const {
    static const std::vector<const Listening*> none;
    const auto found = by_port_.find(port);
    return found != by_port_.end() ? found->second : none;
  }
  [[nodiscard]] const std::vector<Listening>& all() const { return all_; }

 private:
  std::vector<Listening> all_;
  std::map<std::uint16_t, std::vector<const Listening*>> by_port_;
};

enum class Why { unknown, swapped, other_loopback, only_inet6, too_early, elsewhere };

struct Refusal {
  Why why = Why::unknown;
  const model::Call* connect = nullptr;
  std::string wanted;
  std::vector<const Listening*> instead;
};

bool listens_during(const Listening& each, const model::Call& connect) {
  return each.from <= connect.entered && left_of(connect) < each.to;
}

bool covers(const Listening& each, const NamedAddress& wanted) {
  if (each.family != wanted.family) return each.host == "[::]" && !each.v6only;
  return each.host == wanted.host || each.host == "0.0.0.0" || each.host == "[::]";
}

Refusal explain(const Listeners& listeners, const model::Call& connect,
                const NamedAddress& wanted) {
  Refusal refusal{Why::unknown, &connect, wanted.text, {}};
  const auto is = [&](Why why, const Listening* each) {
    refusal.why = why;
    refusal.instead.push_back(each);
    return refusal;
  };
  const std::uint16_t turned = swapped(wanted.port);
  for (const Listening* each : listeners.at(turned == wanted.port ? 0 : turned))
    if (listens_during(*each, connect)) return is(Why::swapped, each);
  std::size_t looked_at = 0;
  for (const Listening* each : listeners.at(wanted.port)) {
    if (++looked_at > most_looked_at) break;
    if (listens_during(*each, connect) && each->family != wanted.family)
      return is(each->host == "[::]" && each->v6only ? Why::only_inet6 : Why::other_loopback, each);
    if (each->from > left_of(connect) && covers(*each, wanted)) return is(Why::too_early, each);
  }
  looked_at = 0;
  constexpr std::size_t most_told = 3;
  for (const Listening& each : listeners.all()) {
    if (++looked_at > most_looked_at || refusal.instead.size() == most_told) break;
    if (listens_during(each, connect)) is(Why::elsewhere, &each);
  }
  return refusal;
}

// Refused connects of the user's that were the last word: who tried again with success has reckoned
// with it. They point into `listeners`.
std::vector<Refusal> refusals(const Ground& ground, const Listeners& listeners) {
  std::vector<Refusal> out;
  for (const Step& step : ground.story.steps)
    for (const model::Call* call : step.calls) {
      if (call->name != "connect" || !failed_with(*call, "ECONNREFUSED")) continue;
      const auto wanted = named_address(*call);
      if (!wanted || wanted->port == 0 || !ground.written(*call)) continue;
      if (ground.connected_later(*call, wanted->port)) continue;
      out.push_back(explain(listeners, *call, *wanted));
    }
  return out;
}

Cases cases_of(const Ground& ground, Why why) {
  Cases cases;
  if (!ground.story.one_clock) return cases;
  const Listeners listeners(ground);
  for (const Refusal& refusal : refusals(ground, listeners)) {
    if (refusal.why != why) continue;
    Case found{refusal.connect, {}, {{"wanted", refusal.wanted}}};
    std::string listening;
    for (const Listening* each : refusal.instead) {
      found.evidence.push_back(each->listen);
      listening += (listening.empty() ? "" : ", ") + each->text;
      if (why == Why::only_inet6) found.evidence.push_back(each->v6only);
    }
    found.words.emplace_back("listening", listening);
    cases.push_back(std::move(found));
  }
  return cases;
}

} // namespace

Cases swapped_ports(const Ground& ground) { return cases_of(ground, Why::swapped); }
Cases refused_elsewhere(const Ground& ground) { return cases_of(ground, Why::elsewhere); }
Cases refused_too_early(const Ground& ground) { return cases_of(ground, Why::too_early); }
Cases other_loopback(const Ground& ground) { return cases_of(ground, Why::other_loopback); }
Cases only_inet6(const Ground& ground) { return cases_of(ground, Why::only_inet6); }

} // namespace socktale::reports::rule
