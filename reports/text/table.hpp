// The rows that scripts/texts.py makes of zh_CN.po when socktale is built. Data only.
#pragma once

#include "reports/text/text.hpp"

#include <span>

namespace socktale {

// Sorted by `text`, byte by byte, each once.
[[nodiscard]] std::span<const Translation> zh_cn_table();

} // namespace socktale
