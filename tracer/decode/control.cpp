#include "tracer/decode/control.hpp"

#include "tracer/decode/control_data.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockopt.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include <netinet/in.h>
#include <sys/socket.h>

namespace socktale::decode {
namespace {

using model::Value;

// One control message: where its data are in the control buffer.
struct Control {
  std::uint64_t length; // as stated, header included
  int level, type;
  std::string_view data;
  std::size_t end; // where the next one would begin, in the buffer
};

// The one at the front of what begins at `from`; nothing when not even its header is there.
std::optional<Control> front(std::string_view buffer, std::size_t from, const Layout& layout) {
  const std::size_t header = control_header_size(layout);
  const std::string_view here = buffer.substr(from);
  if (here.size() < header) return std::nullopt;
  Control control{};
  control.length = *word_in(std::as_bytes(std::span(here)), layout);
  std::memcpy(&control.level, here.data() + layout.word, sizeof control.level);
  std::memcpy(&control.type, here.data() + layout.word + sizeof control.level, sizeof control.type);
  const auto size =
      static_cast<std::size_t>(std::clamp<std::uint64_t>(control.length, header, here.size()));
  control.data = here.substr(header, size - header);
  const std::size_t step = (size + layout.word - 1) / layout.word * layout.word;
  control.end = from + std::min(step, here.size());
  return control;
}

// Walks the buffer as CMSG_NXTHDR(3) does: a length that has no room for its own header ends it.
// Returns where it stopped.
std::size_t walk(std::string_view buffer, const Layout& layout, auto&& visit) {
  std::size_t at = 0;
  while (const auto control = front(buffer, at, layout)) {
    visit(*control);
    at = control->end;
    if (control->length < control_header_size(layout)) break;
  }
  return at;
}

// strace names the types of two levels; of others it shows the number.
std::string_view unknown_type(int level) {
  if (level == SOL_SOCKET) return "SCM_???";
  return level == SOL_IP ? "IP_???" : "";
}

model::Field type_field(const Control& control, const tables::ControlMessage* row) {
  Value name{model::Symbol{control.type, row == nullptr ? "" : std::string(row->name)}};
  if (row != nullptr && row->shown != tables::Shown::number) return {"cmsg_type", name, {}};
  const std::string_view unknown = unknown_type(control.level);
  model::Field field{"cmsg_type", hex(static_cast<std::uint32_t>(control.type)), {}};
  if (!unknown.empty()) field.before = {model::Symbol{control.type, {}, std::string(unknown)}};
  if (row != nullptr) field.meaning = std::move(name);
  return field;
}

Value one(const Control& control, const Layout& layout) {
  const auto* row = tables::control_message(control.level, control.type);
  model::Struct out{{{"cmsg_len", natural(control.length), {}},
                     {"cmsg_level", option_level(control.level), {}},
                     type_field(control, row)}};
  if (control.data.empty()) return {std::move(out)};
  Value data = row == nullptr ? Value{} : control_data(row->data, control.data, layout);
  const bool plain = !data.empty() && row->shown == tables::Shown::data;
  if (data.empty()) data = {model::Bytes{std::string(control.data), control.data.size()}};
  model::Field field{"cmsg_data", {}, {}};
  (plain ? field.before : field.meaning) = std::move(data);
  out.members.push_back(std::move(field));
  return {std::move(out)};
}

} // namespace

Value control_list(std::string_view buffer, Remote<> at, std::uint64_t length,
                   const Layout& layout) {
  model::List list;
  const std::size_t end = walk(
      buffer, layout, [&](const Control& control) { list.items.push_back(one(control, layout)); });
  list.length = list.items.size();
  if (list.items.empty()) return {model::Pointer{at.address}};
  if (end < length) { // what is left is said to be there: ... /* 0x7ffe... */
    list.items.push_back({model::Made{"...", {{model::Pointer{at.address + end}}}}});
    ++list.length;
  }
  return {std::move(list)};
}

std::vector<int> passed_fds(std::string_view buffer, const Layout& layout) {
  std::vector<int> fds;
  walk(buffer, layout, [&](const Control& control) {
    const auto* row = tables::control_message(control.level, control.type);
    if (row == nullptr || row->data != tables::Control::descriptors) return;
    for (std::size_t at = 0; at + sizeof(int) <= control.data.size(); at += sizeof(int))
      std::memcpy(&fds.emplace_back(), control.data.data() + at, sizeof(int));
  });
  return fds;
}

} // namespace socktale::decode
