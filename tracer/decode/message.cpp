#include "tracer/decode/message.hpp"

#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/sockopt.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include <sys/socket.h>

namespace socktale::decode {
namespace {

using model::Field;
using model::Value;

constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();

// One control message: where its data are in the control buffer.
struct Control {
  std::uint64_t length; // as stated, header included
  int level, type;
  std::string_view data;
};

// Walks a control buffer as CMSG_NXTHDR(3) does; a length that does not fit ends it.
std::vector<Control> controls(std::string_view buffer, const Layout& layout) {
  const std::size_t header = control_header_size(layout);
  std::vector<Control> out;
  while (buffer.size() >= header) {
    Control control{};
    control.length = *word_in(std::as_bytes(std::span(buffer)), layout);
    std::memcpy(&control.level, buffer.data() + layout.word, sizeof control.level);
    std::memcpy(&control.type, buffer.data() + layout.word + 4, sizeof control.type);
    if (control.length < header) break;
    const std::uint64_t size = std::min<std::uint64_t>(control.length, buffer.size());
    control.data = buffer.substr(header, size - header);
    out.push_back(control);
    const std::uint64_t step = (size + layout.word - 1) / layout.word * layout.word;
    if (control.length > buffer.size() || step >= buffer.size()) break;
    buffer.remove_prefix(step);
  }
  return out;
}

std::vector<int> ints(std::string_view data) {
  std::vector<int> out(data.size() / sizeof(int));
  std::memcpy(out.data(), data.data(), out.size() * sizeof(int));
  return out;
}

Value control_data(const Control& control, const Layout& layout) {
  if (control.level == SOL_SOCKET && control.type == SCM_RIGHTS) {
    model::List list;
    for (const int fd : ints(control.data)) list.items.push_back({model::Fd{fd}});
    list.length = list.items.size();
    return {list};
  }
  if (control.level == SOL_SOCKET && control.type == SCM_CREDENTIALS)
    return option_value(SOL_SOCKET, SO_PEERCRED, control.data, layout);
  return {model::Bytes{std::string(control.data), control.data.size()}};
}

Value control_list(std::string_view buffer, const Layout& layout) {
  model::List list;
  for (const Control& control : controls(buffer, layout)) {
    const Value type = control.level == SOL_SOCKET
                           ? symbol(tables::control_messages(), control.type)
                           : option_name(control.level, control.type);
    list.items.push_back({model::Struct{{{"cmsg_len", natural(control.length), {}},
                                         {"cmsg_level", option_level(control.level), {}},
                                         {"cmsg_type", type, {}},
                                         {"cmsg_data", control_data(control, layout), {}}}}});
  }
  list.length = list.items.size();
  return {list};
}

Value name_value(Memory& now, const MessageHeader& header) {
  if (header.name == 0) return {model::Pointer{0}};
  const auto size =
      static_cast<std::size_t>(std::clamp<std::int64_t>(header.name_length, 0, max_address));
  const std::string bytes = now.read_bytes({header.name}, size);
  if (bytes.size() < size) return {model::Unreadable{header.name, EFAULT}};
  return socket_address(bytes);
}

// `before` differs from `now` for a receive: there the kernel writes the lengths.
Value header_value(const MessageHeader& before, const MessageHeader& header, Memory& arrays,
                   Memory& now, const Layout& layout, std::uint64_t filled, const Limits& limits) {
  Field name_length{"msg_namelen", integer(before.name_length), {}};
  if (before.name_length != header.name_length) name_length.after = integer(header.name_length);
  std::vector<Field> members{
      {"msg_name", name_value(now, header), {}},
      name_length,
      {"msg_iov",
       io_vectors(arrays, now, {header.iov}, header.iov_count, layout, filled, limits),
       {}},
      {"msg_iovlen", natural(header.iov_count), {}}};
  if (header.control != 0 && header.control_length > 0) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(header.control_length, max_control));
    members.push_back(
        {"msg_control", control_list(now.read_bytes({header.control}, size), layout), {}});
  }
  members.push_back({"msg_controllen", natural(header.control_length), {}});
  members.push_back({"msg_flags", flags(tables::message_flags(), header.flags), {}});
  return {model::Struct{std::move(members)}};
}

} // namespace

Value payload(Memory& memory, Remote<> at, std::uint64_t length, const Limits& limits) {
  if (!at) return {model::Pointer{0}};
  if (limits.withhold_payload) return {model::Bytes{{}, length, true}};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(length, limits.payload));
  std::string data = memory.read_bytes(at, size);
  if (data.empty() && size > 0) return {model::Unreadable{at.address, EFAULT}};
  return {model::Bytes{std::move(data), length}};
}

Value io_vectors(Memory& arrays, Memory& buffers, Remote<> at, std::uint64_t count,
                 const Layout& layout, std::uint64_t filled, const Limits& limits) {
  if (!at) return {model::Pointer{0}};
  const auto vectors = read_vectors(
      arrays, at, static_cast<std::size_t>(std::min<std::uint64_t>(count, max_items)), layout);
  if (vectors.empty() && count > 0) return {model::Unreadable{at.address, EFAULT}};
  model::List list{{}, count};
  Limits left = limits; // the limit is for all buffers together
  for (const IoVector& vector : vectors) {
    const std::uint64_t used = std::min(vector.length, filled);
    filled -= used;
    Value base = payload(buffers, {vector.base}, used, left);
    if (const auto* bytes = base.get<model::Bytes>()) left.payload -= bytes->data.size();
    list.items.push_back({model::Struct{
        {{"iov_base", std::move(base), {}}, {"iov_len", natural(vector.length), {}}}}});
  }
  return {list};
}

Value message(Memory& before, Memory& now, Remote<> at, const Layout& layout,
              std::optional<std::uint64_t> received, const Limits& limits) {
  if (!at) return {model::Pointer{0}};
  const auto then = read_header(before, at, layout);
  const auto header = read_header(now, at, layout);
  if (!then || !header) return {model::Unreadable{at.address, EFAULT}};
  return header_value(*then, *header, before, now, layout, received.value_or(all), limits);
}

Value messages(Memory& before, Memory& now, Remote<> at, std::uint64_t count, const Layout& layout,
               bool received, const Limits& limits) {
  if (!at) return {model::Pointer{0}};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(count, max_items));
  const auto then = read_many(before, at, size, layout);
  const auto headers = read_many(now, at, size, layout);
  if (then.size() < size || headers.size() < size) return {model::Unreadable{at.address, EFAULT}};
  model::List list{{}, count};
  Limits left = limits;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const std::uint64_t filled = received ? headers[i].length : all;
    list.items.push_back({model::Struct{
        {{"msg_hdr",
          header_value(then[i].header, headers[i].header, before, now, layout, filled, left),
          {}},
         {"msg_len", natural(headers[i].length), {}}}}});
  }
  return {list};
}

std::vector<int> passed_fds(Memory& memory, Remote<> at, const Layout& layout) {
  const auto header = read_header(memory, at, layout);
  if (!header) return {};
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(header->control_length, max_control));
  const std::string buffer = memory.read_bytes({header->control}, size);
  std::vector<int> fds;
  for (const Control& control : controls(buffer, layout)) {
    if (control.level != SOL_SOCKET || control.type != SCM_RIGHTS) continue;
    const auto more = ints(control.data);
    fds.insert(fds.end(), more.begin(), more.end());
  }
  return fds;
}

} // namespace socktale::decode
