#include "reports/payload.hpp"

#include "reports/facts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// Adds what was kept of a buffer or a list of them; false: from here on there is a gap.
bool add_kept(const model::Value& value, std::string& kept, std::uint64_t most) {
  if (kept.size() >= most) return false;
  if (const auto* bytes = value.get<model::Bytes>()) {
    kept += bytes->data.substr(0, static_cast<std::size_t>(most - kept.size()));
    return bytes->data.size() == bytes->length && !bytes->withheld;
  }
  if (const auto* list = value.get<model::List>()) {
    for (const model::Value& item : list->items) {
      const model::Field* base = member(item, "iov_base");
      if (!add_kept(base ? base->shown() : item, kept, most)) return false;
    }
    return list->items.size() == list->length;
  }
  return false;
}

std::uint64_t number_at(const model::Field* field) {
  const auto number = field ? number_of(field->shown()) : std::nullopt;
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

std::uint64_t sum_of_lengths(const model::Field* iov) {
  const auto* list = iov ? iov->before.get<model::List>() : nullptr;
  if (!list) list = iov ? iov->shown().get<model::List>() : nullptr;
  std::uint64_t sum = 0;
  if (!list || list->items.size() != list->length) return 0;
  for (const model::Value& item : list->items) {
    const std::uint64_t length = number_at(member(item, "iov_len"));
    if (__builtin_add_overflow(sum, length, &sum)) return 0;
  }
  return sum;
}

Message message_in(const model::Value& header, std::uint64_t length) {
  Message message;
  message.length = length;
  const model::Field* iov = member(header, "msg_iov");
  if (iov) add_kept(iov->shown(), message.kept, length);
  message.asked = sum_of_lengths(iov);
  const model::Field* name = member(header, "msg_name");
  if (name) message.address = address_key(name->shown());
  return message;
}

std::vector<Message> many_messages(const model::Call& call) {
  std::vector<Message> out;
  const model::Field* vector = argument(call, "msgvec");
  const auto* list = vector ? vector->shown().get<model::List>() : nullptr;
  std::int64_t left = call.outcome ? call.outcome->result : 0;
  if (!list) return out;
  for (const model::Value& item : list->items) {
    if (left-- <= 0) break;
    const model::Field* header = member(item, "msg_hdr");
    out.push_back(message_in(header ? header->shown() : item, number_at(member(item, "msg_len"))));
  }
  return out;
}

// "[::ffff:127.0.0.1]:80" -> "127.0.0.1:80".
std::string without_mapping(std::string text) {
  constexpr std::string_view prefix = "[::ffff:";
  const std::size_t close = text.find(']');
  if (!text.starts_with(prefix) || close == std::string::npos) return text;
  const std::string host = text.substr(prefix.size(), close - prefix.size());
  return host.find('.') == std::string::npos ? text : host + text.substr(close + 1);
}

} // namespace

std::vector<Message> messages_of(const model::Call& call) {
  if (call.outcome && (call.outcome->error != 0 || call.outcome->result < 0)) return {};
  if (call.name.ends_with("mmsg")) return many_messages(call);
  const std::uint64_t length = call.outcome ? static_cast<std::uint64_t>(call.outcome->result) : 0;
  if (const model::Field* header = argument(call, "msg"))
    return {message_in(header->shown(), length)};
  Message message;
  message.length = length;
  if (const model::Field* buffer = argument(call, "buf"))
    add_kept(buffer->shown(), message.kept, length);
  if (const model::Field* iov = argument(call, "iov")) {
    add_kept(iov->shown(), message.kept, length);
    message.asked = sum_of_lengths(iov);
  }
  for (const char* name : {"len", "count"})
    if (const std::uint64_t asked = number_at(argument(call, name))) message.asked = asked;
  for (const char* name : {"dest_addr", "src_addr"})
    if (const model::Field* address = argument(call, name))
      message.address = address_key(address->shown());
  return {std::move(message)};
}

std::uint64_t carried(const model::Call& call) {
  if (!succeeded(call) || call.outcome->result <= 0) return 0;
  if (!call.name.ends_with("mmsg")) return static_cast<std::uint64_t>(call.outcome->result);
  std::uint64_t sum = 0;
  for (const Message& message : many_messages(call))
    if (__builtin_add_overflow(sum, message.length, &sum)) return UINT64_MAX;
  return sum;
}

bool differ(std::string_view a, std::uint64_t a_skip, std::string_view b, std::uint64_t b_skip,
            std::uint64_t length) {
  if (a_skip >= a.size() || b_skip >= b.size()) return false;
  a.remove_prefix(static_cast<std::size_t>(a_skip));
  b.remove_prefix(static_cast<std::size_t>(b_skip));
  const std::uint64_t shared = std::min<std::uint64_t>({a.size(), b.size(), length});
  return a.substr(0, static_cast<std::size_t>(shared)) !=
         b.substr(0, static_cast<std::size_t>(shared));
}

std::string address_key(const model::Endpoint& endpoint) {
  if (endpoint.family == "AF_UNIX")
    return endpoint.path.empty() ? "" : "unix " + endpoint.path.text();
  if (endpoint.family != "AF_INET" && endpoint.family != "AF_INET6") return "";
  return without_mapping(endpoint_text(endpoint));
}

std::string address_key(const model::Value& value) {
  const auto text = address_text(value);
  if (!text || *text == "(unnamed)") return "";
  return member(value, "sun_path") ? "unix " + *text : without_mapping(*text);
}

std::string port_key(const std::string& address_key) {
  const std::size_t colon = address_key.rfind(':');
  if (address_key.starts_with("unix ") || colon == std::string::npos) return "";
  return address_key.substr(colon);
}

} // namespace socktale::reports
