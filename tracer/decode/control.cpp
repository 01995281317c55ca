#include "tracer/decode/control.hpp"

#include "tracer/decode/control_data.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockopt.hpp"

#include <algorithm>
#include <cstring>
#include <span>

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

Value type_name(const Control& control, const tables::ControlMessage* row) {
  return {model::Symbol{control.type, row == nullptr ? std::string{} : std::string(row->name)}};
}

Value one(const Control& control, const Layout& layout) {
  const auto* row = tables::control_message(control.level, control.type);
  const tables::Control kind = row == nullptr ? tables::Control::raw : row->data;
  model::Struct out{{{"cmsg_len", natural(control.length), {}},
                     {"cmsg_level", option_level(control.level), {}},
                     {"cmsg_type", type_name(control, row), {}}}};
  Value data = control_data(kind, control.data, layout);
  if (!data.empty()) out.members.push_back({"cmsg_data", std::move(data), {}});
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
    const std::size_t first = fds.size();
    fds.resize(first + control.data.size() / sizeof(int));
    std::memcpy(fds.data() + first, control.data.data(), (fds.size() - first) * sizeof(int));
  });
  return fds;
}

} // namespace socktale::decode
