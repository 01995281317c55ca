#include "reports/kernel_view_text.hpp"

#include "reports/markdown_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"
#include "tracer/model/json.hpp"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr Phrase heading = tr("What netstat and ss would have shown");

// A row may be older than the others, where there were too many sockets to ask for all at once.
Said older_text(const KernelView& view) {
  std::size_t older = 0;
  Instant oldest = view.at;
  for (const ViewRow& row : view.rows) {
    if (row.sample->taken == view.at) continue;
    ++older;
    oldest = std::min(oldest, row.sample->taken);
  }
  if (older == 0) return {};
  return {tr("Sampled earlier, the first {time} before: {older} of the {rows} rows."),
          {{"time", duration_text(view.at.ns - oldest.ns)},
           {"older", older},
           {"rows", view.rows.size()}}};
}

// What was sampled and when, a sentence each.
std::vector<Said> sampled_texts(const Story& story, const DocumentCheck& check) {
  const Step& step = story.steps[check.step];
  const std::string line = line_label(story, step.place());
  Words words = {{"time", duration_text(check.view.at.ns)},
                 {"side", role_text(story.sides[step.side].role)},
                 {"step", line.empty() ? Said{tr("step {number}"), {{"number", step.number}}}
                                       : Said{tr("step {number} ({line})"),
                                              {{"number", step.number}, {"line", line}}}}};
  std::vector<Said> out;
  out.emplace_back(check.exact ? tr("Sampled from the kernel {time} after the recording began, "
                                    "right after {side} {step} had received the first message.")
                               : tr("Sampled from the kernel {time} after the recording began, the "
                                    "last time before {side} {step} had received the first "
                                    "message."),
                   std::move(words));
  out.emplace_back(tr("Only the sockets of the traced programs and their other ends; addresses and "
                      "ports as numbers."));
  if (Said older = older_text(check.view); !older.empty()) out.push_back(std::move(older));
  return out;
}

std::string sampled_text(const Story& story, const DocumentCheck& check, Language language) {
  std::string out;
  for (const Said& said : sampled_texts(story, check)) {
    if (!out.empty() && language == Language::en) out += ' ';
    out += say(language, said);
  }
  return out;
}

struct Block {
  std::string_view command;
  std::string output;
};
std::vector<Block> blocks(const KernelView& view) {
  std::vector<Block> out;
  if (auto text = netstat_an(view); !text.empty()) out.push_back({"netstat -an", std::move(text)});
  for (const SsTable table :
       {SsTable::established, SsTable::tcp, SsTable::udp, SsTable::unix_socket})
    if (auto text = ss(view, table); !text.empty())
      out.push_back({command_of(table), std::move(text)});
  return out;
}

Json end_json(const std::optional<model::Endpoint>& end) {
  return end ? model::to_json(*end) : Json(nullptr);
}

Json socket_json(const SampledSocket& socket) {
  const model::SocketState& is = *socket.is;
  Json out = {{"socket", is.socket ? Json(is.socket->value) : Json(nullptr)}};
  out["inode"] = is.inode;
  out["peer_inode"] = is.peer_inode;
  out["family"] = is.family;
  out["type"] = is.type;
  out["protocol"] = is.protocol;
  out["state"] = is.state.empty() ? Json(nullptr) : Json(is.state);
  out["local"] = end_json(is.local);
  out["peer"] = end_json(is.peer);
  out["recv_queue"] = is.recv_queue;
  out["send_queue"] = is.send_queue;
  out["timer"] = is.timer.empty() ? Json(nullptr) : Json(is.timer);
  out["timer_ms"] = is.timer_ms;
  out["retransmits"] = is.retransmits;
  out["new"] = socket.was == nullptr;
  out["changes"] = Json::array();
  for (const Changed& changed : socket.changes)
    out["changes"].push_back({{"what", changed.what}, {"was", changed.was}, {"is", changed.is}});
  return out;
}

} // namespace

std::string markdown_kernel_view(const Story& story, const Options& options) {
  const auto check = document_check(story);
  if (!check) return "";
  std::string out = fmt::format("## {}\n\n{}\n\n", md_text(say(options.language, heading)),
                                md_text(sampled_text(story, *check, options.language)));
  for (const Block& block : blocks(check->view)) {
    out += "```text\n$ ";
    out += block.command;
    out += '\n' + block.output + "```\n\n";
  }
  return out;
}

void terminal_kernel_view(TerminalText& text, const Story& story, const Options& options) {
  const auto check = document_check(story);
  if (!check) return;
  text.blank();
  text.heading({{text.told(heading), Style::strong}});
  text.line({{sampled_text(story, *check, options.language)}});
  for (const Block& block : blocks(check->view)) {
    text.line({{"$ "}, {std::string(block.command), Style::strong}});
    std::istringstream lines(block.output);
    for (std::string line; std::getline(lines, line);) text.line({{line}});
  }
}

Json json_sample(const SampleStory& told) {
  Json out = {{"at_ns", told.sample->taken.ns}};
  out["call"] = told.sample->call ? Json(told.sample->call->value) : Json(nullptr);
  out["at_entry"] = told.sample->at_entry;
  out["sockets"] = Json::array();
  for (const SampledSocket& socket : told.sockets) out["sockets"].push_back(socket_json(socket));
  return out;
}

Json json_document_check(const Story& story, const Options& options) {
  const auto check = document_check(story);
  if (!check) return nullptr;
  const Step& step = story.steps[check->step];
  Json out = {{"side", story.sides[step.side].role}, {"step", step.number}};
  out["at_ns"] = check->view.at.ns;
  out["says"] = sampled_text(story, *check, options.language);
  out["outputs"] = Json::array();
  for (const Block& block : blocks(check->view))
    out["outputs"].push_back({{"command", block.command}, {"text", block.output}});
  return out;
}

} // namespace socktale::reports
