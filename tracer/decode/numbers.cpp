#include "tracer/decode/numbers.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <sys/socket.h>

namespace socktale::decode {
namespace {

// include/linux/errno.h: seen by tracers only, the kernel turns them into a restart or EINTR.
constexpr std::array restart_codes = {
    std::pair{512, "ERESTARTSYS"}, std::pair{513, "ERESTARTNOINTR"},
    std::pair{514, "ERESTARTNOHAND"}, std::pair{516, "ERESTART_RESTARTBLOCK"}};

void add_flags(tables::Names names, model::Flags& into) {
  for (const tables::Name& name : names) {
    const auto bits = static_cast<std::uint64_t>(name.number);
    if (bits == 0 || (into.rest & bits) != bits) continue;
    into.names.emplace_back(name.name);
    into.rest &= ~bits;
  }
}

} // namespace

model::Value integer(std::int64_t value) { return {value}; }

model::Value natural(std::uint64_t value) {
  if (std::in_range<std::int64_t>(value)) return {static_cast<std::int64_t>(value)};
  return {value};
}

std::string c_hex(std::uint64_t number) { return number == 0 ? "0" : fmt::format("{:#x}", number); }

model::Value hex(std::uint64_t number) {
  return {model::Symbol{static_cast<std::int64_t>(number), c_hex(number)}};
}

model::Value padded_hex(std::uint64_t number, std::size_t bytes) {
  std::string shown = number == 0 ? fmt::format("{:0{}}", 0, 2 * bytes)
                                  : fmt::format("{:#0{}x}", number, 2 * bytes);
  return {model::Symbol{static_cast<std::int64_t>(number), shown}};
}

model::Value commented(tables::Names names, std::uint64_t number) {
  const auto signed_number = static_cast<std::int64_t>(number);
  const std::string_view name = tables::name_of(names, signed_number);
  const std::string_view comment = name.empty() ? names.unknown : name;
  std::string shown = c_hex(number);
  if (!comment.empty()) shown += fmt::format(" /* {} */", comment);
  return {model::Symbol{signed_number, shown}};
}

model::Value symbol(tables::Names names, std::int64_t number) {
  const std::string_view name = tables::name_of(names, number);
  return {model::Symbol{number, std::string(name),
                        name.empty() ? std::string(names.unknown) : std::string{}}};
}

model::Value flags(tables::Names names, std::uint64_t bits) {
  model::Flags out{bits, {}, bits};
  add_flags(names, out);
  if (out.names.empty() && out.rest != 0) out.unknown = names.unknown;
  return {out};
}

model::Value socket_type(std::uint64_t bits) {
  constexpr std::uint64_t type_mask = 0xf;
  model::Flags out{bits, {}, bits};
  const auto type =
      tables::name_of(tables::socket_types(), static_cast<std::int64_t>(bits & type_mask));
  if (!type.empty()) {
    out.names.emplace_back(type);
    out.rest &= ~type_mask;
  }
  const std::size_t known = out.names.size();
  add_flags(tables::socket_type_flags(), out);
  if (out.names.size() == known && out.rest != 0) out.unknown = tables::socket_types().unknown;
  return {out};
}

model::Value protocol(int family, int number) {
  const tables::Names names = tables::protocols_of(family);
  if (names.rows.empty()) return natural(static_cast<std::uint32_t>(number));
  // packet(7): an Ethernet protocol in network byte order.
  if (family == AF_PACKET)
    return {model::Made{"htons", {symbol(names, ntohs(static_cast<std::uint16_t>(number)))}}};
  if (family == AF_AX25) return commented(names, static_cast<std::uint32_t>(number));
  return symbol(names, number);
}

model::Value error_symbol(int error) {
  if (error == 0) return integer(0);
  return {model::Symbol{error, error_name(error)}};
}

std::string symbol_name(const model::Value& value) {
  const auto* symbol = value.get<model::Symbol>();
  return symbol == nullptr ? "" : symbol->name;
}

std::string error_name(int error) {
  for (const auto& [code, name] : restart_codes)
    if (code == error) return name;
  const char* name = strerrorname_np(error);
  return error == 0 || name == nullptr ? "" : name;
}

std::string signal_name(int number) {
  constexpr int first_real_time = 32; // the kernel's; the C library keeps the first two for itself
  if (number == first_real_time) return "SIGRTMIN";
  if (number > first_real_time && number <= SIGRTMAX)
    return "SIGRT_" + std::to_string(number - first_real_time);
  if (number == SIGIO) return "SIGIO"; // which the C library calls SIGPOLL
  const char* name = sigabbrev_np(number);
  return name == nullptr ? "" : std::string("SIG") + name;
}

} // namespace socktale::decode
