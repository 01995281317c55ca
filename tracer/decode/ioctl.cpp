#include "tracer/decode/ioctl.hpp"

#include "tracer/decode/layout.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/structure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

#include <fmt/format.h>

#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>

namespace socktale::decode {
namespace {

using model::Value;

enum class Way : std::uint8_t { nothing, in, out };

// Requests about a plain int, or about nothing.
struct IntRow {
  std::uint32_t request;
  Way way;
};
constexpr std::array int_rows = {
    IntRow{FIONBIO, Way::in},      IntRow{FIOASYNC, Way::in},      IntRow{FIONREAD, Way::out},
    IntRow{TIOCOUTQ, Way::out},    IntRow{SIOCATMARK, Way::out},   IntRow{SIOCOUTQNSD, Way::out},
    IntRow{FIOGETOWN, Way::out},   IntRow{SIOCGPGRP, Way::out},    IntRow{SIOCGIFENCAP, Way::out},
    IntRow{FIOSETOWN, Way::in},    IntRow{SIOCSPGRP, Way::in},     IntRow{SIOCSIFENCAP, Way::in},
    IntRow{FIOCLEX, Way::nothing}, IntRow{FIONCLEX, Way::nothing},
};

// What of a struct ifreq's union a request is about.
enum class Part : std::uint8_t { address, hardware, map, member };
struct RequestRow { // netdevice(7)
  std::uint32_t request;
  Way way;
  Part part;
  Member member;
};
constexpr std::size_t union_at = offsetof(ifreq, ifr_ifru);
constexpr Member address_of(std::string_view name) {
  return {name, union_at, sizeof(sockaddr), Shape::bytes};
}
constexpr Member number_of(std::string_view name) {
  return {name, union_at, sizeof(int), Shape::integer};
}
constexpr Member name_of(std::string_view name) { return {name, union_at, IFNAMSIZ, Shape::text}; }
constexpr Member flag_member{"ifr_flags", union_at, sizeof(short), Shape::flags,
                             tables::interface_flags};

constexpr std::array request_rows = {
    RequestRow{SIOCGIFADDR, Way::out, Part::address, address_of("ifr_addr")},
    RequestRow{SIOCSIFADDR, Way::in, Part::address, address_of("ifr_addr")},
    RequestRow{SIOCGIFDSTADDR, Way::out, Part::address, address_of("ifr_dstaddr")},
    RequestRow{SIOCSIFDSTADDR, Way::in, Part::address, address_of("ifr_dstaddr")},
    RequestRow{SIOCGIFBRDADDR, Way::out, Part::address, address_of("ifr_broadaddr")},
    RequestRow{SIOCSIFBRDADDR, Way::in, Part::address, address_of("ifr_broadaddr")},
    RequestRow{SIOCGIFNETMASK, Way::out, Part::address, address_of("ifr_netmask")},
    RequestRow{SIOCSIFNETMASK, Way::in, Part::address, address_of("ifr_netmask")},
    RequestRow{SIOCGIFHWADDR, Way::out, Part::hardware, address_of("ifr_hwaddr")},
    RequestRow{SIOCSIFHWADDR, Way::in, Part::hardware, address_of("ifr_hwaddr")},
    RequestRow{SIOCSIFHWBROADCAST, Way::in, Part::hardware, address_of("ifr_hwaddr")},
    RequestRow{SIOCADDMULTI, Way::in, Part::hardware, address_of("ifr_hwaddr")},
    RequestRow{SIOCDELMULTI, Way::in, Part::hardware, address_of("ifr_hwaddr")},
    RequestRow{SIOCGIFFLAGS, Way::out, Part::member, flag_member},
    RequestRow{SIOCSIFFLAGS, Way::in, Part::member, flag_member},
    RequestRow{SIOCGIFINDEX, Way::out, Part::member, number_of("ifr_ifindex")},
    RequestRow{SIOCGIFMETRIC, Way::out, Part::member, number_of("ifr_metric")},
    RequestRow{SIOCSIFMETRIC, Way::in, Part::member, number_of("ifr_metric")},
    RequestRow{SIOCGIFMTU, Way::out, Part::member, number_of("ifr_mtu")},
    RequestRow{SIOCSIFMTU, Way::in, Part::member, number_of("ifr_mtu")},
    RequestRow{SIOCGIFTXQLEN, Way::out, Part::member, number_of("ifr_qlen")},
    RequestRow{SIOCSIFTXQLEN, Way::in, Part::member, number_of("ifr_qlen")},
    RequestRow{SIOCGIFSLAVE, Way::out, Part::member, name_of("ifr_slave")},
    RequestRow{SIOCSIFSLAVE, Way::in, Part::member, name_of("ifr_slave")},
    RequestRow{SIOCSIFNAME, Way::in, Part::member, name_of("ifr_newname")},
    RequestRow{SIOCGIFMAP, Way::out, Part::map, address_of("ifr_map")},
    RequestRow{SIOCSIFMAP, Way::in, Part::map, address_of("ifr_map")},
};
constexpr Member request_name{"ifr_name", 0, IFNAMSIZ, Shape::text};
constexpr Member request_index = number_of("ifr_ifindex");

// struct ifmap begins with two longs, and as the largest member gives struct ifreq its size.
Members map_members(const Layout& layout) {
  static constexpr std::array wide = {
      Member{"mem_start", 0, 8, Shape::hex},  Member{"mem_end", 8, 8, Shape::hex},
      Member{"base_addr", 16, 2, Shape::hex}, Member{"irq", 18, 1, Shape::hex},
      Member{"dma", 19, 1, Shape::hex},       Member{"port", 20, 1, Shape::hex}};
  static constexpr std::array narrow = {
      Member{"mem_start", 0, 4, Shape::hex}, Member{"mem_end", 4, 4, Shape::hex},
      Member{"base_addr", 8, 2, Shape::hex}, Member{"irq", 10, 1, Shape::hex},
      Member{"dma", 11, 1, Shape::hex},      Member{"port", 12, 1, Shape::hex}};
  return layout.word == 8 ? Members(wide) : Members(narrow);
}
std::size_t request_size(const Layout& layout) { return union_at + (layout.word == 8 ? 24 : 16); }
static_assert(sizeof(ifreq) == union_at + 24);

// struct ifconf
struct ListHead {
  std::int32_t length;
  std::uint64_t buffer;
};
std::optional<ListHead> list_head(Memory& memory, Remote<> at, const Layout& layout) {
  const std::string bytes = memory.read_bytes(at, std::size_t{2} * layout.word);
  if (bytes.size() < std::size_t{2} * layout.word) return std::nullopt;
  const auto buffer = word_in(std::as_bytes(std::span(bytes)).subspan(layout.word), layout);
  return ListHead{load<std::int32_t>(bytes), buffer.value_or(0)};
}

// Ethernet and the loopback have six bytes of hardware address; of other types all is shown.
Value hardware(std::string_view bytes) {
  const auto type = load<std::uint16_t>(bytes);
  const bool six = type == ARPHRD_ETHER || type == ARPHRD_LOOPBACK;
  return {model::Struct{{{"sa_family", symbol(tables::hardware_types(), type), {}},
                         {"sa_data", hardware_address(bytes.substr(2, six ? 6 : 14)), {}}}}};
}

void add_part(const RequestRow& row, std::string_view bytes, const Layout& layout,
              std::vector<model::Field>& into) {
  const std::string_view own =
      bytes.substr(union_at, row.part == Part::map ? bytes.npos : sizeof(sockaddr));
  const std::string name(row.member.name);
  switch (row.part) {
  case Part::address: into.push_back({name, socket_address(own), {}}); break;
  case Part::hardware: into.push_back({name, hardware(own), {}}); break;
  case Part::map: into.push_back({name, structure(map_members(layout), own), {}}); break;
  case Part::member: add_members({&row.member, 1}, bytes, into); break;
  }
}

template <class Row> const Row* row_of(std::span<const Row> rows, std::uint32_t request) {
  const auto at = std::ranges::find(rows, request, &Row::request);
  return at == rows.end() ? nullptr : &*at;
}

Value pointed_int(Memory& memory, Remote<> at) {
  if (!at) return {model::Pointer{0}};
  const auto value = memory.read_value(at.as<std::int32_t>());
  if (!value) return {model::Unreadable{at.address, EFAULT}};
  return {model::List{{integer(*value)}, 1}};
}

model::Field int_field(const IntRow& row, Remote<> at, Memory& before, Memory& after,
                       bool succeeded) {
  model::Field field{"argp", {model::Pointer{at.address}}, {}};
  if (row.way == Way::nothing) field.before = {};
  if (row.way == Way::in) field.before = pointed_int(before, at);
  if (row.way == Way::out && succeeded) field.after = pointed_int(after, at);
  return field;
}

// The name goes in, and what was asked for joins it on the way out; SIOCGIFNAME goes from the index
// to the name.
model::Field request_field(const RequestRow& row, Remote<> at, Memory& before, Memory& after,
                           const Layout& layout, bool succeeded) {
  model::Field field{"argp", {}, {}};
  const std::string asked = before.read_bytes(at, request_size(layout));
  if (asked.size() < request_size(layout)) {
    field.before = {model::Unreadable{at.address, EFAULT}};
    return field;
  }
  std::vector<model::Field> members;
  add_members({&request_name, 1}, asked, members);
  if (row.way == Way::in) add_part(row, asked, layout, members);
  field.before = {model::Struct{members}};
  const std::string told = succeeded ? after.read_bytes(at, request_size(layout)) : "";
  if (row.way == Way::in || told.size() < request_size(layout)) return field;
  add_part(row, told, layout, members);
  field.after = {model::Struct{std::move(members)}};
  return field;
}

model::Field name_field(Remote<> at, Memory& before, Memory& after, const Layout& layout,
                        bool succeeded) {
  model::Field field{"argp", {model::Unreadable{at.address, EFAULT}}, {}};
  const std::string asked = before.read_bytes(at, request_size(layout));
  if (asked.size() < request_size(layout)) return field;
  std::vector<model::Field> members;
  add_members({&request_index, 1}, asked, members);
  field.before = {model::Struct{members}};
  const std::string told = succeeded ? after.read_bytes(at, request_size(layout)) : "";
  if (told.size() < request_size(layout)) return field;
  add_members({&request_name, 1}, told, members);
  field.after = {model::Struct{std::move(members)}};
  return field;
}

Value list_length(int length, const Layout& layout) {
  const std::size_t count = static_cast<unsigned>(length) / request_size(layout);
  if (length <= 0 || count * request_size(layout) != static_cast<unsigned>(length))
    return integer(length);
  return {model::Symbol{length, fmt::format("{} /* {} * sizeof(struct ifreq) */", length, count)}};
}

std::size_t listed(int length, const Layout& layout) {
  return static_cast<std::size_t>(std::max(length, 0)) / request_size(layout);
}

Value interface_list(Memory& after, const ListHead& told, const Layout& layout) {
  const std::size_t size = request_size(layout);
  model::List list{{}, listed(told.length, layout)};
  const std::string all =
      after.read_bytes({told.buffer}, std::min(listed(told.length, layout), max_items) * size);
  for (std::string_view rest = all; rest.size() >= size; rest.remove_prefix(size)) {
    std::vector<model::Field> members;
    add_members({&request_name, 1}, rest, members);
    members.push_back({"ifr_addr", socket_address(rest.substr(union_at, sizeof(sockaddr))), {}});
    list.items.push_back({model::Struct{std::move(members)}});
  }
  return {std::move(list)};
}

// With no buffer the kernel says how long one must be; otherwise it fills it.
model::Field list_field(Remote<> at, Memory& before, Memory& after, const Layout& layout,
                        bool succeeded) {
  model::Field field{"argp", {model::Unreadable{at.address, EFAULT}}, {}};
  const auto asked = list_head(before, at, layout);
  if (!asked) return field;
  const Value pointer{model::Pointer{asked->buffer}};
  const Value room = asked->buffer != 0 ? list_length(asked->length, layout) : Value{};
  field.before = {model::Struct{{{"ifc_len", room, {}}, {"ifc_buf", pointer, {}}}}};
  const auto told = succeeded ? list_head(after, at, layout) : std::nullopt;
  if (!told) return field;
  model::Field length{"ifc_len", room, {}};
  if (asked->buffer == 0 || told->length != asked->length)
    length.after = list_length(told->length, layout);
  field.after = {model::Struct{
      {std::move(length),
       {"ifc_buf", asked->buffer == 0 ? pointer : interface_list(after, *told, layout), {}}}}};
  return field;
}

} // namespace

Value ioctl_request(std::uint32_t request) {
  Value value = symbol(tables::ioctl_requests(), request);
  auto& named = *value.get<model::Symbol>();
  if (!named.name.empty()) return value;
  constexpr std::array directions = {"_IOC_NONE", "_IOC_WRITE", "_IOC_READ",
                                     "_IOC_READ|_IOC_WRITE"};
  named.name =
      fmt::format("_IOC({}, {}, {}, {})", directions.at(_IOC_DIR(request)),
                  c_hex(_IOC_TYPE(request)), c_hex(_IOC_NR(request)), c_hex(_IOC_SIZE(request)));
  return value;
}

std::size_t ioctl_size(std::uint32_t request, const Layout& layout) {
  if (const auto* row = row_of<IntRow>(int_rows, request))
    return row->way == Way::nothing ? 0 : sizeof(int);
  if (request == SIOCGIFCONF) return std::size_t{2} * layout.word;
  const bool about_one =
      request == SIOCGIFNAME || row_of<RequestRow>(request_rows, request) != nullptr;
  return about_one ? request_size(layout) : 0;
}

std::optional<Capture::Want> ioctl_want(std::uint32_t request, Remote<> at, Memory& after,
                                        const Layout& layout) {
  if (request != SIOCGIFCONF) return std::nullopt;
  const auto told = list_head(after, at, layout);
  if (!told) return std::nullopt;
  return Capture::Want{{told->buffer},
                       std::min(listed(told->length, layout), max_items) * request_size(layout)};
}

model::Field ioctl_argument(std::uint32_t request, Remote<> at, Memory& before, Memory& after,
                            const Layout& layout, bool succeeded) {
  if (const auto* row = row_of<IntRow>(int_rows, request))
    return int_field(*row, at, before, after, succeeded);
  if (!at || ioctl_size(request, layout) == 0) {
    const bool known = !tables::name_of(tables::ioctl_requests(), request).empty();
    return {"argp", known ? Value{model::Pointer{at.address}} : hex(at.address), {}};
  }
  if (request == SIOCGIFCONF) return list_field(at, before, after, layout, succeeded);
  if (request == SIOCGIFNAME) return name_field(at, before, after, layout, succeeded);
  return request_field(*row_of<RequestRow>(request_rows, request), at, before, after, layout,
                       succeeded);
}

} // namespace socktale::decode
