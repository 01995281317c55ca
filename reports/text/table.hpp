// The rows that scripts/texts.py makes of zh_CN.po when socktale is built. Data only.
#pragma once

#include <span>
#include <string_view>

namespace socktale {

struct Translation {
  std::string_view text; // English
  std::string_view translation;
};

// Sorted by `text`, byte by byte, each once.
[[nodiscard]] std::span<const Translation> zh_cn_table();

} // namespace socktale
