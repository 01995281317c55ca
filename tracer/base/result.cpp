#include "tracer/base/result.hpp"

#include <system_error>

namespace socktale {

std::string Error::text() const {
  std::string text = op;
  if (code != 0) text += ": " + std::generic_category().message(code);
  if (!detail.empty()) text += " (" + detail + ")";
  return text;
}

} // namespace socktale
