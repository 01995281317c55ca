#include "tracer/decode/signal_info.hpp"

#include "tracer/decode/numbers.hpp"
#include "tracer/tables/signals.hpp"

#include <cstdint>
#include <utility>

namespace socktale::decode {
namespace {

using Members = std::vector<model::Field>;

model::Value signal_symbol(int number) { return {model::Symbol{number, signal_name(number)}}; }

std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

void add(Members& members, const char* name, model::Value value) {
  members.push_back({name, std::move(value), {}});
}

void add_sender(Members& members, const siginfo_t& info) {
  add(members, "si_pid", integer(info.si_pid));
  add(members, "si_uid", integer(info.si_uid));
}

// sigqueue(3): a number or a pointer, nobody can tell.
void add_value(Members& members, const siginfo_t& info) {
  add(members, "si_int", integer(info.si_int));
  add(members, "si_ptr", {model::Pointer{address_of(info.si_ptr)}});
}

void add_child(Members& members, const siginfo_t& info) {
  add_sender(members, info);
  add(members, "si_status",
      info.si_code == CLD_EXITED ? integer(info.si_status) : signal_symbol(info.si_status));
  add(members, "si_utime", integer(info.si_utime));
  add(members, "si_stime", integer(info.si_stime));
}

void add_from_user(Members& members, const siginfo_t& info) {
  if (info.si_code == SI_TIMER) {
    add(members, "si_timerid", flags({}, static_cast<std::uint32_t>(info.si_timerid)));
    add(members, "si_overrun", integer(info.si_overrun));
    return add_value(members, info);
  }
  add_sender(members, info);
  const bool plain = info.si_code == SI_USER || info.si_code == SI_TKILL;
  if (!plain && info.si_ptr != nullptr) add_value(members, info);
}

void add_from_kernel(Members& members, const siginfo_t& info) {
  switch (info.si_signo) {
  case SIGCHLD: return add_child(members, info);
  case SIGILL:
  case SIGFPE:
  case SIGSEGV:
  case SIGBUS: return add(members, "si_addr", {model::Pointer{address_of(info.si_addr)}});
  case SIGPOLL: return add(members, "si_band", integer(info.si_band));
  default: break;
  }
  if (info.si_pid != 0 || info.si_uid != 0) add_sender(members, info);
  if (info.si_ptr != nullptr) add_value(members, info);
}

model::Value code(const siginfo_t& info) {
  const auto own = tables::name_of(tables::own_signal_codes(info.si_signo), info.si_code);
  if (!own.empty()) return {model::Symbol{info.si_code, std::string(own)}};
  return symbol(tables::common_signal_codes(), info.si_code);
}

} // namespace

model::Value signal_info(const siginfo_t& info) {
  Members members;
  add(members, "si_signo", signal_symbol(info.si_signo));
  add(members, "si_code", code(info));
  if (info.si_errno != 0) add(members, "si_errno", error_symbol(info.si_errno));
  if (info.si_code <= 0) // sent by a program (SI_FROMUSER of the kernel's asm-generic/siginfo.h)
    add_from_user(members, info);
  else
    add_from_kernel(members, info);
  return {model::Struct{std::move(members)}};
}

} // namespace socktale::decode
