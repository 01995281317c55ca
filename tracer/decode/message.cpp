#include "tracer/decode/message.hpp"

#include "tracer/decode/control.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

namespace socktale::decode {
namespace {

using model::Field;
using model::Value;

constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();

// `room` is what the program had for it: the kernel says how long the address is, and writes no
// more than fits (recvmsg(2)).
Value name_value(Memory& now, const MessageHeader& header, std::int32_t room) {
  if (header.name == 0) return {model::Pointer{0}};
  const auto size = static_cast<std::size_t>(
      std::clamp<std::int64_t>(std::min(header.name_length, room), 0, max_address));
  if (size == 0) return {model::Pointer{header.name}}; // a stream has no address to give
  const std::string bytes = now.read_bytes({header.name}, size);
  if (bytes.size() < size) return {model::Unreadable{header.name, EFAULT}};
  return socket_address(bytes);
}

std::string control_bytes(Memory& memory, const MessageHeader& header, std::size_t left) {
  const std::size_t size = std::min(control_size(header), left);
  std::string bytes = memory.read_bytes({header.control}, size);
  if (bytes.size() < size) bytes.clear(); // the kernel takes all of it or nothing
  return bytes;
}

Value control_value(Memory& now, const MessageHeader& header, const Layout& layout,
                    std::size_t& left) {
  const std::size_t room = left;
  left -= std::min(control_size(header), room);
  if (header.control == 0) return {model::Pointer{0}};
  if (room == 0) return {model::Pointer{header.control}}; // not looked at
  const std::string bytes = control_bytes(now, header, room);
  if (bytes.empty()) return {model::Unreadable{header.control, EFAULT}};
  return control_list(bytes, {header.control}, header.control_length, layout);
}

// `before` differs from `now` for a receive: there the kernel writes the lengths.
Value header_value(const MessageHeader& before, const MessageHeader& header, Memory& arrays,
                   Memory& now, std::uint64_t filled, const Reading& how, Room& left) {
  Field name_length{"msg_namelen", integer(before.name_length), {}};
  if (before.name_length != header.name_length) name_length.after = integer(header.name_length);
  std::vector<Field> members{
      {"msg_name", name_value(now, header, before.name_length), {}},
      name_length,
      {"msg_iov", io_vectors(arrays, now, {header.iov}, header.iov_count, filled, how, left), {}},
      {"msg_iovlen", natural(header.iov_count), {}}};
  if (header.control_length > 0)
    members.push_back({"msg_control", control_value(now, header, how.layout, left.control), {}});
  members.push_back({"msg_controllen", natural(header.control_length), {}});
  members.push_back({"msg_flags", flags(tables::message_flags(), header.flags), {}});
  return {model::Struct{std::move(members)}};
}

} // namespace

Value message(Memory& before, Memory& now, Remote<> at, std::optional<std::uint64_t> received,
              const Reading& how) {
  if (!at) return {model::Pointer{0}};
  const auto then = read_header(before, at, how.layout);
  const auto header = read_header(now, at, how.layout);
  if (!then || !header) return {model::Unreadable{at.address, EFAULT}};
  Room left{.payload = how.limits.payload};
  return header_value(*then, *header, before, now, received.value_or(all), how, left);
}

Value empty_message(Memory& before, Remote<> at, const Layout& layout) {
  if (!at) return {model::Pointer{0}};
  const auto header = read_header(before, at, layout);
  if (!header) return {model::Unreadable{at.address, EFAULT}};
  return {model::Struct{{{"msg_namelen", integer(header->name_length), {}}}}};
}

Value messages(Memory& before, Memory& now, Remote<> at, std::uint64_t count, bool received,
               const Reading& how) {
  if (!at) return {model::Pointer{0}};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(count, max_items));
  const auto then = read_many(before, at, size, how.layout);
  const auto headers = read_many(now, at, size, how.layout);
  if (then.size() < size || headers.size() < size) return {model::Unreadable{at.address, EFAULT}};
  model::List list{{}, count};
  Room left{.payload = how.limits.payload}; // for all messages together
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const std::uint64_t filled = received ? headers[i].length : all;
    model::Struct one{
        {{"msg_hdr",
          header_value(then[i].header, headers[i].header, before, now, filled, how, left),
          {}}}};
    if (received) one.members.push_back({"msg_len", natural(headers[i].length), {}});
    list.items.push_back({std::move(one)});
  }
  return {std::move(list)};
}

void add_changed_names(Value& sent, Memory& before, Memory& after, Remote<> at,
                       std::optional<std::uint64_t> count, const Layout& layout) {
  const auto add = [&](Value& message, const MessageHeader& header) {
    auto* members = message.get<model::Struct>();
    const std::size_t size = name_size(header);
    const std::string now = after.read_bytes({header.name}, size);
    if (members == nullptr || size == 0 || now.size() < size) return;
    if (now != before.read_bytes({header.name}, size))
      members->members.front().after = socket_address(now);
  };
  if (!count) {
    if (const auto header = read_header(before, at, layout)) add(sent, *header);
    return;
  }
  auto* list = sent.get<model::List>();
  if (list == nullptr) return;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(*count, list->items.size()));
  const auto headers = read_many(before, at, size, layout);
  for (std::size_t i = 0; i < headers.size(); ++i)
    if (auto* one = list->items[i].get<model::Struct>())
      add(one->members.front().before, headers[i].header);
}

void add_sent_lengths(Value& messages, Memory& after, Remote<> at, std::uint64_t sent,
                      const Layout& layout) {
  auto* list = messages.get<model::List>();
  if (list == nullptr) return;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(sent, list->items.size()));
  const auto headers = read_many(after, at, size, layout);
  for (std::size_t i = 0; i < headers.size(); ++i)
    list->items[i].get<model::Struct>()->members.push_back(
        {"msg_len", {}, natural(headers[i].length)});
}

std::vector<int> passed_fds(Memory& memory, Remote<> at, const Layout& layout) {
  const auto header = read_header(memory, at, layout);
  return header ? passed_fds(control_bytes(memory, *header, max_control), layout)
                : std::vector<int>{};
}

} // namespace socktale::decode
