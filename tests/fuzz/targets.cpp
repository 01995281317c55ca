#include "tests/fuzz/targets.hpp"

#include "tests/support/fake_memory.hpp"
#include "tracer/base/text.hpp"
#include "tracer/decode/arguments.hpp"
#include "tracer/decode/control.hpp"
#include "tracer/decode/gather.hpp"
#include "tracer/decode/netlink.hpp"
#include "tracer/decode/redactor.hpp"
#include "tracer/decode/sockaddr.hpp"
#include "tracer/decode/sockopt.hpp"
#include "tracer/model/json.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace socktale::fuzz {
namespace {

using model::Value;

void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// Takes a number off the front; bytes that are not there count as zero.
template <class T> T take(std::string_view& bytes) {
  T value{};
  const std::size_t size = std::min(bytes.size(), sizeof value);
  if (size > 0) std::memcpy(&value, bytes.data(), size);
  bytes.remove_prefix(size);
  return value;
}

// A byte as a number from -128 to 127.
int take_signed(std::string_view& bytes) { return (take<std::uint8_t>(bytes) ^ 0x80) - 0x80; }

// What was decoded can be written, is safe to `cat`, and is read back the same.
void survives(model::Call call) {
  call.id = {1};
  if (call.name.empty()) call.name = "x";
  const model::Event event{1, {1}, std::move(call)};
  const std::string line = model::to_line(event);
  promise(is_utf8(line) && printable(line) == line, "a line is safe to show");
  const auto again = model::event_from_line(line);
  promise(again.has_value() && again->has_value(), "a line that was written is read");
  promise(**again == event, "a line is read as it was written");
}

void survives(Value value) {
  model::Call call;
  call.args.push_back({"a", std::move(value), {}});
  survives(std::move(call));
}

} // namespace

void address(std::string_view bytes) {
  survives(decode::socket_address(bytes));
  if (const auto end = decode::endpoint(bytes)) {
    model::Socket socket;
    socket.id = {1};
    socket.local = end;
    const model::Event event{1, {1}, socket};
    const auto again = model::event_from_line(model::to_line(event));
    promise(again && *again && **again == event, "an endpoint is read as it was written");
  }
}

void option(std::string_view bytes) {
  const int level = take<std::int16_t>(bytes);
  const int number = take<std::int16_t>(bytes);
  for (const decode::Layout& layout : {decode::layout_64, decode::layout_32})
    survives(decode::option_value(level, number, bytes, layout));
}

void control(std::string_view bytes) {
  const std::uint64_t missing = take<std::uint8_t>(bytes); // bytes that were not kept
  for (const decode::Layout& layout : {decode::layout_64, decode::layout_32}) {
    survives(decode::control_list(bytes, {0x1000}, bytes.size() + missing, layout));
    promise(decode::passed_fds(bytes, layout).size() <= bytes.size() / sizeof(int),
            "no more descriptors than there is room for");
  }
}

void netlink(std::string_view bytes) {
  const int protocol = take_signed(bytes);
  survives(decode::netlink_messages(protocol, bytes, bytes.size()));
  survives(decode::netlink_messages(protocol, bytes, bytes.size() + 1));
}

// A whole call: which one, its arguments, and memory that the same bytes fill, so that pointers
// lead to lengths, structures and to nothing.
void call(std::string_view bytes) {
  const auto rows = tables::syscalls();
  const tables::Syscall& row = rows[take<std::uint8_t>(bytes) % rows.size()];
  const std::uint8_t how = take<std::uint8_t>(bytes);
  const std::int64_t result = take_signed(bytes);
  decode::Args args{};
  args.layout = (how & 1) != 0 ? decode::layout_32 : decode::layout_64;
  for (std::uint64_t& arg : args) arg = take<std::uint16_t>(bytes);
  constexpr std::uint64_t base = 0x1000;
  test::FakeMemory entry;
  test::FakeMemory exit;
  entry.put(base, bytes);
  exit.put(base, bytes.substr(std::min<std::size_t>(how >> 4, bytes.size())));
  static const auto redactor = *decode::Redactor::make({"\\x02+", "a.*b"});
  decode::Limits limits{.payload = std::size_t{16} << (how >> 6)};
  if ((how & 16) != 0) limits.redactor = redactor;
  decode::Capture before;
  decode::Capture after;
  decode::gather_entry(row, args, limits, entry, before);
  decode::gather_exit(row, args, result, limits, exit, before, after);
  model::Call decoded;
  decoded.name = row.name;
  const auto netlink = (how & 2) != 0 ? std::optional<int>((how >> 2) & 3) : std::nullopt;
  decoded.args = decode::decode_arguments(row, args, before, after, result, limits, netlink);
  survives(std::move(decoded));
}

void trace(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    const auto header = model::header_from_line(line);
    if (header) {
      const auto again = model::header_from_line(model::to_line(*header));
      promise(again && *again == *header, "a header that was accepted is read as it is written");
    }
    const auto event = model::event_from_line(line);
    if (event && *event) {
      const auto again = model::event_from_line(model::to_line(**event));
      promise(again && *again && **again == **event,
              "an event that was accepted is read as it is written");
    } else if (!event) {
      const std::string said = event.error().text();
      promise(is_utf8(said) && printable(said) == said, "an error is safe to show");
    }
  }
}

} // namespace socktale::fuzz
