#include "tracer/locate/python/object.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace socktale::locate::python {

namespace {

// One read takes the header and, for most names, all of the text.
constexpr std::size_t first_read = 256;

// PEP 393: in `state`, bits 2-4 are the bytes a character takes, 5 is compact, 6 is ASCII.
constexpr std::size_t length_at = 16, state_at = 32;

void append_utf8(std::string& text, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  const auto tail = [&](unsigned shift) { put(0x80U | (c >> shift & 63U)); };
  if (c < 0x80) return put(c);
  if (c >= 0xdc80 && c <= 0xdcff) return put(c - 0xdc00); // surrogateescape: a byte as it was
  if (c < 0x800) return put(0xc0U | c >> 6U), tail(0);
  if (c < 0x10000) return put(0xe0U | c >> 12U), tail(6), tail(0);
  put(0xf0U | (c >> 18U & 7U)), tail(12), tail(6), tail(0);
}

// `text` grown to `size` bytes by what follows it at `at`; shorter when memory ends.
void extend(Memory& memory, Remote<> at, std::string& text, std::size_t size) {
  if (text.size() < size) text += memory.read_bytes(at.plus(text.size()), size - text.size());
  text.resize(std::min(text.size(), size));
}

template <class T> std::optional<T> field(std::string_view bytes, std::size_t at) {
  if (at + sizeof(T) > bytes.size()) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

} // namespace

std::optional<std::string> read_str(Memory& memory, Remote<> at, const Offsets& offsets,
                                    std::size_t limit) {
  std::string bytes = memory.read_bytes(at, first_read);
  const auto claimed = field<std::uint64_t>(bytes, length_at);
  const auto state = field<std::uint32_t>(bytes, state_at);
  if (!claimed || !state) return std::nullopt;
  const std::size_t width = *state >> 2U & 7U;
  const bool compact = (*state >> 5U & 1U) != 0, ascii = (*state >> 6U & 1U) != 0;
  if (!compact || (width != 1 && width != 2 && width != 4)) return std::nullopt;

  const std::size_t length = std::min<std::uint64_t>(*claimed, limit);
  const std::size_t begin = ascii ? offsets.ascii_text : offsets.compact_text;
  extend(memory, at, bytes, begin + length * width);
  if (bytes.size() != begin + length * width) return std::nullopt;
  std::string text;
  text.reserve(length);
  for (std::size_t i = begin; i < bytes.size(); i += width) {
    std::uint32_t c = 0;
    std::memcpy(&c, bytes.data() + i, width); // little-endian
    append_utf8(text, c);
  }
  return text;
}

std::optional<std::string> read_bytes(Memory& memory, Remote<> at, std::size_t limit) {
  std::string bytes = memory.read_bytes(at, first_read);
  const auto size = field<std::uint64_t>(bytes, object_size);
  if (!size || *size > limit) return std::nullopt;
  extend(memory, at, bytes, bytes_text + *size);
  if (bytes.size() != bytes_text + *size) return std::nullopt;
  return bytes.substr(bytes_text);
}

} // namespace socktale::locate::python
