#include "tracer/decode/gather.hpp"

#include "tracer/decode/fcntl.hpp"
#include "tracer/decode/ioctl.hpp"
#include "tracer/decode/sockopt.hpp"
#include "tracer/decode/waiting.hpp"

#include <algorithm>

namespace socktale::decode {
namespace {

using tables::Dir;
using tables::Kind;

using Wants = std::vector<Capture::Want>;

// Used anew by each call of these functions, none of which calls another: a stop allocates little.
Wants& empty_wants() {
  static thread_local Wants wants;
  wants.clear();
  return wants;
}

using Kinds = std::uint64_t; // a bit each

constexpr Kinds bit(Kind kind) { return Kinds{1} << static_cast<unsigned>(kind); }
static_assert(static_cast<unsigned>(Kind::sigset) < 64); // the last one

constexpr Kinds message_kinds = bit(Kind::message) | bit(Kind::messages);
// Those that can hold a pointer to more. Most calls have none, and their stop is over sooner.
constexpr Kinds lead_on = message_kinds | bit(Kind::option_value) | bit(Kind::fcntl_value) |
                          bit(Kind::ioctl_value) | bit(Kind::iovec) | bit(Kind::sigset);

// Buffers of an iovec array, cut to `budget` bytes in all.
void want_buffers(const std::vector<IoVector>& vectors, std::uint64_t& budget, Wants& wants) {
  for (const IoVector& vector : vectors) {
    const std::uint64_t size = std::min(vector.length, budget);
    if (size == 0) continue;
    wants.push_back({{vector.base}, static_cast<std::size_t>(size)});
    budget -= size;
  }
}

std::vector<IoVector> vectors_of(Memory& from, std::uint64_t at, std::uint64_t count,
                                 const Layout& layout) {
  return read_vectors(from, {at},
                      static_cast<std::size_t>(std::min<std::uint64_t>(count, max_items)), layout);
}

std::size_t take(std::uint64_t wanted, std::size_t& left) {
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, left));
  left -= taken;
  return taken;
}

// The arrays that headers point at: needed before the buffers can be found.
void want_arrays(std::span<const MessageHeader> headers, const Layout& layout, Wants& wants) {
  Room room;
  for (const MessageHeader& header : headers)
    wants.push_back({{header.iov}, take(header.iov_count, room.vectors) * vector_size(layout)});
}

void want_contents(std::span<const MessageHeader> headers, Memory& arrays, std::uint64_t budget,
                   const Layout& layout, Wants& wants) {
  Room room;
  for (const MessageHeader& header : headers) {
    wants.push_back({{header.name}, name_size(header)});
    wants.push_back({{header.control}, take(control_size(header), room.control)});
    want_buffers(read_vectors(arrays, {header.iov}, take(header.iov_count, room.vectors), layout),
                 budget, wants);
  }
}

std::vector<MessageHeader> headers_of(Kind kind, Memory& from, Remote<> at, std::size_t size,
                                      const Layout& layout) {
  std::vector<MessageHeader> headers;
  if (kind == Kind::message) {
    if (const auto header = read_header(from, at, layout)) headers.push_back(*header);
    return headers;
  }
  for (const ManyMessage& message : read_many(from, at, size / many_size(layout), layout))
    headers.push_back(message.header);
  return headers;
}

// What lies behind a pointer in an option's or a request's own structure.
void want_behind(const tables::Syscall& row, const Args& args, std::size_t i, Memory& memory,
                 Wants& wants) {
  const tables::Arg& arg = row.args.at(i);
  const Remote<> at{args.at(i)};
  const auto number = [&](std::size_t index) { return static_cast<int>(args.at(index)); };
  std::optional<Capture::Want> want;
  if (arg.kind == Kind::fcntl_value) want = Capture::Want{at, fcntl_size(number(1))};
  if (arg.kind == Kind::ioctl_value) {
    want = ioctl_want(static_cast<std::uint32_t>(args.at(1)), at, memory, args.layout);
  } else if (arg.kind == Kind::option_value) {
    const bool get = arg.dir == Dir::out;
    const std::int64_t length =
        get ? memory.read_value(Remote<std::int32_t>{args.at(arg.length.index)}).value_or(0)
            : number(arg.length.index);
    const auto size = static_cast<std::size_t>(std::clamp<std::int64_t>(length, 0, max_option));
    const std::string bytes = memory.read_bytes(at, size);
    want = option_want(number(1), number(2), {bytes, length, at.address, get, args.layout});
  }
  if (want) wants.push_back(*want);
}

bool is_message(Kind kind) { return (bit(kind) & message_kinds) != 0; }

} // namespace

void gather_entry(const tables::Syscall& row, const Args& args, const Limits& limits, Memory& live,
                  Capture& before) {
  Wants& wants = empty_wants();
  const std::size_t arity = row.arity();
  Kinds kinds = 0;
  // Lengths first in the list of arguments' needs: sizes that are behind pointers refer to them.
  for (std::size_t i = 0; i < arity; ++i) {
    const tables::Arg& arg = row.args.at(i);
    kinds |= bit(arg.kind);
    const bool readable =
        is_pointer(arg.kind) || arg.kind == Kind::option_value || arg.kind == Kind::ioctl_value;
    if (readable && arg.dir != Dir::out)
      wants.push_back({{args.at(i)}, size_of(row, i, args, 0, limits, before)});
  }
  before.take(live, wants);
  if ((kinds & lead_on) == 0) return;
  wants.clear();
  std::uint64_t budget = payload_room(limits);
  for (std::size_t i = 0; i < arity; ++i) {
    const tables::Arg& arg = row.args.at(i);
    if (arg.dir == Dir::out) continue;
    if (arg.dir == Dir::in) want_behind(row, args, i, before, wants);
    const std::size_t size = size_of(row, i, args, 0, limits, before);
    if (arg.kind == Kind::iovec && arg.dir == Dir::in)
      want_buffers(vectors_of(before, args.at(i), size / vector_size(args.layout), args.layout),
                   budget, wants);
    if (arg.kind == Kind::sigset && row.effect == tables::Effect::waits_select)
      wants.push_back({set_of_sized(before, {args.at(i)}, args.layout), sizeof(std::uint64_t)});
    if (is_message(arg.kind))
      want_arrays(headers_of(arg.kind, before, {args.at(i)}, size, args.layout), args.layout,
                  wants);
  }
  before.take(live, wants);
  if ((kinds & message_kinds) == 0) return;
  wants.clear();
  for (std::size_t i = 0; i < arity; ++i) {
    const tables::Arg& arg = row.args.at(i);
    if (!is_message(arg.kind) || row.effect != tables::Effect::sends) continue;
    const std::size_t size = size_of(row, i, args, 0, limits, before);
    want_contents(headers_of(arg.kind, before, {args.at(i)}, size, args.layout), before, budget,
                  args.layout, wants);
  }
  before.take(live, wants);
}

void gather_exit(const tables::Syscall& row, const Args& args, std::int64_t result,
                 const Limits& limits, Memory& live, Capture& before, Capture& after) {
  if (result < 0) return;
  Wants& wants = empty_wants();
  std::uint64_t budget =
      std::min<std::uint64_t>(payload_room(limits), static_cast<std::uint64_t>(result));
  const std::size_t arity = row.arity();
  Kinds kinds = 0;
  for (std::size_t i = 0; i < arity; ++i) {
    const tables::Arg& arg = row.args.at(i);
    kinds |= bit(arg.kind);
    if (arg.dir == Dir::in) continue;
    const std::size_t size = size_of(row, i, args, result, limits, before);
    if (arg.kind == Kind::iovec)
      want_buffers(vectors_of(before, args.at(i), size / vector_size(args.layout), args.layout),
                   budget, wants);
    else
      wants.push_back({{args.at(i)}, size});
  }
  after.take(live, wants);
  if ((kinds & lead_on) == 0) return;
  wants.clear();
  for (std::size_t i = 0; i < arity; ++i) {
    const tables::Arg& arg = row.args.at(i);
    if (arg.dir != Dir::in || arg.kind == Kind::fcntl_value)
      want_behind(row, args, i, after, wants);
    if (!is_message(arg.kind) || row.effect != tables::Effect::receives) continue;
    const std::size_t size = size_of(row, i, args, result, limits, before);
    // recvmmsg(2) returns messages, not bytes, so there the payload's own limit is the only one.
    const std::uint64_t room = arg.kind == Kind::messages ? payload_room(limits) : budget;
    want_contents(headers_of(arg.kind, after, {args.at(i)}, size, args.layout), before, room,
                  args.layout, wants);
  }
  after.take(live, wants);
}

void gather_again(const tables::Syscall& row, const Args& args, Memory& live, Capture& before,
                  Capture& after) {
  Wants& wants = empty_wants();
  const std::size_t arity = row.arity();
  for (std::size_t i = 0; i < arity; ++i) {
    const tables::Arg& arg = row.args.at(i);
    const std::size_t size = size_of(row, i, args, 0, {}, before);
    if (arg.kind == Kind::address && arg.dir == Dir::in) wants.push_back({{args.at(i)}, size});
    if (!is_message(arg.kind) || row.effect != tables::Effect::sends) continue;
    for (const MessageHeader& header :
         headers_of(arg.kind, before, {args.at(i)}, size, args.layout))
      wants.push_back({{header.name}, name_size(header)});
  }
  after.take(live, wants);
}

} // namespace socktale::decode
