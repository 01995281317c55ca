#include "reports/page_calls.hpp"

#include "reports/explain_rows.hpp"
#include "reports/facts.hpp"
#include "reports/kernel_functions.hpp"
#include "reports/sentences.hpp"
#include "reports/steps.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

constexpr std::size_t most_payload = 1024; // bytes of a call that the page shows
constexpr std::size_t most_chain = 40;     // frames

std::string_view kind_word(model::PlaceKind kind) {
  switch (kind) {
  case model::PlaceKind::call: return "call";
  case model::PlaceKind::leaving: return "leaving";
  case model::PlaceKind::library: return "library";
  case model::PlaceKind::finalizing: return "finalizing";
  case model::PlaceKind::unknown: break;
  }
  return "unknown";
}

// "main  server.py:11", "connect  libc.so.6".
std::string frame_text(const Story& story, const model::Frame& frame) {
  std::string where = frame.file.empty() ? frame.module.substr(frame.module.rfind('/') + 1)
                                         : line_label(story, frame.file, frame.span.line);
  if (!frame.file.empty() && !story.file_labels.contains(frame.file))
    where = where.substr(where.rfind('/') + 1);
  const std::string_view name = frame.function.empty() ? "?" : std::string_view(frame.function);
  return where.empty() ? std::string(name) : fmt::format("{}  {}", name, where);
}

// From the user's line inwards.
PageJson chain_of(const Story& story, const model::Stack* stack) {
  PageJson out = PageJson::array();
  if (stack == nullptr) return out;
  const auto& frames = stack->frames;
  const auto user = std::ranges::find(frames, model::Owner::user, &model::Frame::owner);
  for (auto frame = user == frames.end() ? user : user + 1; frame != frames.begin();) {
    --frame;
    out.push_back(frame_text(story, *frame));
    if (out.size() == most_chain) break;
  }
  return out;
}

PageJson payload_json(const model::Call& call) {
  const auto bytes = payload_of(call);
  const Direction direction = direction_of(call);
  if (!bytes || direction == Direction::neither) return nullptr;
  return {{"direction", direction == Direction::in ? "in" : "out"},
          {"length", bytes->length},
          {"data", to_base64(std::string_view(bytes->data).substr(0, most_payload))},
          {"withheld", bytes->withheld}};
}

const CallPage* help_of(std::string_view name) {
  const auto pages = call_pages();
  const auto page = std::ranges::find(pages, name, &CallPage::name);
  return page != pages.end() ? &*page : nullptr;
}

} // namespace

PageJson page_side(const Story& story, const PageIndex& index, PagePhrases& phrases, Index number) {
  const Side& side = story.sides[number];
  std::int64_t file = page_none;
  for (const Index step : side.steps)
    if (is_user_code(story.steps[step].place())) {
      file = index.of_file(story.steps[step].place().file);
      break;
    }
  return {{"role", side.role},
          {"mark", side_mark(side.role, number)},
          {"command", command_text(side)},
          {"runtime", runtime_text(side)},
          {"pid", side.process ? story.processes[*side.process].pid.value : 0},
          {"end", side.gone ? phrases.of(end_text(side)) : PageJson(nullptr)},
          {"file", file}};
}

PageJson page_file(const Story& story, const SourceLines& sources, const std::string& file) {
  PageJson out = {{"label", line_label(story, file, 0)}, {"lines", PageJson::array()}};
  if (const auto* lines = sources.of(file))
    for (const std::string_view line : *lines) out["lines"].push_back(line);
  const auto kept = std::ranges::find(story.sources, file, &model::SourceFile::file);
  const model::SourceFile* source = kept != story.sources.end() ? *kept : nullptr;
  out["changed"] = source && source->changed;
  out["cut"] = source && source->cut;
  return out;
}

PageJson page_place(const Story& story, const SourceLines& sources, const PageIndex& index,
                    PagePhrases& phrases, const PagePlace& each) {
  const model::Place& place = *each.place;
  const Expression expression = expression_of(place);
  const model::Span span = sources.in_characters(place);
  return {{"kind", kind_word(place.kind)},
          {"file", index.of_file(place.file)},
          {"line", span.line},
          {"column", span.column},
          {"end_line", span.end_line},
          {"end_column", span.end_column},
          {"label", line_label(story, place)},
          {"text", expression.code},
          {"note", phrases.of(expression.note)},
          {"function", place.function},
          {"libc", place.libc},
          {"chain", chain_of(story, each.stack)}};
}

PageJson page_call(const Story& story, const PageIndex& index, PagePhrases& phrases,
                   const PageCall& each, std::size_t string_limit) {
  const model::Call& call = *each.call;
  const Step& step = story.steps[each.step];
  PageJson out = {{"side", step.side}, {"pid", call.pid.value}, {"tid", call.tid.value}};
  out["name"] = call.name;
  out["nr"] = call.number;
  out["via"] = call.via;
  out["place"] = index.place_of(call);
  out["step"] = each.step;
  out["hidden"] = each.hidden;
  out["text"] = call_text(call, string_limit);
  PageJson& args = out["args"] = PageJson::array();
  for (const model::Field& field : call.args)
    args.push_back({field.name, field_text(field, string_limit)});
  out["result"] = call.outcome ? "= " + result_text(call, string_limit) : "";
  out["error"] = call.outcome ? call.outcome->error_name : "";
  out["trouble"] = is_trouble(call);
  out["says"] = phrases.of(sentence(call, socket_of(story, call)));
  out["socket"] = index.of(call.socket);
  std::int64_t makes = page_none;
  if (makes_socket(call) && succeeded(call))
    makes = call.touched.empty() ? index.of(call.socket) : index.of(call.touched.front());
  out["makes"] = makes;
  out["entered"] = call.entered.ns;
  out["left"] = call.outcome ? call.outcome->left.ns : page_none;
  out["payload"] = payload_json(call);
  return out;
}

PageJson page_step(const PageIndex& index, const Step& step) {
  PageJson calls = PageJson::array();
  for (const model::Call* call : step.calls)
    if (const std::int64_t number = index.of(call); number != page_none) calls.push_back(number);
  if (calls.empty()) return nullptr;
  const std::int64_t main = index.of(&step.main());
  PageJson out = {{"side", step.side}, {"number", step.number}};
  out["api"] = step.api.empty() ? step.main().name.text() : step.api;
  out["place"] = main != page_none ? index.place_of(step.main()) : page_none;
  out["main"] = main != page_none ? PageJson(main) : calls[0];
  out["calls"] = std::move(calls);
  return out;
}

PageJson page_help(const model::Call& call, const model::Socket* socket, PagePhrases& phrases) {
  const CallPage* page = help_of(call.name);
  PageJson out = {{"summary", page ? phrases.of(page->purpose) : PageJson(nullptr)}};
  PageJson& args = out["args"] = PageJson::object();
  for (const model::Field& field : call.args)
    for (const ArgumentPage& argument : argument_pages())
      if (argument.name == field.name &&
          (argument.calls.empty() || lists(argument.calls, call.name))) {
        args[field.name] = phrases.of(argument.meaning);
        break;
      }
  PageJson& kernel = out["kernel"] = PageJson::array();
  std::string_view functions =
      socket ? kernel_functions(call.name, socket->family, socket->type) : std::string_view();
  while (!functions.empty()) {
    const std::size_t end = std::min(functions.find(' '), functions.size());
    kernel.push_back(functions.substr(0, end));
    functions.remove_prefix(std::min(end + 1, functions.size()));
  }
  return out;
}

} // namespace socktale::reports
