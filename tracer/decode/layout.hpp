// How the kernel lays out what socket calls point at, in each ABI, and how large a row says it is:
// the one place that both gathering and decoding ask. Reads no memory but through what it is given.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/tables/spec.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace socktale::decode {

// The sizes in which the ABIs differ, in bytes. What is the same in all of them (int, socklen_t,
// struct sockaddr, struct pollfd, struct linger) has no place here.
struct Layout {
  std::uint8_t word = 8;   // long, size_t, a pointer
  std::uint8_t time = 8;   // each member of a timespec or timeval
  std::uint8_t offset = 8; // off_t
  bool operator==(const Layout&) const = default;
};
inline constexpr Layout layout_64{};
inline constexpr Layout layout_32{4, 4, 4}; // i386 (linux/compat.h)

// What a call was given, and how that which it points at is laid out.
struct Args : std::array<std::uint64_t, 6> {
  Layout layout{};
};

// What is kept of payload: bytes, how many there were, or not even the look of a buffer.
enum class Keep : std::uint8_t { bytes, lengths, nothing };

class Redactor;

// How much of what a program names is looked at.
struct Limits {
  std::size_t payload = 4096; // bytes of one call's payload, all its buffers together
  Keep keep = Keep::bytes;
  std::shared_ptr<const Redactor> redactor{}; // of bytes that must not be kept; may be none
  std::size_t patterns = 0;                   // that it knows
};
// Bytes of payload to be read in a stop, all buffers together.
[[nodiscard]] std::size_t payload_room(const Limits& limits);
constexpr std::size_t max_address = 128;  // sizeof(struct sockaddr_storage), all the kernel takes
constexpr std::size_t max_items = 1024;   // UIO_MAXIOV, and enough of any list of descriptors
constexpr std::size_t max_control = 4096; // of one message's control data
// A call may have max_items messages with as many buffers each (sendmmsg(2)): of all together no
// more is kept than this. What is `left` for those to come.
struct Room {
  std::size_t payload = 0; // bytes
  std::size_t vectors = max_items;
  std::size_t control = 16 * max_control; // bytes
};
constexpr std::size_t max_option = 1024;

// Structures as 64-bit programs have them; those of narrower ABIs are widened to them when read.
struct MessageHeader { // struct user_msghdr (linux/socket.h)
  std::uint64_t name;
  std::int32_t name_length;
  std::uint32_t pad;
  std::uint64_t iov;
  std::uint64_t iov_count;
  std::uint64_t control;
  std::uint64_t control_length;
  std::uint32_t flags;
  std::uint32_t pad2;
};
struct ManyMessage { // struct mmsghdr
  MessageHeader header;
  std::uint32_t length;
  std::uint32_t pad;
};
struct IoVector { // struct iovec
  std::uint64_t base;
  std::uint64_t length;
};
struct PollFd { // struct pollfd
  std::int32_t fd;
  std::int16_t events;
  std::int16_t revents;
};
struct [[gnu::packed]] EpollEvent { // struct epoll_event: 12 bytes on x86-64 and on i386
  std::uint32_t events;
  std::uint64_t data;
};
struct TwoLongs { // struct timespec, struct timeval
  std::int64_t seconds;
  std::int64_t fraction;
};

// Bytes of argument `index` that matter, capped. `sizes` holds the program's own lengths (what
// pointee() refers to) as they were at entry; `result` is what the call returned so far (0:
// unknown).
[[nodiscard]] std::size_t size_of(const tables::Syscall& row, std::size_t index, const Args& args,
                                  std::int64_t result, const Limits& limits, Memory& sizes);

// The elements of an array at `at`, as many as can be read.
template <class T>
[[nodiscard]] std::vector<T> read_array(Memory& memory, Remote<> at, std::size_t count) {
  std::vector<T> items(count);
  const std::size_t got = memory.read(at, std::as_writable_bytes(std::span(items)));
  items.resize(got / sizeof(T));
  return items;
}

// The structures at `at`, widened; as many as can be read.
[[nodiscard]] std::vector<IoVector> read_vectors(Memory& memory, Remote<> at, std::size_t count,
                                                 const Layout& layout);
// Of its address, as much as the kernel takes.
[[nodiscard]] constexpr std::size_t name_size(const MessageHeader& header) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(header.name_length, 0, max_address));
}
// Of its control data, as much as is ever kept.
[[nodiscard]] constexpr std::size_t control_size(const MessageHeader& header) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(header.control_length, max_control));
}
[[nodiscard]] std::vector<ManyMessage> read_many(Memory& memory, Remote<> at, std::size_t count,
                                                 const Layout& layout);
[[nodiscard]] std::optional<MessageHeader> read_header(Memory& memory, Remote<> at,
                                                       const Layout& layout);
// struct timespec or timeval at the beginning of `bytes`; nothing: too few.
[[nodiscard]] std::optional<TwoLongs> time_in(std::span<const std::byte> bytes,
                                              const Layout& layout);
// One word, unsigned, at the beginning of `bytes`; nothing: too few.
[[nodiscard]] std::optional<std::uint64_t> word_in(std::span<const std::byte> bytes,
                                                   const Layout& layout);

// sizeof, in the program's ABI.
[[nodiscard]] constexpr std::size_t vector_size(const Layout& layout) {
  return std::size_t{2} * layout.word;
}
[[nodiscard]] constexpr std::size_t header_size(const Layout& layout) {
  return layout.word == 8 ? sizeof(MessageHeader) : 28;
}
[[nodiscard]] constexpr std::size_t many_size(const Layout& layout) {
  return layout.word == 8 ? sizeof(ManyMessage) : 32;
}
// struct cmsghdr: a word, then two ints; the next one begins at a multiple of a word (cmsg(3)).
[[nodiscard]] constexpr std::size_t control_header_size(const Layout& layout) {
  return layout.word + 2 * sizeof(std::int32_t);
}

} // namespace socktale::decode
