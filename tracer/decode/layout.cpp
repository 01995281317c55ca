#include "tracer/decode/layout.hpp"

#include "tracer/decode/ioctl.hpp"
#include "tracer/decode/redactor.hpp"

#include <algorithm>
#include <cstring>

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
  case Length::From::result: // MSG_TRUNC returns more than there was room for
    return result > 0 ? std::min(static_cast<std::uint64_t>(result), args.at(length.index)) : 0;
  }
  return 0;
}

std::size_t at_most(std::uint64_t stated, std::size_t cap) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(stated, cap));
}

// The structures of i386, where every member is four bytes.
struct NarrowVector {
  std::uint32_t base, length;
};
struct NarrowHeader { // struct compat_msghdr (net/compat.h)
  std::uint32_t name;
  std::int32_t name_length;
  std::uint32_t iov, iov_count, control, control_length, flags;
};
struct NarrowMany {
  NarrowHeader header;
  std::uint32_t length;
};
static_assert(sizeof(NarrowVector) == vector_size(layout_32));
static_assert(sizeof(NarrowHeader) == header_size(layout_32));
static_assert(sizeof(NarrowMany) == many_size(layout_32));
static_assert(sizeof(IoVector) == vector_size(layout_64));

IoVector widened(const NarrowVector& v) { return {v.base, v.length}; }
MessageHeader widened(const NarrowHeader& h) {
  return {h.name, h.name_length, 0, h.iov, h.iov_count, h.control, h.control_length, h.flags, 0};
}
ManyMessage widened(const NarrowMany& m) { return {widened(m.header), m.length, 0}; }

template <class Wide, class Narrow>
std::vector<Wide> read_either(Memory& memory, Remote<> at, std::size_t count,
                              const Layout& layout) {
  if (layout.word == 8) return read_array<Wide>(memory, at, count);
  std::vector<Wide> wide;
  wide.reserve(count);
  for (const Narrow& narrow : read_array<Narrow>(memory, at, count))
    wide.push_back(widened(narrow));
  return wide;
}

// A signed number of `size` bytes, 4 or 8.
std::int64_t number_in(std::span<const std::byte> bytes, std::size_t size) {
  std::int64_t wide = 0;
  std::int32_t narrow = 0;
  if (size == sizeof wide) {
    std::memcpy(&wide, bytes.data(), sizeof wide);
    return wide;
  }
  std::memcpy(&narrow, bytes.data(), sizeof narrow);
  return narrow;
}

// An int argument with rubbish above its 32 bits counts as the kernel would count it.
std::uint64_t as_int(std::uint64_t value) {
  const auto number = static_cast<std::int32_t>(value);
  return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

} // namespace

std::size_t payload_room(const Limits& limits) {
  if (limits.keep != Keep::bytes) return 0;
  return limits.payload + (limits.redactor ? Redactor::look_ahead : 0);
}

std::size_t size_of(const tables::Syscall& row, std::size_t index, const Args& args,
                    std::int64_t result, const Limits& limits, Memory& sizes) {
  const tables::Arg& arg = row.args.at(index);
  const std::uint64_t n = stated(arg.length, args, result, sizes);
  switch (arg.kind) {
  case Kind::address: return at_most(as_int(n), max_address);
  case Kind::option_value: return at_most(as_int(n), max_option);
  case Kind::length: return sizeof(std::int32_t);
  case Kind::data: return at_most(n, payload_room(limits));
  case Kind::fd_pair: return 2 * sizeof(std::int32_t);
  case Kind::iovec: return at_most(n, max_items) * vector_size(args.layout);
  case Kind::message: return header_size(args.layout);
  case Kind::messages: return at_most(n, max_items) * many_size(args.layout);
  case Kind::poll_fds: return at_most(n, max_items) * sizeof(PollFd);
  case Kind::fd_set: return (at_most(as_int(n), max_items) + 7) / 8;
  case Kind::epoll_event: return sizeof(EpollEvent);
  case Kind::epoll_events: return at_most(n, max_items) * sizeof(EpollEvent);
  case Kind::sigset: // pselect6 has a pointer and a size there
    return row.effect == tables::Effect::waits_select ? std::size_t{2} * args.layout.word
                                                      : sizeof(std::uint64_t);
  case Kind::timespec:
  case Kind::timeval: return std::size_t{2} * args.layout.time;
  case Kind::offset: return args.layout.offset;
  case Kind::wide_offset: return sizeof(std::int64_t);
  case Kind::ioctl_value: return ioctl_size(static_cast<std::uint32_t>(args.at(1)), args.layout);
  default: return 0;
  }
}

std::vector<IoVector> read_vectors(Memory& memory, Remote<> at, std::size_t count,
                                   const Layout& layout) {
  return read_either<IoVector, NarrowVector>(memory, at, count, layout);
}

std::vector<ManyMessage> read_many(Memory& memory, Remote<> at, std::size_t count,
                                   const Layout& layout) {
  return read_either<ManyMessage, NarrowMany>(memory, at, count, layout);
}

std::optional<MessageHeader> read_header(Memory& memory, Remote<> at, const Layout& layout) {
  if (layout.word == 8) return memory.read_value(at.as<MessageHeader>());
  const auto narrow = memory.read_value(at.as<NarrowHeader>());
  return narrow ? std::optional(widened(*narrow)) : std::nullopt;
}

std::optional<TwoLongs> time_in(std::span<const std::byte> bytes, const Layout& layout) {
  if (bytes.size() < std::size_t{2} * layout.time) return std::nullopt;
  return TwoLongs{number_in(bytes, layout.time),
                  number_in(bytes.subspan(layout.time), layout.time)};
}

std::optional<std::uint64_t> word_in(std::span<const std::byte> bytes, const Layout& layout) {
  if (bytes.size() < layout.word) return std::nullopt;
  const auto number = static_cast<std::uint64_t>(number_in(bytes, layout.word));
  return layout.word == 8 ? number : number & UINT32_MAX;
}

} // namespace socktale::decode
