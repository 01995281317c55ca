#include "reports/lesson.hpp"

#include "tracer/base/errors.hpp"
#include "tracer/base/result.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

// A fact is told by the member that it has; what else it must have comes after it.
struct FactRow {
  std::string_view key;
  LessonFact::Kind kind;
};
constexpr std::array fact_rows = {
    FactRow{"result_of", LessonFact::Kind::result},
    FactRow{"data_of", LessonFact::Kind::data},
    FactRow{"returned", LessonFact::Kind::before},
    FactRow{"waits_in", LessonFact::Kind::waits},
    FactRow{"calls_of", LessonFact::Kind::calls},
    FactRow{"all_calls", LessonFact::Kind::all_calls},
    FactRow{"queue_at", LessonFact::Kind::queue},
    FactRow{"owner_at", LessonFact::Kind::owner},
    FactRow{"sockets_at", LessonFact::Kind::sockets},
};

struct ActRow {
  std::string_view key;
  LessonAct::Do what;
};
constexpr std::array act_rows = {ActRow{"start", LessonAct::Do::start},
                                 ActRow{"type", LessonAct::Do::type},
                                 ActRow{"look", LessonAct::Do::look}};

constexpr Phrase form_hint = tr("the form of lesson.json is told in chat/lessons/README.md");

class Parser {
 public:
  explicit Parser(const std::string& source) : source_(source) {}

  Lesson lesson(const Json& json) {
    only(json, "", {"lesson", "number", "title", "every_call", "programs", "acts", "facts"});
    must(need(json, "lesson", "") == Lesson::current_version, "lesson",
         {tr("must be {version}"), {{"version", Lesson::current_version}}});
    Lesson out;
    const Json& number = need(json, "number", "");
    must(number.is_number_unsigned(), "number", tr("must be a whole number"));
    out.number = number.get<std::size_t>();
    const Json& title = need(json, "title", "");
    only(title, "title", {"en", "zh_CN"});
    out.title_en = text(title, "en", "title");
    out.title_zh_cn = text(title, "zh_CN", "title");
    if (json.contains("every_call")) {
      must(json["every_call"].is_boolean(), "every_call", tr("must be true or false"));
      out.every_call = json["every_call"].get<bool>();
    }
    const Json& programs = need(json, "programs", "");
    must(programs.is_object(), "programs", tr("must be an object: role to command"));
    for (const auto& [role, argv] : programs.items()) out.programs.push_back(program(role, argv));
    roles_ = &out.programs;
    for (const Json& each : array(json, "acts"))
      out.acts.push_back(act(each, fmt::format("acts[{}]", out.acts.size())));
    for (const Json& each : array(json, "facts"))
      out.facts.push_back(fact(each, fmt::format("facts[{}]", out.facts.size())));
    return out;
  }

 private:
  LessonProgram program(const std::string& role, const Json& argv) const {
    const std::string where = "programs." + role;
    must(argv.is_array() && !argv.empty(), where, tr("must be the words of a command"));
    LessonProgram out{role, {}};
    for (const Json& word : argv) {
      must(word.is_string(), where, tr("must be texts"));
      out.argv.push_back(word.get<std::string>());
    }
    return out;
  }

  LessonAct act(const Json& json, const std::string& where) const {
    only(json, where, {"after", "start", "type", "look", "text"});
    LessonAct out;
    if (json.contains("after")) out.after = call(text(json, "after", where), where + ".after");
    const auto row =
        std::ranges::find_if(act_rows, [&](const ActRow& each) { return json.contains(each.key); });
    must(row != act_rows.end(), where, tr("does nothing: it needs start, type or look"));
    out.what = row->what;
    out.subject = text(json, row->key, where);
    if (out.what != LessonAct::Do::look) must_be_role(out.subject, where);
    if (json.contains("text")) out.text = text(json, "text", where);
    return out;
  }

  LessonFact fact(const Json& json, const std::string& where) const {
    must(json.is_object(), where, tr("must be an object"));
    LessonFact out;
    out.name = text(json, "name", where);
    const auto row = std::ranges::find_if(
        fact_rows, [&](const FactRow& each) { return json.contains(each.key); });
    must(row != fact_rows.end(), where, tr("asks for nothing that is known here"));
    out.kind = row->kind;
    only(json, where, {"name", row->key, "before", "state", "side", "is", "at_least"});
    const std::string subject = text(json, row->key, where);
    switch (out.kind) {
    case LessonFact::Kind::before:
      out.other = call(text(json, "before", where), where);
      [[fallthrough]];
    case LessonFact::Kind::result:
    case LessonFact::Kind::data: out.call = call(subject, where); break;
    case LessonFact::Kind::waits: must_be_role(subject, where); [[fallthrough]];
    case LessonFact::Kind::calls: out.call.role = subject; break;
    case LessonFact::Kind::rows:
    case LessonFact::Kind::all_calls: break;
    case LessonFact::Kind::queue:
    case LessonFact::Kind::owner:
    case LessonFact::Kind::sockets:
      out.look = subject;
      out.state = text(json, "state", where);
      out.side = text(json, "side", where);
      must(out.side == "server" || out.side == "client", where, tr("side: is server or client"));
    }
    if (json.contains("is")) out.is = text(json, "is", where);
    if (json.contains("at_least")) {
      must(json["at_least"].is_number_integer(), where, tr("at_least: must be a whole number"));
      out.at_least = json["at_least"].get<std::int64_t>();
    }
    return out;
  }

  // "server recvfrom 2", "client ends".
  CallOf call(const std::string& words, const std::string& where) const {
    std::istringstream in(words);
    CallOf out;
    must(bool(in >> out.role >> out.name), where, tr("must be like \"server recvfrom 2\""));
    in >> out.number;
    must_be_role(out.role, where);
    must(out.number > 0, where, tr("counts from 1"));
    return out;
  }

  void must_be_role(const std::string& role, const std::string& where) const {
    must(std::ranges::find(*roles_, role, &LessonProgram::role) != roles_->end(), where,
         {tr("names \"{role}\", which is no program of the lesson"), {{"role", printable(role)}}});
  }

  const Json& array(const Json& json, const char* name) const {
    const Json& found = need(json, name, "");
    must(found.is_array(), name, tr("must be an array"));
    return found;
  }

  const Json& need(const Json& json, std::string_view name, const std::string& where) const {
    must(json.contains(name), where, {tr("has no \"{name}\""), {{"name", name}}});
    return json.at(std::string(name));
  }

  std::string text(const Json& json, std::string_view name, const std::string& where) const {
    const Json& found = need(json, name, where);
    must(found.is_string(), where.empty() ? std::string(name) : fmt::format("{}.{}", where, name),
         tr("must be a text"));
    return found.get<std::string>();
  }

  void only(const Json& json, const std::string& where,
            std::initializer_list<std::string_view> known) const {
    must(json.is_object(), where, tr("must be an object"));
    for (const auto& [name, value] : json.items())
      must(std::ranges::find(known, name) != known.end(), where,
           {tr("has \"{name}\", which means nothing here"), {{"name", printable(name)}}});
  }

  // Nowhere: in the file itself.
  void must(bool holds, const std::string& where, const Said& fault) const {
    if (holds) return;
    Words words = {{"file", source_}, {"where", printable(where)}, {"fault", fault}};
    throw UserError(
        Exit::bad_data,
        {where.empty() ? tr("{file}: {fault}") : tr("{file}: {where} {fault}"), std::move(words)},
        form_hint);
  }

  const std::string& source_;
  const std::vector<LessonProgram>* roles_ = nullptr;
};

} // namespace

Lesson parse_lesson(std::string_view json, const std::string& source) {
  Json parsed;
  try {
    parsed = Json::parse(json);
  } catch (const Json::parse_error& error) {
    throw UserError(
        Exit::bad_data,
        {tr("{file}: not JSON, at byte {byte}"), {{"file", source}, {"byte", error.byte}}},
        form_hint);
  }
  return Parser(source).lesson(parsed);
}

Lesson read_lesson(const std::string& folder) {
  const std::string path = folder + "/lesson.json";
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw UserError(
        Exit::no_input,
        {tr("cannot open {path}: {why}"), {{"path", path}, {"why", meaning_of_errno(errno)}}},
        tr("socktale lesson lists the lessons that there are"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Lesson lesson = parse_lesson(text, path);
  lesson.name = std::filesystem::path(folder).filename().string();
  return lesson;
}

} // namespace socktale::reports
