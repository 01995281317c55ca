#include "tracer/model/json_line.hpp"

#include "tracer/base/text.hpp"

#include <cstddef>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::model::json {
namespace {

namespace dom = simdjson::dom;

// A call with a full recvmmsg(2) vector stays far below these.
constexpr std::size_t max_depth = 64;
constexpr std::size_t max_values = std::size_t{1} << 18;
constexpr std::size_t long_line = std::size_t{1}
                                  << 20; // bytes; few are, and these are looked at first
constexpr std::size_t max_members = 256; // also bounds the search for a member that is there twice

// Whether a document is within the bounds, and why not.
class Check {
 public:
  std::string fault; // the first one

  bool passes(const Element& element) {
    if (++values_ > max_values) return give_up("too many values");
    if (element.is_array()) return passes(dom::array(element));
    return !element.is_object() || passes(dom::object(element));
  }

 private:
  bool passes(const dom::array& array) {
    for (const Element item : array) // NOLINT(performance-for-range-copy): two words
      if (!passes(item)) return false;
    return true;
  }

  bool passes(const dom::object& object) {
    std::size_t count = 0;
    for (const auto [name, value] : object) {
      if (count >= max_members) return give_up("an object has too many members");
      if (is_among(object, count++, name))
        return give_up("the member " + printable(name.substr(0, 40)) + " is there twice");
      if (!passes(value)) return false;
    }
    return true;
  }

  static bool is_among(const dom::object& object, std::size_t first, std::string_view name) {
    for (const auto earlier : object) {
      if (first-- == 0) return false;
      if (earlier.key == name) return true;
    }
    return false;
  }

  bool give_up(std::string why) {
    if (fault.empty()) fault = std::move(why);
    return false;
  }

  std::size_t values_ = 0;
};

// simdjson makes room for all values before it can be stopped. A value has no more than two of
// these marks: the comma before it, and its own bracket.
bool has_too_many_values(std::string_view line) {
  std::size_t marks = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') in_text = !in_text;
    if (in_text && c == '\\') ++i;
    if (!in_text && (c == ',' || c == '[' || c == '{')) ++marks;
  }
  return marks > 2 * max_values;
}

std::unexpected<Error> refused(std::string why) {
  return std::unexpected(Error{std::move(why), 0, {}});
}

// simdjson does not say where, and takes no number that is beyond 64 bits.
std::string fault_in(std::string_view line) {
  using Json = nlohmann::json;
  const auto keep_nothing = [](int /*depth*/, Json::parse_event_t /*event*/, const Json& /*seen*/) {
    return false;
  };
  try {
    [[maybe_unused]] const auto nothing = Json::parse(line, keep_nothing);
    return "a number is out of range";
  } catch (const Json::parse_error& error) {
    return fmt::format("not JSON at byte {}", error.byte);
  } catch (const Json::exception&) {
    return "a number is out of range";
  }
}

} // namespace

Result<Element> parse(std::string_view line) {
  thread_local dom::parser parser;
  thread_local std::string padded; // simdjson reads beyond the end
  if (line.size() > long_line && has_too_many_values(line)) return refused("too many values");
  if (parser.capacity() > long_line) { // what a long one needed is not kept
    parser = dom::parser();
    padded = std::string();
  }
  if (parser.max_depth() != max_depth &&
      parser.allocate(line.size(), max_depth) != simdjson::SUCCESS)
    return refused("no memory");
  padded.assign(line);
  padded.resize(line.size() + simdjson::SIMDJSON_PADDING);
  Element root;
  const auto failure = parser.parse(padded.data(), line.size(), false).get(root);
  if (failure == simdjson::DEPTH_ERROR) return refused("nested too deeply");
  if (failure != simdjson::SUCCESS) return refused(fault_in(line));
  Check check;
  if (!check.passes(root)) return refused(std::move(check.fault));
  return root;
}

} // namespace socktale::model::json
