// Code objects of the traced program as plain data, read once and recognised again. An address
// alone proves nothing, exec() and reload reuse them: each use compares what identifies the object.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/locate/python/offsets.hpp"
#include "tracer/locate/python/read_ahead.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace socktale::locate::python {

// Texts are UTF-8; bytes of file names that are none come as they are (surrogateescape undone).
struct Code {
  std::string file;       // co_filename
  std::string name;       // co_qualname, before 3.11 co_name
  std::string short_name; // co_name
  std::string table;      // of the format below; empty: unreadable
  LineFormat format{};
  std::int32_t first_line = 0;
  // The interpreter's own, under a class that is called (3.12 and later): it takes one string for
  // file, name and qualified name.
  bool shim = false;
};

class CodeCache {
 public:
  // `is_library` tells of a co_filename whether its code is loaded once and for all; other code is
  // proved by more, see get().
  using IsLibrary = std::function<bool(const std::string& file)>;
  CodeCache(const Offsets& offsets, Remote<> code_type, IsLibrary is_library)
      : offsets_(offsets), code_type_(code_type), is_library_(std::move(is_library)) {}

  // Begins a stop: what may be read for new code is bounded in each.
  void begin() {
    left_ = most_bytes_a_stop;
    ++stop_;
  }

  // nullptr: `at` is unreadable or no code object. `ahead` gives what identifies the object,
  // `memory` the strings of one that is new. 3.12 and later number their code objects; before that
  // a loop over exec() gives one object after another with all pointers equal, so the beginning of
  // the file name and of the line table are compared as well.
  [[nodiscard]] std::shared_ptr<const Code> get(Remote<> at, ReadAhead& ahead, Memory& memory);

 private:
  static constexpr std::size_t most_codes = 8192;
  static constexpr std::size_t most_bytes = 64U << 20U; // kept here
  static constexpr std::size_t most_bytes_a_stop = 16U << 20U;
  struct Identity {
    std::uint64_t file, name, qualname, table;
    std::int32_t first_line;
    std::uint32_t version;
    bool operator==(const Identity&) const = default;
  };
  struct Proof { // the beginning of what two of the pointers point to
    std::uint64_t file_size = 0, table_size = 0;
    std::array<std::byte, 128> file{};
    std::array<std::byte, 384> table{};
    bool operator==(const Proof&) const = default;
  };
  struct Entry {
    Identity identity;
    std::shared_ptr<const Code> code;
    std::unique_ptr<const Proof> proof; // nullptr: the identity is enough
    std::uint64_t stop;                 // in which it was proved last: once is enough for each
  };
  [[nodiscard]] bool holds(const Entry& entry, const Identity& identity, ReadAhead& ahead) const;
  [[nodiscard]] std::optional<Identity> identity_of(Remote<> at, ReadAhead& ahead) const;
  [[nodiscard]] Proof proof_of(const Identity& identity, ReadAhead& ahead) const;
  [[nodiscard]] std::shared_ptr<const Code> read(const Identity& identity, Memory& memory);

  const Offsets& offsets_;
  Remote<> code_type_;
  IsLibrary is_library_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::size_t bytes_ = 0, left_ = 0;
  std::uint64_t stop_ = 0;
};

} // namespace socktale::locate::python
