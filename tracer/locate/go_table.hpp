// What a Go program's own table (.gopclntab, of Go 1.18 and later) says of its code: functions,
// lines and frame sizes, which stripped programs keep too. Read once and never changed, so that any
// thread may ask. Every offset in it can be forged and is checked.
#pragma once

#include "tracer/locate/elf_file.hpp"
#include "tracer/locate/rule.hpp"

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace socktale::locate {

// The T at `at` of `bytes`, if it is there.
template <class T> std::optional<T> load(std::string_view bytes, std::uint64_t at) {
  if (at > bytes.size() || bytes.size() - at < sizeof(T)) return std::nullopt;
  T result;
  std::memcpy(&result, bytes.data() + at, sizeof result);
  return result;
}

class GoTable {
 public:
  // One function's record; its members that are read of the file can be any number.
  struct Function {
    std::uint64_t start = 0;    // of the image
    std::string_view record;    // from its _func on
    std::size_t fixed_size = 0; // of the record; the numbers of its further tables follow
    std::string name;

    // Tables of values: see value().
    [[nodiscard]] std::uint32_t stack_table() const { return number(16); }
    [[nodiscard]] std::uint32_t file_table() const { return number(20); }
    [[nodiscard]] std::uint32_t line_table() const { return number(24); }
    [[nodiscard]] std::uint32_t further_table(std::uint32_t index) const;
    [[nodiscard]] std::uint8_t flags() const { return byte(fixed_size - 3); }
    // The offset of its data `index`; nothing: it has none.
    [[nodiscard]] std::optional<std::uint32_t> data(std::uint32_t index) const;

    [[nodiscard]] std::uint32_t number(std::size_t at) const {
      return load<std::uint32_t>(record, at).value_or(0);
    }
    [[nodiscard]] std::uint8_t byte(std::size_t at) const {
      return load<std::uint8_t>(record, at).value_or(0);
    }
  };

  // nullptr: the file has no such table, or none that is understood.
  [[nodiscard]] static std::unique_ptr<const GoTable> read(const ElfFile& file);

  // The unwind rule at `address` of the file's image, from the frame size that the table has for
  // each instruction. Nothing: it is not Go's code.
  [[nodiscard]] std::optional<Rule> rule_at(std::uint64_t address) const;

  [[nodiscard]] std::optional<Function> function_at(std::uint64_t address) const;
  [[nodiscard]] std::optional<Function> function_named(std::string_view name) const;
  // What the table of values says of `pc`, counted from the function's start.
  [[nodiscard]] std::optional<std::int32_t> value(std::uint32_t table, std::uint64_t pc) const;
  // Texts by what the records hold; empty: there is none.
  [[nodiscard]] std::string name(std::uint32_t offset) const;
  [[nodiscard]] std::string file(const Function& function, std::int32_t number) const;

  [[nodiscard]] bool is_1_20_or_later() const { return go_1_20_; }
  // Where the table is in the file's image, and its part that lists the functions.
  [[nodiscard]] std::uint64_t address() const { return address_; }
  [[nodiscard]] std::uint64_t address_of_functions() const {
    return address_ + static_cast<std::uint64_t>(functions_.data() - bytes_.data());
  }

 private:
  GoTable() = default;
  [[nodiscard]] bool read_header(const ElfFile& file);
  [[nodiscard]] std::optional<Function> function_of(std::uint32_t index) const;

  std::string bytes_; // the whole table; what follows are views into it
  std::string_view names_, units_, files_, values_, functions_;
  std::uint64_t address_ = 0, text_ = 0;
  std::uint32_t count_ = 0;
  bool go_1_20_ = false;
};

} // namespace socktale::locate
