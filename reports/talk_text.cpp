#include "reports/talk_text.hpp"

#include "reports/facts.hpp"
#include "reports/markdown_text.hpp"
#include "reports/sentences.hpp"
#include "reports/talk_rows.hpp"
#include "reports/wording.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

constexpr std::size_t most_connections = 50;
constexpr std::size_t most_waits = 5;

// "server", or "sh (process 812)" where the side has several.
Said party(const Side& side, Pid pid) {
  if (side.processes < 2) return role_text(side.role);
  return {process_text, {{"side", role_text(side.role)}, {"pid", pid.value}}};
}

Said party(const Story& story, Index process) {
  const Process& one = story.processes[process];
  return party(story.sides[one.side], one.pid);
}

// A socket that several processes have had is its side's.
Said party(const Story& story, model::SocketId id) {
  const auto found = story.sockets.find(id);
  if (found == story.sockets.end()) return as_it_is("?");
  const SocketStory& socket = found->second;
  const Side& side = story.sides[socket.side];
  const auto& had = socket.descriptors; // sorted by process
  const bool one = !had.empty() && had.front().pid == had.back().pid;
  return one ? party(side, had.front().pid) : role_text(side.role);
}

// "send (client.py:20)".
std::string call_label(const Story& story, const model::Call& call) {
  const std::string line = line_label(story, call.place);
  return line.empty() ? call.name.text() : fmt::format("{} ({})", call.name, line);
}

EndRow::Case case_of(const Connection& connection) {
  if (connection.reset) return EndRow::Case::reset;
  if (connection.closed_first) {
    const std::size_t first = *connection.closed_first;
    return connection.endings.at(first).by ? EndRow::Case::first_call : EndRow::Case::first_exit;
  }
  const bool open = std::ranges::all_of(
      connection.endings, [](const Ending& ending) { return ending.how == Ended::open; });
  return open ? EndRow::Case::still_open : EndRow::Case::unknown_first;
}

// Those worth telling: the longest, in the order in which they began.
std::vector<const Wait*> notable(const Story& story) {
  std::vector<const Wait*> out;
  for (const Wait& wait : story.waits) out.push_back(&wait);
  const auto most = static_cast<std::ptrdiff_t>(std::min(most_waits, out.size()));
  std::ranges::partial_sort(out, out.begin() + most, std::ranges::greater{}, &Wait::ns);
  out.resize(static_cast<std::size_t>(most));
  std::ranges::sort(out, {}, [](const Wait* wait) { return wait->call->id; });
  return out;
}

Said more(Phrase text, std::size_t all, std::size_t listed) {
  return all > listed ? Said{text, {{"count", all - listed}}} : Said{};
}

Said kind_of(const Story& story, const Connection& connection) {
  const auto& some = connection.ends[0] ? connection.ends[0] : connection.ends[1];
  return some ? socket_kind(*story.sockets.at(*some).last) : as_it_is("?");
}

// What an end is worth being called in a table: its side and address.
Said end_cell(const Story& story, const Connection& connection, std::size_t end) {
  const auto& address = connection.addresses.at(end);
  Said label = end_label(story, connection, end);
  if (!connection.ends.at(end) || !address) return label;
  return {tr("{side}, {address}"),
          {{"side", std::move(label)}, {"address", endpoint_text(*address)}}};
}

std::size_t listed(const Story& story) {
  return std::min(most_connections, story.connections.size());
}

} // namespace

Said end_label(const Story& story, const Connection& connection, std::size_t end) {
  if (connection.ends.at(end)) return party(story, *connection.ends.at(end));
  const auto& address = connection.addresses.at(end);
  return as_it_is(address ? endpoint_text(*address) : "?");
}

Said end_sentence(const Story& story, const Connection& connection) {
  if (connection.kind == Connection::Kind::datagram) return {};
  Words words;
  if (connection.closed_first) {
    const std::size_t first = *connection.closed_first;
    words.emplace_back("first", end_label(story, connection, first));
    if (const model::Call* by = connection.endings.at(first).by)
      words.emplace_back("by", call_label(story, *by));
  }
  const auto rows = end_rows();
  const auto row = std::ranges::find(rows, case_of(connection), &EndRow::is);
  return row != rows.end() ? Said{row->text, std::move(words)} : Said{};
}

Said wait_sentence(const Story& story, const Wait& wait) {
  Words words = {{"side", party(story, wait.process)},
                 {"time", duration_text(wait.ns)},
                 {"call", call_label(story, *wait.call)}};
  if (wait.released_by) {
    words.emplace_back("other", wait.by_process ? party(story, *wait.by_process) : as_it_is("?"));
    words.emplace_back("by", call_label(story, *wait.released_by));
  }
  for (const WaitRow& row : wait_rows())
    if (row.until == wait.until && row.told == (wait.released_by != nullptr))
      return {row.text, std::move(words)};
  return {};
}

Said deadlock_sentence(const Story& story, const Deadlock& deadlock) {
  const auto& [one, other] = deadlock.calls;
  return {deadlock_text,
          {{"one", party(story, deadlock.processes[0])},
           {"call", call_label(story, *one)},
           {"other", party(story, deadlock.processes[1])},
           {"other_call", call_label(story, *other)}}};
}

Said join_sentence(const model::Note& note) {
  Words words;
  for (const auto& [name, value] : note.about) words.emplace_back(name, value);
  for (const JoinRow& row : join_rows())
    if (row.code == note.code) return {row.text, std::move(words)};
  return {};
}

std::string markdown_talk(const Story& story, const Options& options) {
  if (story.connections.empty() && story.waits.empty()) return "";
  const auto told = [&](const Said& said) { return md_text(say(options.language, said)); };
  std::string out;
  if (!story.connections.empty()) {
    out += fmt::format("## {}\n\n| {} | {} | {} | {} | {} | {} |\n|---|---|---|--:|--:|---|\n",
                       told(connections_heading), told(tr("kind")), told(tr("one end")),
                       told(tr("the other end")), told(tr("bytes →")), told(tr("bytes ←")),
                       told(tr("in the end")));
    for (std::size_t i = 0; i < listed(story); ++i) {
      const Connection& each = story.connections[i];
      out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", told(kind_of(story, each)),
                         told(end_cell(story, each, 0)), told(end_cell(story, each, 1)),
                         std::max(each.sent[0], each.received[1]),
                         std::max(each.sent[1], each.received[0]), told(end_sentence(story, each)));
    }
    out += '\n';
    const Said rest = more(more_connections_text, story.connections.size(), listed(story));
    if (!rest.empty()) out += told(rest) + "\n\n";
  }
  for (const Deadlock& deadlock : story.deadlocks)
    out += fmt::format("> **{}** {}\n\n", told(tr("Deadlock:")),
                       told(deadlock_sentence(story, deadlock)));
  if (story.waits.empty()) return out;
  out += fmt::format("## {}\n\n", told(waits_heading));
  for (const Wait* wait : notable(story))
    out += fmt::format("- {}\n", told(wait_sentence(story, *wait)));
  const Said rest = more(more_waits_text, story.waits.size(), most_waits);
  if (!rest.empty()) out += fmt::format("\n{}\n", told(rest));
  return out += '\n';
}

void terminal_talk(TerminalText& text, const Story& story) {
  if (!story.connections.empty()) {
    text.blank();
    text.heading({{text.told(connections_heading), Style::strong}});
  }
  for (std::size_t i = 0; i < listed(story); ++i) {
    const Connection& each = story.connections[i];
    text.paragraph({{"  "}}, {{text.told(end_cell(story, each, 0)), Style::strong},
                              {" ⇄ "},
                              {text.told(end_cell(story, each, 1)), Style::strong},
                              {"  " + text.told(kind_of(story, each)), Style::dim}});
    const Said bytes = {tr("bytes →: {there}, bytes ←: {back}. {end}"),
                        {{"there", std::max(each.sent[0], each.received[1])},
                         {"back", std::max(each.sent[1], each.received[0])},
                         {"end", end_sentence(story, each)}}};
    text.paragraph({{"    "}}, {{text.told(bytes), Style::dim}});
  }
  const Said rest = more(more_connections_text, story.connections.size(), listed(story));
  if (!rest.empty()) text.paragraph({{"  ... "}}, {{text.told(rest)}});
  for (const Deadlock& deadlock : story.deadlocks)
    text.paragraph({{"! ", Style::bad}}, {{text.told(deadlock_sentence(story, deadlock))}});
  if (story.waits.empty()) return;
  text.blank();
  text.heading({{text.told(waits_heading), Style::strong}});
  for (const Wait* wait : notable(story))
    text.paragraph({{"  "}}, {{text.told(wait_sentence(story, *wait))}});
  const Said short_ones = more(more_waits_text, story.waits.size(), most_waits);
  if (!short_ones.empty()) text.paragraph({{"  ... "}}, {{text.told(short_ones)}});
}

} // namespace socktale::reports
