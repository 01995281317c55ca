// Which call of the table a program has made, and with what arguments, whatever its ABI's way of
// asking for it: by number, through socketcall(2), as words in memory. Pure.
#pragma once

#include "tracer/decode/layout.hpp"
#include "tracer/tables/numbers.hpp"

#include <optional>
#include <string_view>

namespace socktale::decode {

struct Entered {
  const tables::Syscall* row = nullptr;
  Args args{};
  std::string_view via; // tables::Entry::via; lives for ever
};

// `words` are the six registers that the ABI passes, as wide as it has them. Nothing: no call of
// the table, or one whose packed arguments cannot be read (which the kernel refuses with EFAULT).
[[nodiscard]] std::optional<Entered>
entered(tables::Abi abi, long number, const std::array<std::uint64_t, 6>& words, Memory& memory);

} // namespace socktale::decode
