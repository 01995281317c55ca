#include "tracer/decode/payload.hpp"

#include "tracer/decode/netlink.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/redactor.hpp"

#include <algorithm>
#include <cerrno>

namespace socktale::decode {
namespace {

using model::Value;

// One buffer of a call.
struct Buffer {
  std::uint64_t at, length;
  std::string data;         // as much of it as could be read and is wanted
  bool unreadable = false;  // not even its beginning
  std::uint64_t hidden = 0; // bytes of data that a pattern matched
};

// `room`: for the bytes of this and what follows it.
Buffer read_buffer(Memory& memory, std::uint64_t at, std::uint64_t length, std::size_t& room) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(length, room));
  Buffer buffer{at, length, size == 0 ? std::string{} : memory.read_bytes({at}, size)};
  buffer.unreadable = buffer.data.empty() && size > 0;
  room -= buffer.data.size();
  return buffer;
}

// A match may begin in one buffer of the call and end in the next.
void redact(const Redactor& redactor, std::vector<Buffer>& buffers, std::size_t left) {
  std::string all;
  for (const Buffer& buffer : buffers) all += buffer.data;
  const auto spans = redactor.redact(all);
  if (spans.empty()) return;
  std::size_t begin = 0;
  for (Buffer& buffer : buffers) {
    const std::size_t size = buffer.data.size();
    buffer.data = all.substr(begin, size);
    const std::size_t end = std::min(begin + size, left); // beyond it nothing is kept
    for (const auto& [from, to] : spans)
      if (from < end && to > begin) buffer.hidden += std::min(to, end) - std::max(from, begin);
    begin += size;
  }
}

Value shown(Buffer buffer, const Reading& how) {
  if (buffer.at == 0) return {model::Pointer{0}};
  if (how.limits.keep == Keep::nothing) return {model::Pointer{buffer.at}};
  if (how.limits.keep == Keep::lengths) return {model::Bytes{{}, buffer.length, true}};
  if (buffer.unreadable) return {model::Unreadable{buffer.at, EFAULT}};
  if (how.netlink && buffer.hidden == 0)
    return netlink_messages(*how.netlink, buffer.data, buffer.length);
  return {model::Bytes{std::move(buffer.data), buffer.length, false, buffer.hidden}};
}

std::vector<Value> values_of(std::vector<Buffer> buffers, const Reading& how, std::size_t& left) {
  if (how.limits.redactor) redact(*how.limits.redactor, buffers, left);
  std::vector<Value> values;
  for (Buffer& buffer : buffers) {
    if (left == 0) buffer.unreadable = false; // nothing of it was to be kept
    buffer.data.resize(std::min(buffer.data.size(), left));
    left -= buffer.data.size();
    values.push_back(shown(std::move(buffer), how));
  }
  return values;
}

} // namespace

Value payload(Memory& memory, Remote<> at, std::uint64_t length, const Reading& how) {
  std::size_t left = how.limits.payload;
  std::size_t room = payload_room(how.limits);
  std::vector<Buffer> one{read_buffer(memory, at.address, length, room)};
  return values_of(std::move(one), how, left).front();
}

Value io_vectors(Memory& arrays, Memory& buffers, Remote<> at, std::uint64_t count,
                 std::uint64_t filled, const Reading& how, Room& left) {
  // Taken off even when they cannot be read, as when they were gathered.
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, left.vectors));
  left.vectors -= wanted;
  if (!at) return {model::Pointer{0}};
  const auto vectors = read_vectors(arrays, at, wanted, how.layout);
  if (vectors.empty() && wanted > 0) return {model::Unreadable{at.address, EFAULT}};
  std::vector<Buffer> read;
  std::size_t room = left.payload + payload_room(how.limits) - how.limits.payload;
  if (how.limits.keep != Keep::bytes) room = 0;
  for (const IoVector& vector : vectors) {
    const std::uint64_t used = std::min(vector.length, filled);
    filled -= used;
    read.push_back(read_buffer(buffers, vector.base, used, room));
  }
  auto values = values_of(std::move(read), how, left.payload);
  model::List list{{}, count};
  for (std::size_t i = 0; i < vectors.size(); ++i)
    list.items.push_back({model::Struct{
        {{"iov_base", std::move(values[i]), {}}, {"iov_len", natural(vectors[i].length), {}}}}});
  return {std::move(list)};
}

} // namespace socktale::decode
