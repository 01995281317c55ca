// Addresses, option values and control messages as tests/programs/values/cases.h has them: each is
// spelt as strace printed it and means what is said there, whatever it is cut to nothing is made
// up, and no family or type of option or control message is without a case.
#include "reports/strace_text.hpp"
#include "tests/programs/values/cases.h"
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/decode/arguments.hpp"
#include "tracer/decode/control.hpp"
#include "tracer/decode/gather.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/sockopt.hpp"
#include "tracer/tables/control_messages.hpp"
#include "tracer/tables/names.hpp"
#include "tracer/tables/sockopts.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

using namespace socktale;
using reports::value_text;

namespace {

constexpr std::size_t all = 4096;
constexpr std::uint64_t at = 0x10000;

// A call's arguments as the recorder comes by them, from memory that ends where the bytes end.
std::vector<model::Field> decoded(const char* call, const decode::Args& args,
                                  std::string_view bytes) {
  test::FakeMemory memory;
  memory.put(at, bytes);
  const tables::Syscall& row = *tables::by_name(call);
  decode::Capture before;
  decode::Capture after;
  gather_entry(row, args, {}, memory, before);
  return decode_arguments(row, args, before, after, -EBADF, {});
}

// The one control message, decoded from its header and data.
model::Value message_of(const control_case& one, std::string_view data) {
  const std::uint64_t length = CMSG_LEN(data.size());
  std::string bytes(CMSG_LEN(0), '\0');
  const cmsghdr header{length, one.level, one.type};
  std::memcpy(bytes.data(), &header, sizeof header);
  bytes += data;
  const model::Value list = decode::control_list(bytes, {at}, length, decode::layout_64);
  return list.get<model::List>()->items.at(0);
}

std::string_view bytes_of(const auto& one) { return {one.bytes, one.length}; }

model::Field option_field(const option_case& one, std::string_view bytes) {
  const decode::Args args{{~0ULL, static_cast<std::uint64_t>(one.level),
                           static_cast<std::uint64_t>(one.name), at, bytes.size()}};
  return decoded("setsockopt", args, bytes).at(3);
}

std::string meaning_in(const model::Value& address) {
  for (const model::Field& member : address.get<model::Struct>()->members)
    if (!member.meaning.empty()) return value_text(member.meaning, all);
  return "";
}

// As strace has it: without what is known beyond.
std::string plain_text(model::Value address) {
  if (auto* structure = address.get<model::Struct>())
    for (model::Field& member : structure->members) member.meaning = {};
  return value_text(address, all);
}

} // namespace

TEST_CASE("every family's addresses are spelt as strace spells them", "[values]") {
  for (const address_case& one : address_cases) {
    CAPTURE(one.text);
    const decode::Args args{{~0ULL, at, one.length}};
    const model::Value address = decoded("connect", args, bytes_of(one)).at(1).before;
    CHECK(plain_text(address) == one.text);
    CHECK(meaning_in(address) == one.meaning);
  }
}

TEST_CASE("every type of option is spelt as strace spells it, and means what it means",
          "[values]") {
  for (const option_case& one : option_cases) {
    CAPTURE(one.level, one.name, one.text);
    const model::Field field = option_field(one, bytes_of(one));
    const bool address = field.before.get<model::Pointer>() != nullptr;
    CHECK((address ? "address" : value_text(field.before, all)) == one.text);
    CHECK((field.meaning.empty() ? "" : value_text(field.meaning, all)) == one.meaning);
  }
}

TEST_CASE("every control message is spelt as strace spells it, and means what it means",
          "[values]") {
  for (const control_case& one : control_cases) {
    CAPTURE(one.level, one.type);
    const model::Value message = message_of(one, bytes_of(one));
    CHECK(plain_text(message) == one.text);
    CHECK(value_text(message, all) == one.meaning);
  }
}

TEST_CASE("addresses and options cut at every length invent nothing", "[values]") {
  for (const address_case& one : address_cases)
    for (std::size_t size = 0; size <= one.length; ++size) {
      CAPTURE(one.text, size);
      const decode::Args args{{~0ULL, at, size}};
      const auto fields = decoded("connect", args, bytes_of(one).substr(0, size));
      REQUIRE(fields.size() == 3);
      CHECK((fields[1].before.get<model::Struct>() != nullptr) == (size >= 2));
      CHECK(decode::endpoint(bytes_of(one).substr(0, size)).has_value() == (size >= 2));
    }
  for (const option_case& one : option_cases)
    for (std::size_t size = 0; size <= one.length; ++size) {
      CAPTURE(one.level, one.name, size);
      const std::string_view bytes = bytes_of(one).substr(0, size);
      CHECK_FALSE(option_field(one, bytes).before.empty());
      CHECK_FALSE(decode::option_value(one.level, one.name, bytes, decode::layout_64).empty());
      CHECK_FALSE(decode::option_value(one.level, one.name, bytes, decode::layout_32).empty());
    }
}

TEST_CASE("no family that is decoded is without a case", "[values]") {
  for (const int family : decode::decoded_families()) {
    CAPTURE(tables::name_of(tables::families(), family));
    CHECK(
        std::ranges::any_of(address_cases, [&](const auto& one) { return one.family == family; }));
  }
}

TEST_CASE("no type of option is without a case", "[values]") {
  std::set<tables::Option> seen;
  for (const option_case& one : option_cases)
    if (const auto* option = tables::socket_option(one.level, one.name)) seen.insert(option->kind);
  for (std::size_t kind = 0; kind < tables::option_kinds; ++kind) {
    CAPTURE(kind);
    CHECK(seen.contains(static_cast<tables::Option>(kind)));
  }
}

TEST_CASE("no control message of the table is without a case", "[values]") {
  for (const tables::ControlMessage& row : tables::control_messages()) {
    CAPTURE(row.name, row.level);
    CHECK(std::ranges::any_of(control_cases, [&](const auto& one) {
      return one.level == row.level && one.type == row.type;
    }));
  }
}
