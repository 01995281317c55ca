#include "tracer/decode/payload.hpp"

#include "tracer/decode/netlink.hpp"
#include "tracer/decode/numbers.hpp"

#include <algorithm>
#include <cerrno>

namespace socktale::decode {
namespace {

using model::Value;

// Takes what it keeps off `left`.
Value buffer(Memory& memory, Remote<> at, std::uint64_t length, const Reading& how,
             std::size_t& left) {
  if (!at) return {model::Pointer{0}};
  if (how.limits.withhold_payload) return {model::Bytes{{}, length, true}};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(length, left));
  std::string data = memory.read_bytes(at, size);
  left -= data.size();
  if (data.empty() && size > 0) return {model::Unreadable{at.address, EFAULT}};
  if (how.netlink) return netlink_messages(*how.netlink, data, length);
  return {model::Bytes{std::move(data), length}};
}

} // namespace

Value payload(Memory& memory, Remote<> at, std::uint64_t length, const Reading& how) {
  std::size_t left = how.limits.payload;
  return buffer(memory, at, length, how, left);
}

Value io_vectors(Memory& arrays, Memory& buffers, Remote<> at, std::uint64_t count,
                 std::uint64_t filled, const Reading& how, std::size_t& left) {
  if (!at) return {model::Pointer{0}};
  const auto vectors = read_vectors(
      arrays, at, static_cast<std::size_t>(std::min<std::uint64_t>(count, max_items)), how.layout);
  if (vectors.empty() && count > 0) return {model::Unreadable{at.address, EFAULT}};
  model::List list{{}, count};
  for (const IoVector& vector : vectors) {
    const std::uint64_t used = std::min(vector.length, filled);
    filled -= used;
    list.items.push_back(
        {model::Struct{{{"iov_base", buffer(buffers, {vector.base}, used, how, left), {}},
                        {"iov_len", natural(vector.length), {}}}}});
  }
  return {std::move(list)};
}

} // namespace socktale::decode
