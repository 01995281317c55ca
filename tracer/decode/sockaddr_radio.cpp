// Addresses of Bluetooth, NFC and IEEE 802.15.4, and of amateur radio and the networks of its time:
// AX.25, IPX, X.25. Bluetooth's structures are the kernel's (net/bluetooth/*.h): no package for
// programs is needed to look at them.
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr_families.hpp"
#include "tracer/decode/structure.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <linux/ax25.h>
#include <linux/nfc.h>
#include <linux/x25.h>

namespace socktale::decode {
namespace {

using model::Value;

constexpr std::size_t device_size = 6; // bdaddr_t
// Each kind of Bluetooth socket has an address of its own size, and nothing else tells which it is.
constexpr std::size_t hci_old_size = 4; // before Linux 2.6.38 it had no channel
constexpr std::size_t hci_size = 6;
constexpr std::size_t sco_size = 8;
constexpr std::size_t rc_size = 10; // padded by one byte
constexpr std::size_t l2_old_size = 12;
constexpr std::size_t l2_size = 14;

constexpr std::array hci_members = {
    Member{"hci_channel", 4, 2, Shape::symbol, tables::hci_channels}};
constexpr std::array sco_members = {Member{"sco_bdaddr", 2, device_size, Shape::hardware}};
constexpr std::array rc_members = {Member{"rc_bdaddr", 2, device_size, Shape::hardware},
                                   Member{"rc_channel", 8, 1}};
constexpr std::array l2_members = {Member{"l2_bdaddr", 4, device_size, Shape::hardware}};
constexpr std::array l2_type_members = {
    Member{"l2_bdaddr_type", 12, 1, Shape::symbol, tables::bluetooth_address_types}};

// A range of numbers that programs may have: its first one's name and the distance from it.
struct Range {
  std::uint16_t first, last;
  std::string_view name;
};
constexpr std::array service_ranges = {Range{0x80, 0xff, "L2CAP_PSM_LE_DYN_START"},
                                       Range{0x1001, 0xffff, "L2CAP_PSM_DYN_START"}};
constexpr std::array channel_ranges = {Range{0x40, 0xffff, "L2CAP_CID_DYN_START"}};

Value in_range(tables::Names names, std::span<const Range> ranges, std::uint16_t number) {
  if (tables::name_of(names, number).empty())
    for (const Range& range : ranges)
      if (number >= range.first && number <= range.last)
        return made("htobs", {model::Symbol{
                                 number, fmt::format("{}+{}", range.name, number - range.first)}});
  return made("htobs", symbol(names, number));
}

void add_l2(std::string_view bytes, Fields& into) {
  into.push_back({"l2_psm",
                  in_range(tables::l2cap_services(), service_ranges, load<std::uint16_t>(bytes, 2)),
                  {}});
  add_members(l2_members, bytes, into);
  into.push_back(
      {"l2_cid",
       in_range(tables::l2cap_channels(), channel_ranges, load<std::uint16_t>(bytes, 10)),
       {}});
  add_members(l2_type_members, bytes, into);
}

constexpr std::array nfc_members = {
    Member{SOCKTALE_MEMBER(sockaddr_nfc_llcp, dev_idx), Shape::interface},
    Member{SOCKTALE_MEMBER(sockaddr_nfc_llcp, target_idx), Shape::hex},
    Member{SOCKTALE_MEMBER(sockaddr_nfc_llcp, nfc_protocol), Shape::symbol,
           tables::nfc_link_protocols},
};

// include/net/af_ieee802154.h
constexpr std::size_t radio_type_at = 4;
constexpr std::size_t radio_network_at = 8;
constexpr std::size_t radio_address_at = 10;
constexpr std::uint32_t radio_no_address = 0;
constexpr std::uint32_t radio_short_address = 2;

// A call sign: six characters shifted left by one and padded with spaces, then the station's
// number.
constexpr std::size_t call_size = sizeof(ax25_address);
std::string call_sign(std::string_view bytes) {
  std::string sign;
  for (const char c : bytes.substr(0, call_size - 1))
    sign += static_cast<char>(static_cast<unsigned char>(c) >> 1);
  sign.erase(sign.find_last_not_of(' ') + 1);
  const unsigned station = static_cast<unsigned char>(bytes[call_size - 1]) >> 1 & 0xf;
  if (sign.empty() && station == 0) return "*";
  return sign + "-" + fmt::to_string(station);
}

enum class Sanity : std::uint8_t { clean, odd, hopeless };
Sanity sanity_of(std::string_view bytes) {
  Sanity sanity = Sanity::clean;
  bool ended = false;
  bool any = false;
  for (const char raw_c : bytes.substr(0, call_size - 1)) {
    const auto shifted = static_cast<unsigned char>(raw_c);
    const auto c = static_cast<unsigned char>(shifted >> 1);
    if (c < ' ' || c > '~' || c == '*' || c == '/') return Sanity::hopeless;
    const bool proper = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == ' ';
    if ((shifted & 1) != 0 || !proper || (ended && c != ' ')) sanity = Sanity::odd;
    (c == ' ' ? ended : any) = true;
  }
  const auto last = static_cast<unsigned char>(bytes[call_size - 1]);
  if ((last & ~0x1e) != 0 || (!any && last != 0)) sanity = Sanity::odd;
  return sanity;
}

Value call_value(std::string_view bytes) {
  const Sanity sanity = sanity_of(bytes);
  if (sanity == Sanity::clean) return {model::Symbol{0, call_sign(bytes)}};
  const std::string bare = "{ax25_call=" + hex_quoted(bytes) + "}";
  return {model::Symbol{0, sanity == Sanity::hopeless ? bare
                                                      : bare + " /* " + call_sign(bytes) + " */"}};
}

void add_ax25_station(std::string_view bytes, Fields& into) {
  into.push_back(
      {"sax25_call", call_value(bytes.substr(offsetof(sockaddr_ax25, sax25_call), call_size)), {}});
  into.push_back({"sax25_ndigis", integer(load<sockaddr_ax25>(bytes).sax25_ndigis), {}});
}

// include/uapi/linux/ipx.h, which has left the kernel.
constexpr std::array ipx_members = {Member{"sipx_port", 2, 2, Shape::port}};
constexpr std::array ipx_more_members = {Member{"sipx_node", 8, 6, Shape::hex_list},
                                         Member{"sipx_type", 14, 1, Shape::padded},
                                         Member{"sipx_zero", 15, 1, Shape::hex, nullptr, true}};

const Value more{model::Symbol{0, "..."}};

} // namespace

void add_bluetooth(std::string_view bytes, Fields& into) {
  switch (bytes.size()) {
  case hci_old_size:
  case hci_size:
    into.push_back({"hci_dev", made("htobs", integer(load<std::uint16_t>(bytes, 2))), {}});
    return add_members(hci_members, bytes, into);
  case sco_size: return add_members(sco_members, bytes, into);
  case rc_size: return add_members(rc_members, bytes, into);
  case l2_old_size:
  case l2_size: return add_l2(bytes, into);
  default: into.push_back({"sa_data", raw(bytes.substr(2)), {}});
  }
}

void add_nfc(std::string_view bytes, Fields& into) {
  const auto address = load<sockaddr_nfc_llcp>(bytes);
  add_members(nfc_members, bytes, into);
  if (bytes.size() < sizeof address) {
    if (bytes.size() > sizeof(sockaddr_nfc)) into.push_back({"", more, {}});
    return;
  }
  const std::size_t length =
      std::min<std::size_t>(address.service_name_len, sizeof address.service_name);
  const std::string_view name = bytes.substr(offsetof(sockaddr_nfc_llcp, service_name), length);
  into.push_back({"dsap", commented(tables::nfc_services(), address.dsap), {}});
  into.push_back({"ssap", commented(tables::nfc_services(), address.ssap), {}});
  into.push_back({"service_name", {model::Text{std::string(name)}}, {}});
  into.push_back({"service_name_len", natural(address.service_name_len), {}});
}

void add_ieee802154(std::string_view bytes, Fields& into) {
  const auto type = load<std::uint32_t>(bytes, radio_type_at);
  Fields own{
      {"addr_type", commented(tables::ieee802154_address_types(), type), {}},
      {"pan_id",
       commented(tables::ieee802154_networks(), load<std::uint16_t>(bytes, radio_network_at)),
       {}}};
  if (type == radio_short_address)
    own.push_back(
        {"short_addr",
         commented(tables::ieee802154_addresses(), load<std::uint16_t>(bytes, radio_address_at)),
         {}});
  else if (type != radio_no_address)
    own.push_back({"hwaddr", hardware_address(bytes.substr(radio_address_at, 8)), {}});
  into.push_back({"addr", {model::Struct{std::move(own)}}, {}});
}

void add_ax25(std::string_view bytes, Fields& into) {
  const int asked = load<sockaddr_ax25>(bytes).sax25_ndigis;
  if (asked == 0 && bytes.size() <= sizeof(sockaddr_ax25)) return add_ax25_station(bytes, into);
  Fields station;
  add_ax25_station(bytes, station);
  into.push_back({"fsa_ax25", {model::Struct{std::move(station)}}, {}});

  const std::string_view rest = bytes.substr(sizeof(sockaddr_ax25));
  const std::size_t there = std::min<std::size_t>(rest.size() / call_size, AX25_MAX_DIGIS);
  const auto wanted = static_cast<std::size_t>(std::clamp(asked, 0, AX25_MAX_DIGIS));
  if (wanted > 0) {
    model::List relays{{}, wanted};
    for (std::size_t i = 0; i < std::min(there, wanted); ++i)
      relays.items.push_back(call_value(rest.substr(i * call_size, call_size)));
    into.push_back({"fsa_digipeater", {std::move(relays)}, {}});
  }
  if (rest.size() > there * call_size) into.push_back({"", more, {}});
}

void add_ipx(std::string_view bytes, Fields& into) {
  add_members(ipx_members, bytes, into);
  into.push_back({"sipx_network", made("htonl", hex(ntohl(load<std::uint32_t>(bytes, 4)))), {}});
  add_members(ipx_more_members, bytes, into);
}

void add_x25(std::string_view bytes, Fields& into) {
  const std::string_view digits =
      bytes.substr(offsetof(sockaddr_x25, sx25_addr), sizeof(x25_address));
  into.push_back({"sx25_addr", {model::Struct{{{"x25_addr", text(digits), {}}}}}, {}});
}

} // namespace socktale::decode
