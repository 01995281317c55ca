#include "reports/inert_json.hpp"

#include "tracer/base/text.hpp"

#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

void make_printable(Json& json) {
  if (json.is_string()) {
    auto& text = json.get_ref<std::string&>();
    text = printable(text);
  } else if (json.is_array()) {
    for (Json& item : json) make_printable(item);
  } else if (json.is_object()) {
    Json clean = Json::object();
    for (auto& [name, value] : json.items()) {
      make_printable(value);
      clean[printable(name)] = std::move(value);
    }
    json = std::move(clean);
  }
}

} // namespace

std::string inert_json(Json json) {
  make_printable(json);
  const std::string text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

} // namespace socktale::reports
