#include "reports/facts.hpp"

#include "tracer/base/text.hpp"
#include "tracer/model/endpoint.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// Buffers of data, as against names, options and control messages that are bytes too.
constexpr std::array<std::string_view, 7> data_fields = {"buf",     "iov",     "iov_base", "msg",
                                                         "msg_iov", "msg_hdr", "msgvec"};

void collect_data(const model::Value& value, model::Bytes& into);

void collect_data(const model::Field& field, model::Bytes& into) {
  if (std::ranges::find(data_fields, field.name) != data_fields.end())
    collect_data(field.shown(), into);
}

void collect_data(const model::Value& value, model::Bytes& into) {
  if (const auto* bytes = value.get<model::Bytes>()) {
    into.data += bytes->data;
    into.withheld |= bytes->withheld;
  } else if (const auto* pointer = value.get<model::Pointer>()) {
    into.withheld |= pointer->address != 0; // a buffer that was not to be looked at
  } else if (const auto* list = value.get<model::List>()) {
    for (const model::Value& item : list->items) collect_data(item, into);
  } else if (const auto* structure = value.get<model::Struct>()) {
    for (const model::Field& inner : structure->members) collect_data(inner, into);
  }
}

// sendmmsg and recvmmsg return how many messages, and write into each how many bytes it had.
std::uint64_t sum_of_messages(const model::Call& call) {
  const model::Field* messages = argument(call, "msgvec");
  const auto* list = messages ? messages->shown().get<model::List>() : nullptr;
  if (!list) return 0;
  std::uint64_t sum = 0;
  std::int64_t left = call.outcome->result;
  for (const model::Value& message : list->items) {
    if (left-- <= 0) break;
    const model::Field* length = member(message, "msg_len");
    const auto count = length ? number_of(length->shown()) : std::nullopt;
    if (count && *count > 0) sum += static_cast<std::uint64_t>(*count);
  }
  return sum;
}

bool only_looks(const model::Call& call) {
  const model::Field* flags = argument(call, "flags");
  const auto* set = flags ? flags->shown().get<model::Flags>() : nullptr;
  return set && std::ranges::find(set->names, "MSG_PEEK") != set->names.end();
}

// The text inside inet_addr("..."), inet_pton(AF_INET6, "...") or @"...".
std::string text_inside(const model::Value& value) {
  const auto* made = value.get<model::Made>();
  const auto* text = made && !made->of.empty() ? made->of.back().get<model::Text>() : nullptr;
  return text ? text->text : "?";
}

std::string path_text(const std::string& path) { return path.empty() ? "(unnamed)" : path; }

} // namespace

const model::Field* argument(const model::Call& call, std::string_view name) {
  const auto found = std::ranges::find(call.args, name, &model::Field::name);
  return found != call.args.end() ? &*found : nullptr;
}

const model::Field* member(const model::Value& value, std::string_view name) {
  const auto* structure = value.get<model::Struct>();
  if (!structure) return nullptr;
  const auto found = std::ranges::find(structure->members, name, &model::Field::name);
  return found != structure->members.end() ? &*found : nullptr;
}

std::optional<std::int64_t> number_of(const model::Value& value) {
  if (const auto* number = value.get<std::int64_t>()) return *number;
  if (const auto* number = value.get<std::uint64_t>()) {
    if (*number > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return static_cast<std::int64_t>(*number);
  }
  if (const auto* symbol = value.get<model::Symbol>()) return symbol->number;
  if (const auto* flags = value.get<model::Flags>())
    return static_cast<std::int64_t>(flags->number);
  if (const auto* fd = value.get<model::Fd>()) return fd->number;
  const auto* made = value.get<model::Made>();
  if (made && made->of.size() == 1) return number_of(made->of[0]);
  const auto* list = value.get<model::List>();
  if (list && list->length == 1 && list->items.size() == 1) return number_of(list->items[0]);
  return std::nullopt;
}

std::optional<std::string> address_text(const model::Value& value) {
  const auto part = [&](std::string_view name) -> const model::Value* {
    const model::Field* field = member(value, name);
    return field ? &field->shown() : nullptr;
  };
  const auto port_text = [](const model::Value* port) {
    const auto number = port ? number_of(*port) : std::nullopt;
    return number ? fmt::to_string(*number) : std::string("?");
  };
  if (const auto* host = part("sin_addr"))
    return fmt::format("{}:{}", text_inside(*host), port_text(part("sin_port")));
  if (const auto* host = part("sin6_addr"))
    return fmt::format("[{}]:{}", text_inside(*host), port_text(part("sin6_port")));
  if (const auto* path = part("sun_path")) {
    if (const auto* abstract = path->get<model::Made>())
      return fmt::format("@{}", text_inside({*abstract}));
    const auto* text = path->get<model::Text>();
    return path_text(text ? text->text : "?");
  }
  if (const auto* port = part("nl_pid")) return "AF_NETLINK nl_pid=" + port_text(port);
  const model::Value* family = part("sa_family");
  const auto* symbol = family ? family->get<model::Symbol>() : nullptr;
  if (symbol && symbol->name == "AF_UNIX") return "(unnamed)";
  return std::nullopt;
}

std::string endpoint_text(const model::Endpoint& endpoint) {
  if (endpoint.family == "AF_INET") return fmt::format("{}:{}", endpoint.host, endpoint.port);
  if (endpoint.family == "AF_INET6") return fmt::format("[{}]:{}", endpoint.host, endpoint.port);
  if (endpoint.family == "AF_UNIX") return path_text(endpoint.path);
  if (const std::uint32_t port = model::netlink_port(endpoint); port != 0)
    return fmt::format("AF_NETLINK nl_pid={}", port);
  return fmt::format("{} \"{}\"", endpoint.family, c_escape(endpoint.raw));
}

std::optional<std::string> address_in(const model::Call& call) {
  for (const model::Field& field : call.args)
    if (auto address = address_text(field.shown())) return address;
  return std::nullopt;
}

std::string number_text(const model::Call& call) {
  const std::string& stands_for = call.via.empty() ? call.abi : call.via;
  return fmt::to_string(call.number) + (stands_for.empty() ? "" : " " + stands_for);
}

std::optional<tables::Effect> effect_of(const model::Call& call) {
  const tables::Syscall* row = tables::by_name(call.name);
  return row ? std::optional(row->effect) : std::nullopt;
}

Direction direction_of(const model::Call& call) {
  const auto effect = effect_of(call);
  if (effect == tables::Effect::sends) return Direction::out;
  if (effect == tables::Effect::receives) return Direction::in;
  return Direction::neither;
}

bool is_wait(const model::Call& call) {
  using enum tables::Effect;
  const auto effect = effect_of(call);
  return effect == waits_poll || effect == waits_select || effect == waits_epoll;
}

bool makes_socket(const model::Call& call) {
  using enum tables::Effect;
  const auto effect = effect_of(call);
  return effect == creates || effect == creates_pair || effect == accepts;
}

bool restarts(const model::Call& call) {
  constexpr std::array codes = {512, 513, 514, 516};
  return call.outcome && std::ranges::find(codes, call.outcome->error) != codes.end();
}

std::uint64_t bytes_moved(const model::Call& call) {
  if (!succeeded(call) || call.outcome->result <= 0 || only_looks(call)) return 0;
  if (direction_of(call) == Direction::neither) return 0;
  if (call.name.ends_with("mmsg")) return sum_of_messages(call);
  return static_cast<std::uint64_t>(call.outcome->result);
}

std::optional<model::Bytes> payload_of(const model::Call& call) {
  const std::uint64_t moved = bytes_moved(call);
  if (moved == 0) return std::nullopt;
  model::Bytes bytes;
  for (const model::Field& field : call.args) collect_data(field, bytes);
  bytes.length = moved;
  if (bytes.data.size() > moved) bytes.data.resize(static_cast<std::size_t>(moved));
  return bytes;
}

} // namespace socktale::reports
