// Text that may come from a hostile program, made safe to show: UTF-8 checks, C-style quoting,
// column widths, base64. Knows nothing of calls or reports.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socktale {

// One code point at the front of `text`: its value and length in bytes, or nothing when the bytes
// are not valid UTF-8 (overlong forms and surrogates are not). An empty text has none.
struct CodePoint {
  std::uint32_t value;
  std::size_t size;
};
[[nodiscard]] std::optional<CodePoint> front_code_point(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

// False for code points that steer a terminal or cannot be seen: control characters, bidirectional
// marks, zero-width and filler characters, tags.
[[nodiscard]] bool is_safe_to_show(std::uint32_t code_point);

// `bytes` as a C string literal without its quotes, as strace writes it: \n \t \r \f \v \" \\ and
// octal escapes for every other byte outside printable ASCII.
[[nodiscard]] std::string c_escape(std::string_view bytes);

// `text` fit for one line of a terminal or report: valid printable UTF-8 stays as it is; control
// characters, bidirectional marks, invisible and invalid bytes become \n, \x1b, \u202e and the
// like.
[[nodiscard]] std::string printable(std::string_view text);

// Columns that `text` takes on a terminal (East Asian wide characters take two).
[[nodiscard]] std::size_t display_width(std::string_view text);

[[nodiscard]] std::string to_base64(std::string_view bytes);
// Nothing when `text` is not canonical padded base64.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

} // namespace socktale
