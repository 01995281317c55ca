#include "tracer/decode/netlink.hpp"

#include "tracer/decode/netlink_parts.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/tables/netlink_names.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

namespace socktale::decode {
namespace netlink {

using model::Value;

Value hex_bytes(std::string_view bytes) {
  return {model::Made{"\\x", {{model::Bytes{std::string(bytes), bytes.size()}}}}};
}

Value structure(std::vector<model::Field> members) { return {model::Struct{std::move(members)}}; }

Value cut_structure(model::Field first) {
  return structure({std::move(first), {"", {model::Made{"...", {}}}, {}}});
}

Value some_of(std::vector<Value> items) {
  if (items.size() == 1) return std::move(items.front());
  const std::size_t length = items.size();
  return {model::List{std::move(items), length}};
}

int attribute_number(std::uint16_t type) { return type & NLA_TYPE_MASK; }

Value attribute_header(const AttributeHeader& header, std::string_view name,
                       std::string_view unknown) {
  const int number = attribute_number(header.type);
  Value type{model::Symbol{number, std::string(name),
                           name.empty() ? std::string(unknown) : std::string{}}};
  if (number != header.type) {
    Value marked = flags(tables::attribute_flags(), header.type & ~NLA_TYPE_MASK);
    auto& set = *marked.get<model::Flags>();
    set.number = header.type;
    if (name.empty()) {
      set.rest = static_cast<std::uint64_t>(number);
      set.unknown = unknown;
    } else
      set.names.emplace_back(name);
    type = std::move(marked);
  }
  return structure({{"nla_len", integer(header.length), {}}, {"nla_type", std::move(type), {}}});
}

namespace {

Value type_value(int protocol, int type) {
  return symbol(type < NLMSG_MIN_TYPE ? tables::netlink_control_types()
                                      : tables::netlink_types(protocol),
                type);
}

Value flags_value(int protocol, const nlmsghdr& header) {
  Value common = flags(tables::netlink_flags(), header.nlmsg_flags);
  auto& set = *common.get<model::Flags>();
  const auto verb = tables::netlink_verb(protocol, header.nlmsg_type);
  const Value upper = flags(tables::netlink_flags_of(verb), set.rest);
  const auto& more = *upper.get<model::Flags>();
  set.names.insert(set.names.end(), more.names.begin(), more.names.end());
  set.rest = more.rest;
  return common;
}

Value header_value(int protocol, const nlmsghdr& header) {
  return structure({{"nlmsg_len", integer(header.nlmsg_len), {}},
                    {"nlmsg_type", type_value(protocol, header.nlmsg_type), {}},
                    {"nlmsg_flags", flags_value(protocol, header), {}},
                    {"nlmsg_seq", integer(header.nlmsg_seq), {}},
                    {"nlmsg_pid", integer(header.nlmsg_pid), {}}});
}

constexpr int deepest = 2; // an error quotes the message that it is about, which may be one

Value messages_in(int protocol, std::string_view bytes, int depth);

// error=-EPERM, as the kernel has it.
Value error_value(std::int32_t error) {
  const std::string name = error < 0 && error > -4096 ? error_name(-error) : "";
  if (name.empty()) return integer(error);
  return {model::Symbol{error, "-" + name}};
}

Value error_attribute(int /*number*/, std::string_view body) { return hex_bytes(body); }

// struct nlmsgerr: the error, then the message that it answers, then what there is to say of it.
std::vector<Value> error_body(int protocol, const nlmsghdr& header, std::string_view body,
                              int depth) {
  const auto error = front<std::int32_t>(body);
  const auto about = error ? front<nlmsghdr>(body.substr(sizeof *error)) : std::nullopt;
  if (!about || depth >= deepest) return {hex_bytes(body)};
  std::string_view quoted = body.substr(sizeof *error);
  std::string_view said;
  if ((header.nlmsg_flags & NLM_F_ACK_TLVS) != 0) {
    const bool capped = (header.nlmsg_flags & NLM_F_CAPPED) != 0;
    const std::size_t size = capped ? sizeof *about : aligned(about->nlmsg_len);
    said = quoted.substr(std::min(size, quoted.size()));
    quoted = quoted.substr(0, size);
  }
  std::vector<Value> out{structure(
      {{"error", error_value(*error), {}}, {"msg", messages_in(protocol, quoted, depth + 1), {}}})};
  if (said.empty()) return out;
  out.push_back(attributes(
      said, tables::error_attributes().unknown,
      [](int number) { return tables::name_of(tables::error_attributes(), number); },
      error_attribute));
  return out;
}

std::vector<Value> body_of(int protocol, const nlmsghdr& header, std::string_view body, int depth) {
  if (header.nlmsg_type == NLMSG_ERROR) {
    auto parts = error_body(protocol, header, body, depth);
    if (parts.size() == 1) return parts;
    return {some_of(std::move(parts))};
  }
  if (header.nlmsg_type == NLMSG_DONE)
    if (const auto status = front<std::int32_t>(body)) return {integer(*status)};
  if (protocol == NETLINK_ROUTE && header.nlmsg_type >= NLMSG_MIN_TYPE)
    return route_body(header.nlmsg_type, body);
  return {hex_bytes(body)};
}

Value messages_in(int protocol, std::string_view bytes, int depth) {
  return run_of<nlmsghdr>(
      bytes, [](const nlmsghdr& header) { return std::size_t{header.nlmsg_len}; },
      [&](const nlmsghdr& header) { return header_value(protocol, header); },
      [&](const nlmsghdr& header, std::string_view body) {
        return body_of(protocol, header, body, depth);
      });
}

} // namespace
} // namespace netlink

model::Value netlink_messages(int protocol, std::string_view bytes, std::uint64_t length) {
  // The kernel's device events are text, not messages.
  if (protocol == NETLINK_KOBJECT_UEVENT || bytes.empty())
    return {model::Bytes{std::string(bytes), length}};
  model::Value value = netlink::messages_in(protocol, bytes, 0);
  if (bytes.size() == length) return value;
  if (auto* list = value.get<model::List>()) ++list->length; // more than was kept
  return value;
}

} // namespace socktale::decode
