// Control messages on bytes: every type of the table, cut at every length, and buffers that lie.
#include "tests/support/catch.hpp"
#include "tracer/decode/control.hpp"
#include "tracer/decode/control_data.hpp"
#include "tracer/decode/numbers.hpp"

#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

using namespace socktale;
using namespace socktale::decode;
using model::Value;

namespace {

std::string control(int level, int type, std::string_view data, std::uint64_t length = 0) {
  if (length == 0) length = 16 + data.size();
  std::string out((16 + data.size() + 7) / 8 * 8, '\0');
  std::memcpy(out.data(), &length, 8);
  std::memcpy(out.data() + 8, &level, 4);
  std::memcpy(out.data() + 12, &type, 4);
  std::memcpy(out.data() + 16, data.data(), data.size());
  return out;
}

std::string counting(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i + 1);
  return out;
}

const model::List& list(const Value& value) {
  REQUIRE(value.get<model::List>() != nullptr);
  return *value.get<model::List>();
}

// The member `name` of the only control message in `buffer`.
Value member(const std::string& buffer, const char* name) {
  const Value all = control_list(buffer, {0x1000}, buffer.size(), layout_64);
  REQUIRE(list(all).items.size() == 1);
  for (const model::Field& field : list(all).items[0].get<model::Struct>()->members)
    if (field.name == name) return field.meaning.empty() ? field.before : field.meaning;
  return {};
}

Value data_of(int level, int type, std::string_view data) {
  return member(control(level, type, data), "cmsg_data");
}

std::string name_of(int level, int type) {
  return symbol_name(member(control(level, type, "abcd"), "cmsg_type"));
}

std::vector<std::string> names_in(const Value& value) {
  std::vector<std::string> names;
  for (const model::Field& field : value.get<model::Struct>()->members) names.push_back(field.name);
  return names;
}

} // namespace

TEST_CASE("control messages have their names by level") {
  CHECK(name_of(SOL_SOCKET, 1) == "SCM_RIGHTS");
  CHECK(name_of(SOL_IP, 1) == "IP_TOS");
  CHECK(name_of(SOL_IPV6, IPV6_PKTINFO) == "IPV6_PKTINFO");
  CHECK(name_of(SOL_SOCKET, 9999).empty());
}

TEST_CASE("the data of control messages are shown as what they are") {
  CHECK(data_of(SOL_SOCKET, SCM_RIGHTS, counting(8)) ==
        Value{model::List{{Value{model::Fd{0x04030201}}, Value{model::Fd{0x08070605}}}, 2}});
  CHECK(names_in(data_of(SOL_SOCKET, 2, counting(12))) ==
        std::vector<std::string>{"pid", "uid", "gid"});
  CHECK(data_of(SOL_SOCKET, 3, "label") == Value{model::Text{"label"}});
  CHECK(names_in(data_of(SOL_SOCKET, 29, counting(16))) ==
        std::vector<std::string>{"tv_sec", "tv_usec"});
  CHECK(names_in(data_of(SOL_SOCKET, 64, counting(16))) ==
        std::vector<std::string>{"tv_sec", "tv_nsec"});
  CHECK(list(data_of(SOL_SOCKET, 37, counting(48))).items.size() == 3);
  CHECK(data_of(SOL_IP, IP_TTL, std::string("\x40\0\0\0", 4)) ==
        Value{model::List{{integer(64)}, 1}});
  CHECK(data_of(SOL_IP, IP_TOS, "\x10") == Value{model::List{{hex(0x10)}, 1}});
  CHECK(names_in(data_of(SOL_IP, IP_PKTINFO, counting(12))) ==
        std::vector<std::string>{"ipi_ifindex", "ipi_spec_dst", "ipi_addr"});
  CHECK(names_in(data_of(SOL_IPV6, IPV6_PKTINFO, counting(20))) ==
        std::vector<std::string>{"ipi6_addr", "ipi6_ifindex"});
  const Value error = data_of(SOL_IP, IP_RECVERR, counting(32));
  CHECK(names_in(error).back() == "offender");
  CHECK(data_of(SOL_SOCKET, 9999, "abc") == Value{model::Bytes{"abc", 3}});
}

TEST_CASE("control data too short for their type claim nothing") {
  const auto kinds = {tables::Control::credentials,  tables::Control::packet_info,
                      tables::Control::packet_info6, tables::Control::error,
                      tables::Control::error6,       tables::Control::address,
                      tables::Control::stamp_info,   tables::Control::aux_data};
  for (const tables::Control kind : kinds) {
    std::size_t needs = 0;
    while (control_data(kind, counting(needs), layout_64).empty()) ++needs;
    CAPTURE(static_cast<int>(kind), needs);
    CHECK(needs >= 8);
    for (std::size_t more = needs; more < 64; ++more)
      CHECK_FALSE(control_data(kind, counting(more), layout_64).empty());
  }
  // A cut time stamp is not left out but marked, as strace does it.
  CHECK(symbol_name(control_data(tables::Control::timeval, counting(15), layout_64)) == "???");
  CHECK(symbol_name(control_data(tables::Control::timespecs, counting(47), layout_64)) == "???");
}

TEST_CASE("a control buffer is walked as far as its lengths can be believed") {
  const std::string one = control(SOL_SOCKET, SCM_RIGHTS, counting(4));
  const std::string two = one + control(SOL_SOCKET, 2, counting(12));
  const auto shown = [](std::string_view buffer, std::uint64_t length) {
    return control_list(buffer, {0x1000}, length, layout_64);
  };
  CHECK(list(shown(two, two.size())).items.size() == 2);
  const auto rest = [](const Value& value) {
    const auto* made = list(value).items.back().get<model::Made>();
    return made == nullptr ? 0 : made->of.at(0).get<model::Pointer>()->address;
  };
  for (std::size_t size = 0; size <= two.size(); ++size) {
    CAPTURE(size);
    const Value value = shown(std::string_view(two).substr(0, size), size);
    if (size < 16) {
      CHECK(value == Value{model::Pointer{0x1000}});
      continue;
    }
    const bool part_of_second = size > 24 && size < 40;
    CHECK(rest(value) == (part_of_second ? 0x1018 : 0));
    CHECK(list(value).items.size() == (size <= 24 ? 1 : 2));
  }
  // A message without room for its own header ends the walk; the rest is pointed at.
  const std::string small = control(SOL_SOCKET, 1, counting(4), 15);
  CHECK(rest(shown(small, small.size())) == 0x1010);
  // One that claims more than there is is cut, and nothing follows.
  const std::string large = control(SOL_SOCKET, 1, counting(8), ~0ULL);
  CHECK(rest(shown(large, large.size())) == 0);
  // More than was kept: said.
  CHECK(rest(shown(one, 100'000)) == 0x1018);
}

TEST_CASE("descriptors in control messages are found, wherever they stand") {
  const std::string two = control(SOL_IP, IP_TTL, counting(4)) +
                          control(SOL_SOCKET, SCM_RIGHTS, std::string("\7\0\0\0\x8\0\0\0", 8));
  CHECK(passed_fds(two, layout_64) == std::vector<int>{7, 8});
  CHECK(passed_fds(two.substr(0, 24 + 16 + 5), layout_64) == std::vector<int>{7});
  CHECK(passed_fds({}, layout_64).empty());
}
