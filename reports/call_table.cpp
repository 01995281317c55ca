#include "reports/call_table.hpp"

#include "tracer/tables/syscalls.hpp"

#include <fmt/format.h>

namespace socktale::reports {
namespace {

std::string arguments(const tables::Syscall& row) {
  std::string text;
  for (std::size_t i = 0; i < row.arity(); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : ", ", row.args.at(i).name);
  return text;
}

} // namespace

std::string call_table() {
  std::string text = "| call | nr | recorded |\n|---|--:|---|\n";
  for (const tables::Syscall& row : tables::syscalls())
    text += fmt::format("| `{}({})` | {} | {} |\n", row.name, arguments(row), row.number,
                        row.scope == tables::Scope::always ? "always" : "on sockets");
  return text;
}

} // namespace socktale::reports
