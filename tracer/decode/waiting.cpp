#include "tracer/decode/waiting.hpp"

#include "tracer/decode/layout.hpp"
#include "tracer/decode/numbers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <span>
#include <utility>

namespace socktale::decode {
namespace {

using model::Value;

Value unreadable(Remote<> at) { return {model::Unreadable{at.address, EFAULT}}; }

std::size_t capped(std::uint64_t count) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(count, max_items));
}

Value one_event(const EpollEvent& event) {
  const model::Struct data{
      {{"u32", natural(event.data & 0xffffffff), {}}, {"u64", natural(event.data), {}}}};
  return {model::Struct{
      {{"events", flags(tables::epoll_events(), event.events), {}}, {"data", {data}, {}}}}};
}

} // namespace

Value poll_request(Memory& memory, Remote<> at, std::uint64_t count) {
  if (!at) return {model::Pointer{0}};
  const auto fds = read_array<PollFd>(memory, at, capped(count));
  if (fds.empty() && count > 0) return unreadable(at);
  model::List list{{}, count};
  for (const PollFd& fd : fds) {
    model::Struct one{{{"fd", {model::Fd{fd.fd}}, {}}}};
    if (fd.fd >= 0) // poll(2): others are passed over
      one.members.push_back(
          {"events", flags(tables::poll_events(), static_cast<std::uint16_t>(fd.events)), {}});
    list.items.push_back({std::move(one)});
  }
  return {list};
}

Value poll_answer(Memory& memory, Remote<> at, std::uint64_t count) {
  const auto fds = read_array<PollFd>(memory, at, capped(count));
  model::List list;
  for (const PollFd& fd : fds) {
    if (fd.revents == 0) continue;
    list.items.push_back({model::Struct{
        {{"fd", {model::Fd{fd.fd}}, {}},
         {"revents", flags(tables::poll_events(), static_cast<std::uint16_t>(fd.revents)), {}}}}});
  }
  list.length = list.items.size();
  return {list};
}

std::vector<int> polled_fds(Memory& memory, Remote<> at, std::uint64_t count) {
  std::vector<int> fds;
  for (const PollFd& fd : read_array<PollFd>(memory, at, capped(count))) fds.push_back(fd.fd);
  return fds;
}

// The kernel has longs here; in a little-endian machine their bits are those of the bytes in order.
std::vector<int> fds_in_set(Memory& memory, Remote<> at, std::uint64_t limit) {
  std::vector<int> fds;
  const auto bytes = read_array<std::uint8_t>(memory, at, (capped(limit) + 7) / 8);
  for (std::size_t fd = 0; fd < std::min(capped(limit), bytes.size() * 8); ++fd)
    if ((bytes[fd / 8] >> (fd % 8) & 1) != 0) fds.push_back(static_cast<int>(fd));
  return fds;
}

Value fd_set(Memory& memory, Remote<> at, std::uint64_t limit) {
  if (!at) return {model::Pointer{0}};
  if (limit > 0 && !memory.read_value(at.as<std::uint8_t>())) return unreadable(at);
  model::List list;
  for (const int fd : fds_in_set(memory, at, limit)) list.items.push_back({model::Fd{fd}});
  list.length = list.items.size();
  return {list};
}

Value epoll_event(Memory& memory, Remote<> at) {
  if (!at) return {model::Pointer{0}};
  const auto event = memory.read_value(at.as<EpollEvent>());
  return event ? one_event(*event) : unreadable(at);
}

Value epoll_events(Memory& memory, Remote<> at, std::uint64_t count) {
  const auto events = read_array<EpollEvent>(memory, at, capped(count));
  if (events.empty() && count > 0) return unreadable(at);
  model::List list{{}, count};
  for (const EpollEvent& event : events) list.items.push_back(one_event(event));
  return {list};
}

Value time_span(Memory& memory, Remote<> at, const char* fraction, const Layout& layout) {
  if (!at) return {model::Pointer{0}};
  std::array<std::byte, sizeof(TwoLongs)> bytes{};
  const std::size_t got = memory.read(at, std::span(bytes).first(std::size_t{2} * layout.time));
  const auto time = time_in(std::span(bytes).first(got), layout);
  if (!time) return unreadable(at);
  return {model::Struct{
      {{"tv_sec", integer(time->seconds), {}}, {fraction, integer(time->fraction), {}}}}};
}

Value signal_set(Memory& memory, Remote<> at) {
  constexpr int signals = 64;
  if (!at) return {model::Pointer{0}};
  const auto bits = memory.read_value(at.as<std::uint64_t>());
  if (!bits) return unreadable(at);
  const bool most = std::popcount(*bits) >= signals * 2 / 3;
  const std::uint64_t told = most ? ~*bits : *bits;
  model::List list;
  for (int signal = 1; signal <= signals; ++signal)
    if ((told >> (signal - 1) & 1) != 0)
      list.items.push_back({model::Symbol{signal, signal_name(signal)}});
  list.length = list.items.size();
  if (most) return {model::Made{"~", {{std::move(list)}}}};
  return {std::move(list)};
}

namespace {

struct SizedSet {
  std::uint64_t at, size;
};
std::optional<SizedSet> sized_set(Memory& memory, Remote<> at, const Layout& layout) {
  const std::string bytes = memory.read_bytes(at, std::size_t{2} * layout.word);
  const auto words = std::as_bytes(std::span(bytes));
  const auto set = word_in(words, layout);
  const auto size = set ? word_in(words.subspan(layout.word), layout) : std::nullopt;
  return size ? std::optional(SizedSet{*set, *size}) : std::nullopt;
}

} // namespace

Remote<> set_of_sized(Memory& memory, Remote<> at, const Layout& layout) {
  const auto sized = sized_set(memory, at, layout);
  return {sized ? sized->at : 0};
}

Value sized_signal_set(Memory& memory, Remote<> at, const Layout& layout) {
  if (!at) return {model::Pointer{0}};
  const auto sized = sized_set(memory, at, layout);
  if (!sized) return unreadable(at);
  return {model::Struct{{{"sigmask", signal_set(memory, {sized->at}), {}},
                         {"sigsetsize", natural(sized->size), {}}}}};
}

} // namespace socktale::decode
