#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace socktale {
namespace {

struct Range {
  std::uint32_t first, last;
};

// Characters that are valid but steer the terminal or hide: C1 controls, soft hyphen, zero-width
// and bidirectional marks, fillers that look like nothing, line separators, tags, byte order mark.
constexpr std::array unsafe = {
    Range{0x00, 0x1f},       Range{0x7f, 0x9f},       Range{0xad, 0xad},
    Range{0x34f, 0x34f},     Range{0x61c, 0x61c},     Range{0x115f, 0x1160},
    Range{0x17b4, 0x17b5},   Range{0x180b, 0x180f},   Range{0x200b, 0x200f},
    Range{0x2028, 0x202e},   Range{0x2060, 0x206f},   Range{0x3164, 0x3164},
    Range{0xfeff, 0xfeff},   Range{0xffa0, 0xffa0},   Range{0xfff0, 0xfffb},
    Range{0x1bca0, 0x1bca3}, Range{0x1d173, 0x1d17a}, Range{0xe0000, 0xe0fff},
};

// East Asian Width W and F (Unicode UAX #11), in blocks where these have only few gaps.
constexpr std::array wide = {
    Range{0x1100, 0x115f},   Range{0x231a, 0x231b},   Range{0x23e9, 0x23f3},
    Range{0x25fd, 0x25fe},   Range{0x2614, 0x2615},   Range{0x2648, 0x2653},
    Range{0x267f, 0x267f},   Range{0x2693, 0x2693},   Range{0x26a1, 0x26a1},
    Range{0x26aa, 0x26ab},   Range{0x26bd, 0x26be},   Range{0x26c4, 0x26c5},
    Range{0x26ce, 0x26ce},   Range{0x26d4, 0x26d4},   Range{0x26ea, 0x26ea},
    Range{0x26f2, 0x26f3},   Range{0x26f5, 0x26f5},   Range{0x26fa, 0x26fa},
    Range{0x26fd, 0x26fd},   Range{0x2705, 0x2705},   Range{0x270a, 0x270b},
    Range{0x2728, 0x2728},   Range{0x274c, 0x274c},   Range{0x274e, 0x274e},
    Range{0x2753, 0x2755},   Range{0x2757, 0x2757},   Range{0x2795, 0x2797},
    Range{0x27b0, 0x27b0},   Range{0x27bf, 0x27bf},   Range{0x2b1b, 0x2b1c},
    Range{0x2b50, 0x2b50},   Range{0x2b55, 0x2b55},   Range{0x2e80, 0x303e},
    Range{0x3041, 0x4dbf},   Range{0x4e00, 0xa4cf},   Range{0xa960, 0xa97f},
    Range{0xac00, 0xd7a3},   Range{0xf900, 0xfaff},   Range{0xfe10, 0xfe19},
    Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},   Range{0xffe0, 0xffe6},
    Range{0x1f004, 0x1f004}, Range{0x1f0cf, 0x1f0cf}, Range{0x1f18e, 0x1f18e},
    Range{0x1f191, 0x1f19a}, Range{0x1f200, 0x1f265}, Range{0x1f300, 0x1f64f},
    Range{0x1f680, 0x1f6ff}, Range{0x1f7e0, 0x1f7f0}, Range{0x1f900, 0x1f9ff},
    Range{0x1fa70, 0x1faff}, Range{0x20000, 0x3fffd},
};

// Combining marks, which take no column of their own: those of European, Hebrew, Arabic and Thai
// text, of kana, and of symbols.
constexpr std::array combining = {
    Range{0x300, 0x36f},   Range{0x483, 0x489},   Range{0x591, 0x5bd},   Range{0x5bf, 0x5bf},
    Range{0x5c1, 0x5c2},   Range{0x5c4, 0x5c5},   Range{0x5c7, 0x5c7},   Range{0x610, 0x61a},
    Range{0x64b, 0x65f},   Range{0x670, 0x670},   Range{0x6d6, 0x6dc},   Range{0x6df, 0x6e4},
    Range{0xe31, 0xe31},   Range{0xe34, 0xe3a},   Range{0xe47, 0xe4e},   Range{0x1ab0, 0x1aff},
    Range{0x1dc0, 0x1dff}, Range{0x20d0, 0x20ff}, Range{0x302a, 0x302d}, Range{0x3099, 0x309a},
    Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f},
};

bool in(std::uint32_t c, const auto& ranges) {
  return std::ranges::any_of(ranges, [c](Range r) { return r.first <= c && c <= r.last; });
}

// The named escapes of C; 0 when a byte has none.
constexpr char c_letter(char c) {
  switch (c) {
  case '\n': return 'n';
  case '\t': return 't';
  case '\r': return 'r';
  case '\f': return 'f';
  case '\v': return 'v';
  case '"': return '"';
  case '\\': return '\\';
  default: return 0;
  }
}

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::optional<CodePoint> front_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return std::nullopt;
  std::uint32_t value = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    value = value << 6 | (byte(i) & 0x3fU);
  }
  if (value < smallest.at(size) || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    return std::nullopt;
  return CodePoint{value, size};
}

bool is_utf8(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::ranges::all_of(text, is_ascii)) return true; // nearly always
  while (!text.empty()) {
    const auto point = front_code_point(text);
    if (!point) return false;
    text.remove_prefix(point->size);
  }
  return true;
}

bool is_safe_to_show(std::uint32_t code_point) { return !in(code_point, unsafe); }

std::string c_escape(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (const char letter = c_letter(c); letter != 0) {
      out += {'\\', letter};
    } else if (c >= ' ' && c < 0x7f) {
      out += c;
    } else {
      // A short octal escape would swallow a digit that follows it.
      const bool digit_follows = i + 1 < bytes.size() && bytes[i + 1] >= '0' && bytes[i + 1] <= '7';
      const unsigned value = static_cast<unsigned char>(c);
      out += digit_follows ? fmt::format("\\{:03o}", value) : fmt::format("\\{:o}", value);
    }
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto point = front_code_point(text);
    const std::size_t size = point ? point->size : 1;
    const char first = text.front();
    if (!point) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(first));
    } else if (is_safe_to_show(point->value)) {
      out += text.substr(0, size);
    } else if (const char letter = c_letter(first); letter != 0) {
      out += {'\\', letter};
    } else {
      out += point->value < 0x100 ? fmt::format("\\x{:02x}", point->value)
                                  : fmt::format("\\u{:04x}", point->value);
    }
    text.remove_prefix(size);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto point = front_code_point(text);
    text.remove_prefix(point ? point->size : 1);
    if (point && in(point->value, combining)) continue;
    columns += point && in(point->value, wide) ? 2 : 1;
  }
  return columns;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += k <= have ? base64_digits[group >> (18 - 6 * k) & 0x3f] : '=';
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const std::size_t pad = !last ? 0 : text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t digit = k < 4 - pad ? base64_digits.find(text[i + k]) : 0;
      if (digit == std::string_view::npos) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(digit);
    }
    // Bits beyond the last byte would be lost: two texts would mean the same bytes.
    if ((group & ((1U << (8 * pad)) - 1)) != 0) return std::nullopt;
    for (std::size_t k = 0; k < 3 - pad; ++k)
      out += static_cast<char>(group >> (16 - 8 * k) & 0xff);
  }
  return out;
}

} // namespace socktale
