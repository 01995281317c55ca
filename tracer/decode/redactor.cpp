#include "tracer/decode/redactor.hpp"

#include <algorithm>

#include <re2/re2.h>

namespace socktale::decode {

struct Redactor::Patterns {
  std::vector<std::unique_ptr<re2::RE2>> all;
};

Redactor::Redactor() : patterns_(std::make_unique<Patterns>()) {}
Redactor::~Redactor() = default;

Result<std::shared_ptr<const Redactor>> Redactor::make(const std::vector<std::string>& patterns) {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1); // bytes, not characters
  options.set_dot_nl(true);
  options.set_log_errors(false);
  std::shared_ptr<Redactor> redactor(new Redactor);
  for (const std::string& pattern : patterns) {
    auto compiled = std::make_unique<re2::RE2>(pattern, options);
    if (!compiled->ok()) return std::unexpected(Error{pattern, 0, compiled->error()});
    redactor->patterns_->all.push_back(std::move(compiled));
  }
  return redactor;
}

Redactor::Spans Redactor::redact(std::string& bytes) const {
  Spans found;
  for (const auto& pattern : patterns_->all) {
    std::size_t at = 0;
    re2::StringPiece match;
    while (at <= bytes.size() &&
           pattern->Match(bytes, at, bytes.size(), re2::RE2::UNANCHORED, &match, 1)) {
      const auto from = static_cast<std::size_t>(match.data() - bytes.data());
      if (!match.empty()) found.emplace_back(from, from + match.size());
      at = from + std::max<std::size_t>(match.size(), 1);
    }
  }
  std::ranges::sort(found);
  Spans spans;
  for (const auto& [from, end] : found) {
    if (!spans.empty() && from <= spans.back().second)
      spans.back().second = std::max(spans.back().second, end);
    else
      spans.emplace_back(from, end);
  }
  for (const auto& [from, end] : spans)
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from),
              bytes.begin() + static_cast<std::ptrdiff_t>(end), mark);
  return spans;
}

} // namespace socktale::decode
