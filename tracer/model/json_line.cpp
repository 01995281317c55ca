#include "tracer/model/json_line.hpp"

#include "tracer/base/text.hpp"

#include <cstddef>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::model::json {
namespace {

// A call with a full recvmmsg(2) vector stays far below these.
constexpr std::size_t max_depth = 64;
constexpr std::size_t max_values = std::size_t{1} << 18;
constexpr std::size_t max_members = 256; // also bounds the search for a member that is there twice

// An object with room for the usual number of members: growing one copies all that is in it.
Json empty_object() {
  Json object = Json::object();
  object.get_ref<Json::object_t&>().reserve(8);
  return object;
}

// Builds the document from the parser's events. Unlike nlohmann's own builder it gives up at the
// bounds above, and on a repeated member rather than keep one of the two.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return give_up("not JSON"); }
  bool start_object(std::size_t /*size*/) override { return open(empty_object()); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Json& object = *open_.back();
    if (object.size() >= max_members) return give_up("an object has too many members");
    const auto [member, is_new] = object.emplace(name, nullptr);
    if (!is_new) return give_up("the member " + printable(name.substr(0, 40)) + " is there twice");
    place_ = &*member;
    return true;
  }

  bool parse_error(std::size_t byte, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return give_up(fmt::format("not JSON at byte {}", byte));
  }

  Json root;
  std::string fault; // the first reason to give up

 private:
  bool add(Json value) { return put(std::move(value)) != nullptr; }

  bool open(Json container) {
    if (open_.size() >= max_depth) return give_up("nested too deeply");
    Json* const put_at = put(std::move(container));
    if (put_at == nullptr) return false;
    open_.push_back(put_at);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  // Where the value now is. It stays there while it is open: only the innermost container grows.
  Json* put(Json value) {
    if (++values_ > max_values) {
      give_up("too many values");
      return nullptr;
    }
    if (open_.empty()) return &(root = std::move(value));
    if (open_.back()->is_object()) return &(*place_ = std::move(value));
    open_.back()->push_back(std::move(value));
    return &open_.back()->back();
  }

  bool give_up(std::string why) {
    if (fault.empty()) fault = std::move(why);
    return false;
  }

  std::vector<Json*> open_; // containers that are not closed yet, the innermost last
  Json* place_ = nullptr;   // where the value of the last key belongs
  std::size_t values_ = 0;
};

} // namespace

Result<Json> parse(std::string_view line) {
  Builder builder;
  if (Json::sax_parse(line, &builder)) return std::move(builder.root);
  return std::unexpected(Error{builder.fault.empty() ? "not JSON" : builder.fault, 0, {}});
}

} // namespace socktale::model::json
