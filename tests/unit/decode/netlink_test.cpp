// Netlink messages on bytes: headers by protocol, errors, route messages, and what is cut.
#include "tests/support/catch.hpp"
#include "tracer/decode/netlink.hpp"
#include "tracer/decode/numbers.hpp"

#include <cstring>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

using namespace socktale;
using namespace socktale::decode;
using namespace std::string_literals;
using model::Value;

namespace {

template <class T> std::string bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string message(std::uint16_t type, std::uint16_t flags, const std::string& body,
                    std::uint32_t length = 0) {
  const auto size = static_cast<std::uint32_t>(sizeof(nlmsghdr) + body.size());
  std::string out = bytes_of(nlmsghdr{length == 0 ? size : length, type, flags, 5, 7}) + body;
  out.resize((out.size() + 3) / 4 * 4);
  return out;
}

std::string attribute(std::uint16_t type, const std::string& body) {
  std::string out = bytes_of(static_cast<std::uint16_t>(4 + body.size())) + bytes_of(type) + body;
  out.resize((out.size() + 3) / 4 * 4);
  return out;
}

const Value& at(const Value& value, std::size_t i) {
  REQUIRE(value.get<model::List>() != nullptr);
  return value.get<model::List>()->items.at(i);
}

const Value& member(const Value& value, std::string_view name) {
  REQUIRE(value.get<model::Struct>() != nullptr);
  for (const model::Field& field : value.get<model::Struct>()->members)
    if (field.name == name) return field.before;
  FAIL("no member " << name);
  throw 0;
}

Value read(int protocol, const std::string& bytes) {
  return netlink_messages(protocol, bytes, bytes.size());
}

bool is_hex(const Value& value, const std::string& bytes) {
  const auto* made = value.get<model::Made>();
  return made != nullptr && made->by == "\\x" &&
         made->of.at(0) == Value{model::Bytes{bytes, bytes.size()}};
}

using Names = std::vector<model::Name>;
Names flag_names(const Value& header) {
  return member(header, "nlmsg_flags").get<model::Flags>()->names;
}

} // namespace

TEST_CASE("a netlink message has its header by protocol") {
  const std::string asked = message(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, "\2");
  const Value route = read(NETLINK_ROUTE, asked);
  CHECK(symbol_name(member(at(route, 0), "nlmsg_type")) == "RTM_GETADDR");
  CHECK(flag_names(at(route, 0)) == Names{"NLM_F_REQUEST", "NLM_F_DUMP"});
  CHECK(member(at(route, 0), "nlmsg_seq") == integer(5));
  CHECK(member(at(route, 0), "nlmsg_pid") == integer(7));
  CHECK(symbol_name(member(at(route, 1), "ifa_family")) == "AF_INET");

  const Value other = read(NETLINK_CRYPTO, asked);
  CHECK(member(at(other, 0), "nlmsg_type") == Value{model::Symbol{RTM_GETADDR, "", "NLMSG_???"}});
  CHECK(flag_names(at(other, 0)) == Names{"NLM_F_REQUEST"});
  CHECK(is_hex(at(other, 1), "\2"));
  CHECK(flag_names(at(read(NETLINK_ROUTE, message(RTM_NEWADDR, 0x600, "\2")), 0)) ==
        Names{"NLM_F_EXCL", "NLM_F_CREATE"});
  CHECK(symbol_name(member(at(read(NETLINK_AUDIT, message(1000, 5, "abcd")), 0), "nlmsg_type")) ==
        "AUDIT_GET");
}

TEST_CASE("one netlink message stands alone, several are a list") {
  const std::string one = message(NLMSG_DONE, NLM_F_MULTI, bytes_of(0));
  CHECK(at(read(NETLINK_ROUTE, one), 1) == integer(0));
  const Value two = read(NETLINK_ROUTE, one + one);
  CHECK(two.get<model::List>()->items.size() == 2);
  CHECK(at(at(two, 1), 1) == integer(0));
  // What is too short for a header stays bytes; a header that claims less than itself ends the
  // walk.
  CHECK(is_hex(at(read(NETLINK_ROUTE, one + "abc"), 1), "abc"));
  CHECK(is_hex(read(NETLINK_ROUTE, "abc"), "abc"));
  CHECK(read(NETLINK_ROUTE, message(3, 0, "", 15) + one).get<model::Struct>() != nullptr);
  CHECK(read(NETLINK_ROUTE, "") == Value{model::Bytes{"", 0}});
}

TEST_CASE("a netlink error has its name and the message that it answers") {
  const std::string asked = message(RTM_GETLINK, NLM_F_REQUEST, "\0"s);
  const Value refused = read(NETLINK_ROUTE, message(NLMSG_ERROR, 0, bytes_of(-1) + asked));
  CHECK(member(at(refused, 1), "error") == Value{model::Symbol{-1, "-EPERM"}});
  CHECK(symbol_name(member(at(member(at(refused, 1), "msg"), 0), "nlmsg_type")) == "RTM_GETLINK");

  const std::string header = asked.substr(0, sizeof(nlmsghdr));
  const Value done = read(NETLINK_ROUTE, message(NLMSG_ERROR, NLM_F_CAPPED, bytes_of(0) + header));
  CHECK(flag_names(at(done, 0)) == Names{"NLM_F_CAPPED"});
  CHECK(member(at(done, 1), "error") == integer(0));
  CHECK(member(at(done, 1), "msg").get<model::Struct>() != nullptr);

  const Value said =
      read(NETLINK_ROUTE, message(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS,
                                  bytes_of(-22) + header + attribute(1, "no such thing"s + '\0')));
  CHECK(symbol_name(member(at(at(at(said, 1), 1), 0), "nla_type")) == "NLMSGERR_ATTR_MSG");
}

TEST_CASE("errors that quote errors are not followed without end") {
  std::string inner = message(NLMSG_ERROR, 0, bytes_of(-1));
  for (int i = 0; i < 50; ++i) inner = message(NLMSG_ERROR, 0, bytes_of(-1) + inner);
  int depth = 0;
  Value value = read(NETLINK_ROUTE, inner);
  while (value.get<model::List>() != nullptr && at(value, 1).get<model::Struct>() != nullptr) {
    value = Value(member(at(value, 1), "msg"));
    ++depth;
  }
  CHECK(depth == 2);
}

TEST_CASE("addresses and links in route messages are read, attributes too") {
  const ifaddrmsg lo{AF_INET, 8, IFA_F_PERMANENT, RT_SCOPE_HOST, 1};
  const std::string body = bytes_of(lo) + attribute(IFA_ADDRESS, "\x7f\0\0\1"s) +
                           attribute(IFA_LABEL, "lo\0"s) + attribute(99, "abcd");
  const Value value = read(NETLINK_ROUTE, message(RTM_NEWADDR, NLM_F_MULTI, body));
  CHECK(symbol_name(member(at(value, 1), "ifa_scope")) == "RT_SCOPE_HOST");
  const Value& attributes = at(value, 2);
  CHECK(symbol_name(member(at(at(attributes, 0), 0), "nla_type")) == "IFA_ADDRESS");
  CHECK(at(at(attributes, 0), 1) == Value{model::Made{"inet_addr", {{model::Text{"127.0.0.1"}}}}});
  CHECK(at(at(attributes, 1), 1) == Value{model::Text{"lo"}});
  CHECK(is_hex(at(at(attributes, 2), 1), "abcd"));

  const ifinfomsg up{AF_UNSPEC, 0, 772, 1, 0x11043, 0};
  const Value link = read(NETLINK_ROUTE, message(RTM_NEWLINK, 0, bytes_of(up)));
  CHECK(symbol_name(member(at(link, 1), "ifi_type")) == "ARPHRD_LOOPBACK");
  CHECK(member(at(link, 1), "ifi_flags").get<model::Flags>()->names ==
        Names{"IFF_UP", "IFF_BROADCAST", "IFF_RUNNING", "IFF_MULTICAST", "IFF_LOWER_UP"});
  const Value marked =
      read(NETLINK_ROUTE, message(RTM_NEWADDR, 0, bytes_of(lo) + attribute(0x8001, "abcd")));
  CHECK(member(at(at(marked, 2), 0), "nla_type").get<model::Flags>()->names ==
        Names{"NLA_F_NESTED", "IFA_ADDRESS"});
}

TEST_CASE("netlink messages cut at every length claim nothing that is not there") {
  const ifaddrmsg lo{AF_INET, 8, 0, 0, 1};
  const std::string whole =
      message(RTM_NEWADDR, 0, bytes_of(lo) + attribute(IFA_ADDRESS, "\x7f\0\0\1"s));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    const Value value = netlink_messages(NETLINK_ROUTE, whole.substr(0, size), size);
    const bool has_body = size > sizeof(nlmsghdr);
    CHECK((value.get<model::Made>() != nullptr) == (size < sizeof(nlmsghdr)));
    CHECK((value.get<model::Struct>() != nullptr) == (size == sizeof(nlmsghdr)));
    if (has_body && size < sizeof(nlmsghdr) + sizeof lo)
      CHECK(at(value, 1).get<model::Struct>()->members.size() == 2); // {ifa_family=AF_INET, ...}
  }
  // Bytes beyond the payload limit are said to have been there.
  const Value cut = netlink_messages(NETLINK_ROUTE, whole + whole, 1000);
  CHECK(cut.get<model::List>()->length == 3);
}

TEST_CASE("the kernel's device events are text") {
  CHECK(read(NETLINK_KOBJECT_UEVENT, "add@/devices"s) == Value{model::Bytes{"add@/devices", 12}});
}
