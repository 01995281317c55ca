#include "reports/handout.hpp"

#include "tracer/base/result.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of('\n');
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of('\n') - from + 1));
}

std::string part_text(const Handout::Part& part, std::string_view text) {
  return fmt::format("\n## {}\n\n{}\n", part.heading, text);
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Said wanted_text(const LessonFact& fact) {
  if (fact.at_least) return {tr("at least {number}"), {{"number", *fact.at_least}}};
  return fact.is.empty() ? Said(tr("nothing")) : as_it_is(fact.is);
}

std::string missed_text(const Measured& measured, Language language) {
  return say(language, {tr("{fact}: {value}; the lesson needs {wanted}."),
                        {{"fact", question_text(measured.fact)},
                         {"value", measured.value ? as_it_is(printable(*measured.value))
                                                  : Said(tr("not known"))},
                         {"wanted", wanted_text(measured.fact)}}});
}

} // namespace

Handout parse_handout(std::string_view markdown, const std::string& source) {
  constexpr std::string_view mark = "\n## ";
  Handout out;
  const std::array parts = {&out.watch, &out.predict, &out.shown, &out.cures, &out.exercise};
  std::size_t at = markdown.find(mark);
  std::size_t count = 0;
  if (markdown.starts_with("# ")) out.title = trimmed(markdown.substr(2, at - 2));
  while (at != std::string_view::npos) {
    const std::size_t next = markdown.find(mark, at + 1);
    const std::string_view section = markdown.substr(at + mark.size(), next - at - mark.size());
    const std::size_t line = section.find('\n');
    if (count < parts.size())
      *parts.at(count) = {std::string(section.substr(0, line)),
                          line == std::string_view::npos ? "" : trimmed(section.substr(line))};
    ++count;
    at = next;
  }
  if (out.title.empty() || count != parts.size())
    throw UserError(
        Exit::bad_data,
        {tr("{file}: not a title and {parts} parts"), {{"file", source}, {"parts", parts.size()}}},
        tr("the form of a hand-out is told in chat/lessons/README.md"));
  return out;
}

HandoutWords words_of(std::span<const Measured> facts, const model::Header& header) {
  HandoutWords words;
  for (const Measured& measured : facts)
    words[measured.fact.name] = measured.value ? printable(*measured.value) : "?";
  words["kernel"] = printable(header.kernel);
  return words;
}

std::string fill(std::string_view text, const HandoutWords& words) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t shut = text.find('}', open);
    if (shut == std::string_view::npos) break;
    const std::string name(text.substr(open + 1, shut - open - 1));
    const auto word = is_name(name) ? words.find(name) : words.end();
    out += text.substr(0, open);
    out += word == words.end() ? std::string_view("{") : std::string_view(word->second);
    text.remove_prefix(word == words.end() ? open + 1 : shut + 1);
  }
  return out.append(text);
}

bool shows_the_point(std::span<const Measured> facts) {
  return std::ranges::all_of(facts, &Measured::holds);
}

std::string answer(const Handout& handout, std::span<const Measured> facts,
                   const model::Header& header, Language language) {
  if (shows_the_point(facts)) return fill(handout.shown.text, words_of(facts, header));
  std::string out =
      say(language, {tr("This run, on Linux {kernel}, did not show what the lesson is about:"),
                     {{"kernel", printable(header.kernel)}}});
  out += "\n";
  for (const Measured& measured : facts)
    if (!measured.holds) out += "\n- " + missed_text(measured, language);
  return out;
}

std::string looks_table(std::span<const SeenSocket> seen, Language language) {
  constexpr auto row = "{:<11}  {:>6}  {:>6}  {:<21}  {:<21}  {}\n";
  std::string out;
  std::string look;
  for (const SeenSocket& each : seen) {
    if (each.look != look) {
      look = each.look;
      out += fmt::format("{}{}:\n", out.empty() ? "" : "\n", printable(look));
      if (!each.state.empty())
        out += fmt::format(row, "State", "Recv-Q", "Send-Q", "Local", "Peer", "Owner");
    }
    if (each.state.empty())
      out += say(language, tr("(no socket)")) + "\n";
    else
      out += fmt::format(row, printable(each.state), each.recv_queue, each.send_queue,
                         printable(each.local), printable(each.peer),
                         say(language, each.owned ? tr("a process") : tr("none")));
  }
  return out;
}

std::string render_handout(const Handout& handout, std::span<const Measured> facts,
                           const model::Trace& trace, Language language) {
  const model::Header& header = trace.header;
  const HandoutWords words = words_of(facts, header);
  std::string out = fmt::format("# {}\n", handout.title);
  for (const Handout::Part* part : {&handout.watch, &handout.predict})
    out += part_text(*part, fill(part->text, words));
  out += part_text(handout.shown, answer(handout, facts, header, language));
  if (const std::string looks = looks_table(sockets_seen(trace), language); !looks.empty())
    out += fmt::format("\n```text\n# {}\n\n{}```\n", say(language, looks_heading), looks);
  for (const Handout::Part* part : {&handout.cures, &handout.exercise})
    out += part_text(*part, fill(part->text, words));
  return out;
}

} // namespace socktale::reports
