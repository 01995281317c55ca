// Numbers to named constants: symbols, flag sets, errno. Never reads memory.
#pragma once

#include "tracer/model/value.hpp"
#include "tracer/tables/names.hpp"

#include <cstdint>
#include <string>

namespace socktale::decode {

[[nodiscard]] model::Value integer(std::int64_t value);
// int64 where it fits, as the record's rule wants it.
[[nodiscard]] model::Value natural(std::uint64_t value);
// As C's %#x has it: 0x10, and 0; padded to two digits a byte, of which "0x" are two, as strace
// does.
[[nodiscard]] std::string c_hex(std::uint64_t number);
[[nodiscard]] model::Value hex(std::uint64_t number);
[[nodiscard]] model::Value padded_hex(std::uint64_t number, std::size_t bytes);
// 0x1 /* CM_SERVICE */: where strace writes the number and the name; 0x9 where it has none.
[[nodiscard]] model::Value commented(tables::Names names, std::uint64_t number);
[[nodiscard]] model::Value symbol(tables::Names names, std::int64_t number);
// Names in the table's order; a zero has none.
[[nodiscard]] model::Value flags(tables::Names names, std::uint64_t bits);
// SOCK_STREAM|SOCK_CLOEXEC: a type in the low four bits and flags above (socket(2)).
[[nodiscard]] model::Value socket_type(std::uint64_t bits);
// Depends on the family: IPPROTO_*, NETLINK_*, or a plain number.
[[nodiscard]] model::Value protocol(int family, int number);
// A pending error as an option's value: a symbol, or 0.
[[nodiscard]] model::Value error_symbol(int error);

// The name of a value that is a symbol; empty when it has none, or is none.
[[nodiscard]] std::string symbol_name(const model::Value& value);

// "EADDRINUSE"; the kernel's restart codes 512 to 516 too; empty when unknown.
[[nodiscard]] std::string error_name(int error);
// "SIGPIPE"; "SIGRT_3" for real-time ones; empty when unknown.
[[nodiscard]] std::string signal_name(int number);

} // namespace socktale::decode
