#include "tracer/decode/layout.hpp"

#include <algorithm>

namespace socktale::decode {
namespace {

using tables::Kind;
using tables::Length;

// What the row's length says, before any cap: elements for arrays, bytes otherwise.
std::uint64_t stated(const Length& length, const Args& args, std::int64_t result, Memory& sizes) {
  switch (length.from) {
  case Length::From::fixed: return 1;
  case Length::From::arg: return args.at(length.index);
  case Length::From::pointee: {
    const auto size = sizes.read_value(Remote<std::int32_t>{args.at(length.index)});
    return size && *size > 0 ? static_cast<std::uint64_t>(*size) : 0;
  }
  case Length::From::result: return result > 0 ? static_cast<std::uint64_t>(result) : 0;
  }
  return 0;
}

std::size_t at_most(std::uint64_t stated, std::size_t cap) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(stated, cap));
}

// An int argument with rubbish above its 32 bits counts as the kernel would count it.
std::uint64_t as_int(std::uint64_t value) {
  const auto number = static_cast<std::int32_t>(value);
  return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

} // namespace

std::size_t size_of(const tables::Syscall& row, std::size_t index, const Args& args,
                    std::int64_t result, const Limits& limits, Memory& sizes) {
  const tables::Arg& arg = row.args.at(index);
  const std::uint64_t n = stated(arg.length, args, result, sizes);
  switch (arg.kind) {
  case Kind::address: return at_most(as_int(n), max_address);
  case Kind::option_value: return at_most(as_int(n), max_option);
  case Kind::length: return sizeof(std::int32_t);
  case Kind::data: return limits.withhold_payload ? 0 : at_most(n, limits.payload);
  case Kind::fd_pair: return 2 * sizeof(std::int32_t);
  case Kind::iovec: return at_most(n, max_items) * sizeof(IoVector);
  case Kind::message: return sizeof(MessageHeader);
  case Kind::messages: return at_most(n, max_items) * sizeof(ManyMessage);
  case Kind::poll_fds: return at_most(n, max_items) * sizeof(PollFd);
  case Kind::fd_set: return (at_most(as_int(n), max_items) + 63) / 64 * 8;
  case Kind::epoll_event: return sizeof(EpollEvent);
  case Kind::epoll_events: return at_most(n, max_items) * sizeof(EpollEvent);
  case Kind::timespec:
  case Kind::timeval: return sizeof(TwoLongs);
  case Kind::offset: return sizeof(std::int64_t);
  case Kind::ioctl_value: return sizeof(std::int32_t);
  default: return 0;
  }
}

} // namespace socktale::decode
