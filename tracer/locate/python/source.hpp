// Source text as Python's line table counts it: lines from 1, columns in bytes of UTF-8. Owns the
// files it read; never shows a file that changed after the process began.
#pragma once

#include "tracer/locate/python/process.hpp"
#include "tracer/model/place.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace socktale::locate::python {

class Source {
 public:
  // Line ends of every kind become '\n'; a byte order mark is no column.
  explicit Source(std::string_view text);

  // Without its '\n'; empty when there is no such line.
  [[nodiscard]] std::string_view line(std::int32_t number) const;
  [[nodiscard]] std::string_view text() const { return text_; }
  // Offset in text() of a position; nothing when the line has no such column, or its columns cannot
  // be told because the file is in another encoding than UTF-8.
  [[nodiscard]] std::optional<std::size_t> offset(std::int32_t line, std::int32_t column) const;
  // Line and column of an offset in text().
  [[nodiscard]] std::pair<std::int32_t, std::int32_t> position(std::size_t offset) const;

 private:
  std::string text_;
  std::vector<std::size_t> starts_; // of each line
  bool utf8_ = true;                // false: columns hold in lines of ASCII only
};

class SourceFiles {
 public:
  explicit SourceFiles(const Process& process) : process_(process) {}

  // nullptr: not there, not readable, larger than 16 MiB, or newer than the process.
  [[nodiscard]] std::shared_ptr<const Source> get(const std::string& path);

 private:
  static constexpr std::size_t most_bytes = 64U << 20U; // kept; more: read anew when needed

  const Process& process_;
  std::unordered_map<std::string, std::shared_ptr<const Source>> files_;
  std::size_t bytes_ = 0;
};

} // namespace socktale::locate::python
