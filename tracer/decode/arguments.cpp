#include "tracer/decode/arguments.hpp"

#include "tracer/decode/fcntl.hpp"
#include "tracer/decode/ioctl.hpp"
#include "tracer/decode/message.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/sockopt.hpp"
#include "tracer/decode/waiting.hpp"
#include "tracer/tables/names.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>

namespace socktale::decode {
namespace {

using model::Value;
using tables::Dir;
using tables::Kind;

// Everything that decoding one argument may ask for.
struct Source {
  const tables::Syscall& row;
  const Args& args;
  Capture& before;
  std::int64_t result; // of a success; 0 at entry
  const Reading& how;

  [[nodiscard]] int number(std::size_t i) const { return static_cast<int>(args.at(i)); }
  [[nodiscard]] std::uint64_t stated(std::size_t i) const {
    const tables::Length& length = row.args.at(i).length;
    if (length.from ==
        tables::Length::From::result) // MSG_TRUNC returns more than there was room for
      return std::min(static_cast<std::uint64_t>(result), args.at(length.index));
    return args.at(length.index);
  }
};

Value exact_bytes(Memory& memory, Remote<> at, std::size_t size, auto make) {
  if (!at) return {model::Pointer{0}};
  const std::string bytes = memory.read_bytes(at, size);
  if (bytes.size() < size) return {model::Unreadable{at.address, EFAULT}};
  return make(bytes);
}

template <class T> Value pointed_integer(Memory& memory, Remote<> at) {
  if (!at) return {model::Pointer{0}};
  const auto value = memory.read_value(at.as<T>());
  if (!value) return {model::Unreadable{at.address, EFAULT}};
  return {model::List{{integer(*value)}, 1}};
}

Value fd_pair(Memory& memory, Remote<> at) {
  const auto fds = read_array<std::int32_t>(memory, at, 2);
  if (fds.size() < 2) return {model::Unreadable{at.address, EFAULT}};
  return {model::List{{{model::Fd{fds[0]}}, {model::Fd{fds[1]}}}, 2}};
}

// A value that is in the register itself.
Value in_register(const Source& s, std::size_t i) {
  const std::uint64_t raw = s.args.at(i);
  const int number = s.number(i);
  switch (s.row.args.at(i).kind) {
  case Kind::sint: return integer(number);
  case Kind::uint: return natural(raw);
  case Kind::fd: return {model::Fd{number}};
  case Kind::family: return symbol(tables::families(), number);
  case Kind::socket_type: return socket_type(raw & 0xffffffff);
  case Kind::protocol: return protocol(s.number(0), number);
  case Kind::message_flags: return flags(tables::message_flags(), raw & 0xffffffff);
  case Kind::accept_flags: return flags(tables::socket_type_flags(), raw & 0xffffffff);
  case Kind::dup_flags:
    return number == O_CLOEXEC ? Value{model::Flags{raw, {"O_CLOEXEC"}, 0}} : flags({}, raw);
  case Kind::range_flags: return flags(tables::close_range_flags(), raw & 0xffffffff);
  case Kind::splice_flags: return flags(tables::splice_flags(), raw & 0xffffffff);
  case Kind::shutdown_how: return symbol(tables::shutdown_hows(), number);
  case Kind::option_level: return option_level(number);
  case Kind::option_name:
    return option_name(s.number(1), number, s.row.args.at(i + 1).dir == Dir::out);
  case Kind::fcntl_command: return symbol(tables::fcntl_commands(), number);
  case Kind::ioctl_request: return ioctl_request(static_cast<std::uint32_t>(raw));
  case Kind::epoll_op: return symbol(tables::epoll_ops(), number);
  default: return {model::Pointer{raw}};
  }
}

// A value behind a pointer, from memory as it was at one moment. `exit` tells which.
Value behind_pointer(const Source& s, std::size_t i, Capture& memory, bool exit) {
  const Remote<> at{s.args.at(i)};
  const tables::Arg& arg = s.row.args.at(i);
  // What the kernel says it had to give may be more than there was room for (accept(2), addrlen).
  const auto size = [&] {
    const std::size_t now = size_of(s.row, i, s.args, s.result, s.how.limits, memory);
    return exit ? std::min(now, size_of(s.row, i, s.args, s.result, s.how.limits, s.before)) : now;
  };
  const bool receives = s.row.effect == tables::Effect::receives;
  switch (arg.kind) {
  case Kind::address:
    // A stream has no source address to give, and less than a family is no address.
    if (size() < sizeof(std::uint16_t)) return {model::Pointer{at.address}};
    return exact_bytes(memory, at, size(), socket_address);
  case Kind::length: return pointed_integer<std::int32_t>(memory, at);
  case Kind::data: return payload(memory, at, s.stated(i), s.how);
  case Kind::fd_pair: return fd_pair(memory, at);
  case Kind::iovec: {
    Room left{.payload = s.how.limits.payload};
    return io_vectors(s.before, memory, at, s.stated(i),
                      exit ? static_cast<std::uint64_t>(s.result) : ~0ULL, s.how, left);
  }
  case Kind::message:
    return message(s.before, memory, at,
                   exit ? std::optional(static_cast<std::uint64_t>(s.result)) : std::nullopt,
                   s.how);
  case Kind::messages:
    return messages(s.before, receives ? memory : s.before, at,
                    exit ? static_cast<std::uint64_t>(s.result) : s.stated(i), exit && receives,
                    s.how);
  case Kind::poll_fds:
    return exit ? poll_answer(memory, at, s.stated(i)) : poll_request(memory, at, s.stated(i));
  case Kind::fd_set: return fd_set(memory, at, s.stated(i));
  case Kind::epoll_event: return epoll_event(memory, at);
  case Kind::epoll_events: return epoll_events(memory, at, s.stated(i));
  case Kind::sigset:
    return s.row.effect == tables::Effect::waits_select
               ? sized_signal_set(memory, at, s.args.layout)
               : signal_set(memory, at);
  case Kind::timespec: return time_span(memory, at, "tv_nsec", s.args.layout);
  case Kind::timeval: return time_span(memory, at, "tv_usec", s.args.layout);
  case Kind::offset:
    if (s.args.layout.offset == 4) return pointed_integer<std::int32_t>(memory, at);
    [[fallthrough]];
  case Kind::wide_offset: return pointed_integer<std::int64_t>(memory, at);
  default: return {model::Pointer{at.address}};
  }
}

// How long an option's value is: what the program said, and of an answer what the kernel said,
// unless there was no room for any.
std::int64_t option_length(const Source& s, const tables::Length& length, Capture& after) {
  if (length.from == tables::Length::From::arg) return s.number(length.index);
  const Remote<std::int32_t> at{s.args.at(length.index)};
  if (s.before.read_value(at).value_or(0) <= 0) return 0;
  return after.read_value(at).value_or(0);
}

// An option's value is shown as strace does, and what it means stands beside it.
model::Field option_field(const Source& s, std::size_t i, Capture& after, bool done) {
  const tables::Arg& arg = s.row.args.at(i);
  const Remote<> at{s.args.at(i)};
  model::Field field{std::string(arg.name), {model::Pointer{at.address}}, {}};
  const bool get = arg.dir == Dir::out;
  if (!at || (get && !done)) return field;
  Capture& memory = get ? after : s.before;
  const std::int64_t length = option_length(s, arg.length, after);
  const auto size = static_cast<std::size_t>(std::clamp<std::int64_t>(length, 0, max_option));
  const std::string bytes = memory.read_bytes(at, size);
  const OptionBytes option{bytes, length, at.address, get, s.args.layout};
  OptionValue value = option_argument(s.number(1), s.number(2), option, memory);
  (get ? field.after : field.before) = std::move(value.plain);
  field.meaning = std::move(value.meaning);
  return field;
}

// Receiving messages overwrites what was there, so only what came back is worth decoding.
bool is_filled_by_kernel(const Source& s, Kind kind) {
  return s.row.effect == tables::Effect::receives &&
         (kind == Kind::message || kind == Kind::messages || kind == Kind::iovec);
}

// An address that was another one when the call returned (gather_again). Which of the two the
// kernel took cannot be told. Empty: it was not looked at again, or was the same.
Value changed_address(const Source& s, std::size_t i, Capture& after) {
  const Remote<> at{s.args.at(i)};
  const std::size_t size = size_of(s.row, i, s.args, s.result, s.how.limits, s.before);
  const std::string now = after.read_bytes(at, size);
  if (size == 0 || now.size() < size || now == s.before.read_bytes(at, size)) return {};
  return socket_address(now);
}

model::Field field(const Source& s, std::size_t i, Capture& after, bool done) {
  const tables::Arg& arg = s.row.args.at(i);
  if (arg.kind == Kind::ioctl_value)
    return ioctl_argument(static_cast<std::uint32_t>(s.args.at(1)), {s.args.at(i)}, s.before, after,
                          s.args.layout, done);
  if (arg.kind == Kind::fcntl_value)
    return fcntl_field(s.number(1), s.args.at(i), s.before, after, done);
  if (arg.kind == Kind::option_value) return option_field(s, i, after, done);
  model::Field field{std::string(arg.name), {}, {}};
  if (!is_pointer(arg.kind)) {
    field.before = in_register(s, i);
  } else if (arg.dir == Dir::out || is_filled_by_kernel(s, arg.kind)) {
    field.before = arg.kind == Kind::message
                       ? empty_message(s.before, {s.args.at(i)}, s.args.layout)
                       : Value{model::Pointer{s.args.at(i)}};
    if (done && s.args.at(i) != 0) field.after = behind_pointer(s, i, after, true);
  } else {
    Source at_entry{s.row, s.args, s.before, 0, s.how};
    field.before = behind_pointer(at_entry, i, s.before, false);
    if (done && arg.dir == Dir::inout && s.args.at(i) != 0 && arg.kind != Kind::messages)
      field.after = behind_pointer(s, i, after, true);
    if (done && arg.kind == Kind::messages)
      add_sent_lengths(field.before, after, {s.args.at(i)}, static_cast<std::uint64_t>(s.result),
                       s.args.layout);
    if (arg.dir == Dir::in && arg.kind == Kind::address) field.after = changed_address(s, i, after);
    if (arg.kind == Kind::message || arg.kind == Kind::messages)
      add_changed_names(field.before, s.before, after, {s.args.at(i)},
                        arg.kind == Kind::messages ? std::optional(s.args.at(arg.length.index))
                                                   : std::nullopt,
                        s.args.layout);
  }
  return field;
}

} // namespace

std::vector<model::Field> decode_arguments(const tables::Syscall& row, const Args& args,
                                           Capture& before, Capture& after,
                                           std::optional<std::int64_t> result, const Limits& limits,
                                           std::optional<int> netlink) {
  const bool done = result && *result >= 0;
  const Reading how{args.layout, limits, netlink};
  const Source source{row, args, before, done ? *result : 0, how};
  std::vector<model::Field> fields;
  fields.reserve(row.arity());
  for (std::size_t i = 0; i < row.arity(); ++i) {
    model::Field decoded = field(source, i, after, done);
    if (decoded.before.empty() && decoded.after.empty())
      continue; // an argument the call does not take
    fields.push_back(std::move(decoded));
  }
  return fields;
}

model::Outcome decode_outcome(const tables::Syscall& row, const Args& args, std::int64_t result,
                              Instant left) {
  constexpr std::int64_t largest_error = 4095; // MAX_ERRNO (linux/err.h)
  model::Outcome outcome;
  outcome.result = result;
  outcome.left = left;
  outcome.result_kind = tables::to_string(row.returns);
  if (row.effect == tables::Effect::controls_fd)
    outcome.meaning = fcntl_result(static_cast<int>(args.at(1)), result);
  if (result < 0 && result >= -largest_error) {
    outcome.error = static_cast<int>(-result);
    outcome.error_name = error_name(outcome.error);
  }
  return outcome;
}

} // namespace socktale::decode
