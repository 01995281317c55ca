#include "reports/expect.hpp"

#include "reports/hello_hi.hpp"
#include "reports/strace_text.hpp"
#include "tracer/base/errors.hpp"
#include "tracer/base/result.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <initializer_list>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t largest_file = 1 << 20;
constexpr int deepest = 8; // a call's arguments are never nested deeper

class Parser {
 public:
  explicit Parser(const std::string& source) : source_(source) {}

  Expectation expectation(const Json& json) const {
    must(json.is_object(), tr("the file"), tr("must be a JSON object"));
    const std::int64_t version = integer(need(json, "expects", tr("the file")), "expects");
    must(version == Expectation::current_version, as_it_is("expects"),
         {tr("is {version}, but only {known} is known"),
          {{"version", version}, {"known", Expectation::current_version}}});
    Expectation out;
    only(json, tr("the file"), {"expects", "title", "in_order", "rows"});
    if (json.contains("title")) out.title = text(json["title"], "title");
    if (json.contains("in_order")) {
      must(json["in_order"].is_boolean(), as_it_is("in_order"), tr("must be true or false"));
      out.in_order = json["in_order"].get<bool>();
    }
    const Json& rows = need(json, "rows", tr("the file"));
    must(rows.is_array() && !rows.empty(), as_it_is("rows"),
         tr("must be an array with at least one row"));
    for (const Json& each : rows)
      out.rows.push_back(row(each, fmt::format("rows[{}]", out.rows.size())));
    return out;
  }

 private:
  ExpectedRow row(const Json& json, const std::string& where) const {
    must(json.is_object(), shown(where), tr("must be an object"));
    only(json, shown(where), {"role", "api", "claim", "kernel"});
    ExpectedRow out;
    for (auto [key, into] :
         {std::pair{"role", &out.role}, {"api", &out.api}, {"claim", &out.claim}})
      if (json.contains(key)) *into = text(json[key], where + "." + key);
    if (json.contains("kernel")) kernel(json["kernel"], where + ".kernel", out);
    must(!out.api.empty() || !out.name.empty(), shown(where),
         tr("needs an api or a kernel name to be found by"));
    return out;
  }

  void kernel(const Json& json, const std::string& where, ExpectedRow& out) const {
    must(json.is_object(), shown(where), tr("must be an object"));
    only(json, shown(where), {"name", "args", "result", "error"});
    if (json.contains("name")) out.name = text(json["name"], where + ".name");
    if (json.contains("error")) out.error = text(json["error"], where + ".error");
    if (json.contains("result")) out.result = integer(json["result"], where + ".result");
    if (!json.contains("args")) return;
    must(json["args"].is_object(), shown(where + ".args"),
         tr("must be an object: argument name to value"));
    out.args = members(json["args"], where + ".args", 0);
  }

  Expected::Members members(const Json& json, const std::string& where, int depth) const {
    Expected::Members out;
    for (const auto& [name, value] : json.items())
      out.push_back({name, expected(value, fmt::format("{}.{}", where, name), depth + 1)});
    return out;
  }

  Expected expected(const Json& json, const std::string& where, int depth) const {
    must(depth <= deepest, shown(where), tr("is nested too deeply"));
    if (json.is_number_integer()) return {integer(json, where)};
    if (json.is_string()) return {text(json, where)};
    if (json.is_object()) return {members(json, where, depth)};
    must(json.is_array(), shown(where),
         tr("must be a whole number, a text, an array or an object"));
    Expected::Items items;
    for (const Json& item : json)
      items.push_back(expected(item, fmt::format("{}[{}]", where, items.size()), depth + 1));
    return {std::move(items)};
  }

  const Json& need(const Json& json, const char* name, const Said& where) const {
    must(json.contains(name), where, {tr("has no \"{name}\""), {{"name", name}}});
    return json[name];
  }

  void only(const Json& json, const Said& where,
            std::initializer_list<std::string_view> known) const {
    for (const auto& [name, value] : json.items())
      must(std::ranges::find(known, name) != known.end(), where,
           {tr("has \"{name}\", which means nothing here"), {{"name", printable(name)}}});
  }

  std::string text(const Json& json, const std::string& where) const {
    must(json.is_string(), shown(where), tr("must be a text"));
    return json.get<std::string>();
  }

  std::int64_t integer(const Json& json, const std::string& where) const {
    must(json.is_number_integer(), shown(where), tr("must be a whole number"));
    return json.get<std::int64_t>();
  }

  static Said shown(const std::string& where) { return as_it_is(printable(where)); }

  void must(bool holds, const Said& where, const Said& what) const {
    if (holds) return;
    throw UserError(
        Exit::bad_data,
        {tr("{file}: {where} {fault}"), {{"file", source_}, {"where", where}, {"fault", what}}},
        tr("The form of such a file is told in reports/README.md; reports/reference/hello-hi.json "
           "is "
           "an example."));
  }

  const std::string& source_;
};

std::string list_text(const Expected::Items& items) {
  std::string out = "[";
  for (const Expected& item : items) out += (out.size() > 1 ? ", " : "") + to_text(item);
  return out + "]";
}

std::string members_text(const Expected::Members& members) {
  std::string out = "{";
  for (const auto& [name, value] : members)
    out += (out.size() > 1 ? ", " : "") + name + "=" + to_text(value);
  return out + "}";
}

} // namespace

std::string to_text(const Expected& expected) {
  if (const auto* number = std::get_if<std::int64_t>(&expected.is)) return fmt::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&expected.is)) return *text;
  if (const auto* items = std::get_if<Expected::Items>(&expected.is)) return list_text(*items);
  return members_text(std::get<Expected::Members>(expected.is));
}

Expectation parse_expectation(std::string_view json, const std::string& source) {
  Json parsed;
  try {
    parsed = Json::parse(json);
  } catch (const Json::parse_error& error) {
    throw UserError(
        Exit::bad_data,
        {tr("{file}: not JSON, at byte {byte}"), {{"file", source}, {"byte", error.byte}}},
        tr("An expected table is a JSON file; reports/reference/hello-hi.json is an example."));
  }
  return Parser(source).expectation(parsed);
}

Expectation read_expectation(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw UserError(
        Exit::no_input,
        {tr("cannot open {path}: {why}"), {{"path", path}, {"why", meaning_of_errno(errno)}}},
        tr("Give the file with the expected table after --expect."));
  std::string text(largest_file + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad())
    throw UserError(Exit::no_input, {tr("cannot read {path}"), {{"path", path}}},
                    tr("Is it a file?"));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > largest_file)
    throw UserError(Exit::bad_data, {tr("{file}: larger than 1 MiB"), {{"file", path}}},
                    tr("An expected table has some rows; is this a trace?"));
  return parse_expectation(text, path);
}

const Expectation& hello_hi() {
  static const Expectation reference = parse_expectation(hello_hi_json(), "hello-hi.json");
  return reference;
}

} // namespace socktale::reports
