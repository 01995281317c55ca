#include "reports/findings_ground.hpp"

#include "reports/payload.hpp"
#include "reports/steps.hpp"

#include <algorithm>
#include <charconv>

namespace socktale::reports {
namespace {

bool in_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Whole numbers of a line, not parts of names or of fractions.
void note_numbers(std::string_view line, int number_of_line, SourceFacts& facts) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!in_word(line[at])) continue;
    std::size_t end = at;
    while (end < line.size() && in_word(line[end])) ++end;
    std::uint32_t number = 0;
    const char* const last = line.data() + end;
    const auto read = std::from_chars(line.data() + at, last, number);
    if (read.ec == std::errc() && read.ptr == last && number <= UINT16_MAX)
      facts.number_lines.try_emplace(number, number_of_line);
    at = end;
  }
}

// "addr.sin_port = port;": the number as it is. htons(3) and its like turn it round.
bool sets_bare_port(std::string_view line) {
  for (const std::string_view name : {"sin_port", "sin6_port"}) {
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos) continue;
    std::string_view rest = line.substr(at + name.size());
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (!rest.starts_with('=') || rest.starts_with("==")) continue;
    constexpr std::string_view turners[] = {"hton",    "ntoh",     "htobe", "bswap",
                                            "in_port", "in6_port", "s_port"};
    const bool turned = std::ranges::any_of(turners, [&](std::string_view turner) {
      return rest.find(turner) != std::string_view::npos;
    });
    if (!turned) return true;
  }
  return false;
}

SourceFacts facts_of(const std::vector<std::string_view>& lines) {
  SourceFacts facts;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const int number = static_cast<int>(i + 1);
    note_numbers(lines[i], number, facts);
    if (facts.bare_port_line == 0 && sets_bare_port(lines[i])) facts.bare_port_line = number;
  }
  return facts;
}

} // namespace

Ground::Ground(const Story& told) : story(told), chronicle(chronicle_of(told)) {
  read_calls();
  read_events();
  read_processes();
  read_sources();
  read_connections();
}

void Ground::read_calls() {
  for (Index i = 0; i < story.steps.size(); ++i)
    for (const model::Call* call : story.steps[i].calls) {
      step_of_[call] = i;
      if (call->socket) about_[*call->socket].push_back(call);
    }
  for (auto& [id, calls] : about_) std::ranges::sort(calls, {}, &model::Call::id);
}

// A note about a call follows the call, before the next one of that process.
void Ground::read_events() {
  std::map<Pid, const model::Call*> last;
  std::map<Tid, std::pair<Pid, std::size_t>> threads;
  for (const model::Event& event : story.trace->events) {
    end = std::max(end, event.at);
    if (const auto* call = std::get_if<model::Call>(&event.body)) {
      last[call->pid] = call;
    } else if (const auto* note = std::get_if<model::Note>(&event.body)) {
      const auto before = note->pid ? last.find(*note->pid) : last.end();
      if (before != last.end()) notes_[before->second].push_back(note);
    } else if (const auto* signal = std::get_if<model::Signal>(&event.body)) {
      signals_.emplace(signal->pid, signal->name);
    } else if (const auto* born = std::get_if<model::TaskBorn>(&event.body)) {
      threads[born->tid] = {born->pid, threads_[born->pid].size()};
      threads_[born->pid].push_back(at_no_time);
    } else if (const auto* gone = std::get_if<model::TaskGone>(&event.body)) {
      if (const auto thread = threads.extract(gone->tid))
        threads_[thread.mapped().first][thread.mapped().second] = event.at;
      if (gone->last) gone_[gone->pid] = gone;
    }
  }
  for (auto& [pid, ends] : threads_) std::ranges::sort(ends);
}

void Ground::read_processes() {
  std::map<Pid, Instant> born;
  std::map<Pid, Instant> gone;
  for (const model::Event& event : story.trace->events) {
    if (const auto* one = std::get_if<model::TaskBorn>(&event.body))
      born.try_emplace(one->pid, event.at);
    if (const auto* one = std::get_if<model::TaskGone>(&event.body))
      if (one->last) gone[one->pid] = event.at;
  }
  for (const Process& process : story.processes) {
    const auto from = born.find(process.pid);
    const auto to = gone.find(process.pid);
    const bool launched = process.parent && process.images.size() > 1;
    side_of_[process.pid] = process.side;
    lives_[process.side].push_back({process.pid, from != born.end() ? from->second : Instant(),
                                    to != gone.end() ? to->second : at_no_time, launched});
  }
}

void Ground::read_sources() {
  for (const model::SourceFile* source : story.sources) {
    const auto [lines, fresh] = lines_.try_emplace(source->file, lines_of(source->text));
    if (fresh) facts_.emplace(source->file, facts_of(lines->second));
  }
}

void Ground::read_connections() {
  for (Index i = 0; i < story.connections.size(); ++i) {
    const Connection& connection = story.connections[i];
    if (connection.kind != Connection::Kind::stream) continue;
    for (const std::size_t each : {0UZ, 1UZ})
      if (connection.ends.at(each)) ends_.try_emplace(*connection.ends.at(each), EndOf{i, each});
    const Step* step = connection.connect ? step_of(*connection.connect) : nullptr;
    if (!step || !connection.addresses[1]) continue;
    model::CallId& latest = connected_[{step->side, connection.addresses[1]->port}];
    latest = std::max(latest, connection.connect->id);
  }
}

bool Ground::written(const model::Call& call) const {
  if (call.place.kind != model::PlaceKind::call || call.place.file.empty()) return false;
  return api_row(api_of(call.place)) != nullptr;
}

const Step* Ground::step_of(const model::Call& call) const {
  const auto found = step_of_.find(&call);
  return found != step_of_.end() ? &story.steps[found->second] : nullptr;
}

std::optional<EndOf> Ground::end_of(std::optional<model::SocketId> id) const {
  const auto found = id ? ends_.find(*id) : ends_.end();
  return found != ends_.end() ? std::optional(found->second) : std::nullopt;
}

const Calls& Ground::about(model::SocketId id) const {
  static const Calls none;
  const auto found = about_.find(id);
  return found != about_.end() ? found->second : none;
}

const model::Call* Ground::next_about(const model::Call& call) const {
  if (!call.socket) return nullptr;
  const Calls& calls = about(*call.socket);
  const auto after = std::ranges::upper_bound(calls, call.id, {}, &model::Call::id);
  return after != calls.end() ? *after : nullptr;
}

const SocketStory* Ground::socket_of(const model::Call& call) const {
  const auto found = call.socket ? story.sockets.find(*call.socket) : story.sockets.end();
  return found != story.sockets.end() ? &found->second : nullptr;
}

std::span<const model::Note* const> Ground::notes_on(const model::Call& call) const {
  const auto found = notes_.find(&call);
  return found != notes_.end() ? std::span<const model::Note* const>(found->second)
                               : std::span<const model::Note* const>();
}

bool Ground::was_signalled(Pid pid, std::string_view signal) const {
  return signals_.contains({pid, signal});
}

bool Ground::was_stopped(Pid pid) const {
  constexpr std::string_view enders[] = {"SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"};
  return std::ranges::any_of(enders, [&](auto signal) { return was_signalled(pid, signal); });
}

std::optional<int> Ground::exit_status(Pid pid) const {
  const auto found = gone_.find(pid);
  return found != gone_.end() ? found->second->status : std::nullopt;
}

std::size_t Ground::threads_after(Pid pid, Instant at) const {
  const auto found = threads_.find(pid);
  if (found == threads_.end()) return 0;
  const std::vector<Instant>& ends = found->second;
  return static_cast<std::size_t>(ends.end() - std::ranges::upper_bound(ends, at));
}

std::vector<Pid> Ground::relatives_of(Pid pid, Instant at) const {
  const auto side = side_of_.find(pid);
  std::vector<Pid> out;
  if (side == side_of_.end()) return out;
  for (const Life& life : lives_.at(side->second))
    if (!life.launched && life.from <= at && at < life.to) out.push_back(life.pid);
  return out;
}

bool Ground::connected_later(const model::Call& call, std::uint16_t port) const {
  const Step* step = step_of(call);
  const auto found = step ? connected_.find({step->side, port}) : connected_.end();
  return found != connected_.end() && found->second > call.id;
}

const SourceFacts* Ground::source_facts(const model::Place& place) const {
  const auto found = facts_.find(place.file);
  return found != facts_.end() ? &found->second : nullptr;
}

std::string_view Ground::source_line(const model::Place& place, int after) const {
  const auto found = lines_.find(place.file);
  const std::int64_t line = std::int64_t{place.span.line} + after;
  if (found == lines_.end() || place.span.line < 1 || line < 1) return {};
  const auto index = static_cast<std::size_t>(line - 1);
  return index < found->second.size() ? found->second[index] : std::string_view();
}

std::optional<NamedAddress> named_address(const model::Call& call) {
  for (const model::Field& field : call.args) {
    const auto text = address_text(field.shown());
    const model::Field* family = member(field.shown(), "sa_family");
    const auto* symbol = family ? family->shown().get<model::Symbol>() : nullptr;
    if (!symbol) continue;
    NamedAddress out{symbol->name, text.value_or(""), {}, 0};
    for (const char* name : {"sin_port", "sin6_port"}) {
      const model::Field* port = member(field.shown(), name);
      const auto number = port ? number_of(port->shown()) : std::nullopt;
      if (number) out.port = static_cast<std::uint16_t>(*number);
      if (port && text) out.host = text->substr(0, text->rfind(':'));
    }
    return out;
  }
  return std::nullopt;
}

std::optional<std::int64_t> number_argument(const model::Call& call, std::string_view name) {
  const model::Field* field = argument(call, name);
  return field ? number_of(field->before.empty() ? field->after : field->before) : std::nullopt;
}

std::string kept_bytes(const model::Call& call) {
  std::vector<Message> messages = messages_of(call);
  return messages.size() == 1 ? std::move(messages[0].kept) : std::string();
}

std::uint64_t asked_for(const model::Call& call) {
  const std::vector<Message> messages = messages_of(call);
  return messages.size() == 1 ? messages[0].asked : 0;
}

} // namespace socktale::reports
