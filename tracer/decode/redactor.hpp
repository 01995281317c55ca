// Payload that must not be kept: what matches a pattern is replaced by as many marks, so that
// lengths stay true. RE2 stays behind this file; its time grows with the bytes, whatever they are.
#pragma once

#include "tracer/base/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace socktale::decode {

class Redactor {
 public:
  static constexpr char mark = '*';
  // Bytes read beyond the payload limit, so that a match that the limit cuts is seen whole.
  static constexpr std::size_t look_ahead = 1024;

  // Regular expressions (RE2's syntax) over bytes. An Error says what is wrong with which.
  [[nodiscard]] static Result<std::shared_ptr<const Redactor>>
  make(const std::vector<std::string>& patterns);
  ~Redactor();
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  // Replaces every match of every pattern in `bytes`, matches in the original bytes, also where
  // they overlap. Returns where: from and past the end, in order, apart from each other.
  using Spans = std::vector<std::pair<std::size_t, std::size_t>>;
  Spans redact(std::string& bytes) const;

 private:
  Redactor();
  struct Patterns;
  std::unique_ptr<Patterns> patterns_;
};

} // namespace socktale::decode
