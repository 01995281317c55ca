// A C structure's bytes taken apart by a table of its members: where each is and how it is shown.
// Pure; never reads beyond the bytes that it is given.
#pragma once

#include "tracer/model/value.hpp"
#include "tracer/tables/names.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::decode {

// How a member is shown.
enum class Shape : std::uint8_t {
  natural, // 16
  integer, // -1
  hex,     // 0x10, and 0
  padded,  // 0x0010, and 0000: strace's %#0*x
  symbol,  // AF_INET, by `names`
  flags,   // IFF_UP|IFF_RUNNING, by `names`
  descriptor,
  interface, // if_nametoindex("lo"), see interface()
  port,      // htons(80)
  address4,  // inet_addr("127.0.0.1")
  address6,  // inet_pton(AF_INET6, "::1", &member)
  text,      // "lo": up to its NUL
  hardware,  // 00:1b:21:3c:9d:f8
  hex_list,  // [0x1, 0x2]
  bytes,     // "\1\2"
  escaped,   // "\x01\x02"
};

struct Member {
  std::string_view name;
  std::uint16_t offset;
  std::uint16_t size;
  Shape shape = Shape::natural;
  tables::Names (*names)() = nullptr;
  bool only_if_set = false; // left out while it is zero
};
using Members = std::span<const Member>;

// Of a C structure's member, so that the header says where it is.
#define SOCKTALE_MEMBER(structure, member)                                                         \
  #member, offsetof(structure, member), sizeof(structure::member)

// The beginning of `bytes` as a T; what is missing is zero.
template <class T> [[nodiscard]] T load(std::string_view bytes, std::size_t at = 0) {
  T value{};
  if (at < bytes.size())
    std::memcpy(&value, bytes.data() + at, std::min(bytes.size() - at, sizeof value));
  return value;
}

// Members that the bytes do not reach are left out; one that they cut keeps its bytes.
void add_members(Members members, std::string_view bytes, std::vector<model::Field>& into);
[[nodiscard]] model::Value structure(Members members, std::string_view bytes);

[[nodiscard]] model::Value raw(std::string_view bytes);
// Up to its NUL; without one it was longer than there was room for.
[[nodiscard]] model::Value text(std::string_view bytes);
[[nodiscard]] model::Value made(const char* by, model::Value of);
[[nodiscard]] model::Value numeric_address4(std::string_view bytes);
[[nodiscard]] model::Value numeric_address6(std::string_view bytes);
[[nodiscard]] model::Value hardware_address(std::string_view bytes);
// "\x01\x02", where strace writes every byte so.
[[nodiscard]] std::string hex_quoted(std::string_view bytes);
[[nodiscard]] model::Value hex_list(std::string_view bytes);
// An interface's index. Index 1 is lo in every network namespace (LOOPBACK_IFINDEX, net/flow.h), so
// that one is named as strace does; the others would have to be looked up.
[[nodiscard]] model::Value interface(std::int64_t index);

} // namespace socktale::decode
