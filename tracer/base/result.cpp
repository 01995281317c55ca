#include "tracer/base/result.hpp"

#include "tracer/base/errors.hpp"

namespace socktale {

std::string Error::text() const { return fill_in(said()); }

Said Error::said() const {
  const Words words = {{"op", op}, {"meaning", meaning_of_errno(code)}, {"detail", detail}};
  if (code == 0) return detail.empty() ? as_it_is(op) : Said(tr("{op} ({detail})"), words);
  return detail.empty() ? Said(tr("{op}: {meaning}"), words)
                        : Said(tr("{op}: {meaning} ({detail})"), words);
}

} // namespace socktale
